import { isDeepStrictEqual } from 'node:util';

import type { Logger } from 'pino';

import type { Clock } from '../kernel/clock.js';
import { Refusal } from '../kernel/refusal.js';
import { changeCounts } from '../blueprints/change-counts.js';
import { MOST_PROBLEMS_KEPT } from '../blueprints/file-outcome.js';
import type { FileOutcome } from '../blueprints/file-outcome.js';
import type { Fingerprints } from '../blueprints/fingerprints.js';
import { readFolder } from '../blueprints/folder.js';
import type { FolderFile } from '../blueprints/folder.js';
import type { ParameterVariables } from '../blueprints/parameter-variables.js';
import { errorAt } from '../blueprints/problem.js';
import type { Importer } from '../blueprints/import-request.js';
import type { BlueprintResult } from '../blueprints/result.js';
import { serviceItself } from '../flow/change.js';
import type { Fact, ImportLog } from '../flow/imports.js';
import { isDatabaseUnavailable } from '../persistence/unavailable.js';
import type { Database } from '../persistence/database.js';
import type { Environment } from '../environment.js';
import { outcomeFact } from './folder-outcomes.js';
import type { FolderOutcomes } from './folder-outcomes.js';
import type { Service } from './service.js';

export interface BlueprintFolderParts {
  readonly directory: string;
  /** What the parameters of its documents are. */
  readonly parameters: ParameterVariables;
  readonly importer: Importer;
  readonly importLog: ImportLog;
  readonly fingerprints: Fingerprints;
  readonly outcomes: Pick<FolderOutcomes, 'all' | 'keep'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Runs while no other process does anything exclusively. */
  exclusively(work: () => Promise<void>): Promise<void>;
}

/** The folder that the environment names; null for none. */
export function blueprintFolder(
  { blueprints: { directory, parameters } }: Environment,
  database: Database,
  { blueprints }: Service,
  clock: Clock,
  logger: Logger,
): BlueprintFolder | null {
  if (directory === null) return null;
  const exclusively: BlueprintFolderParts['exclusively'] = (work) => database.exclusively(work);
  return new BlueprintFolder({ ...blueprints, directory, parameters, clock, logger, exclusively });
}

/**
 * The operator's folder of documents: each is applied when it holds something else than when it was applied last. One
 * that cannot be applied waits until it, or something else in the folder, is another one; the others do not wait for it.
 */
export class BlueprintFolder {
  /** By file, what this process has dealt with. Two that see different folders would undo each other's work otherwise. */
  readonly #settled = new Map<string, string>();
  /** What each file held at the last look. */
  #seen: ReadonlyMap<string, string> = new Map();
  #trouble: string | null = null;

  constructor(private readonly parts: BlueprintFolderParts) {}

  /** Whether it could be read when it was looked at last. */
  get isReadable(): boolean {
    return this.#trouble === null;
  }

  /** Applies what there is, while no other process does anything exclusively. Rejects where the folder cannot be read. */
  async start(): Promise<void> {
    const files = await readOperatorsFolder(this.parts.directory);
    this.#seen = this.#prints(files);
    await this.#deal(files, files);
  }

  /** Applies what is new, once two looks have found the same: a file may still be written to. */
  async look(): Promise<void> {
    const files = await this.#readable();
    if (!files) return;
    const prints = this.#prints(files);
    const due = files.filter(({ file }) => {
      const print = prints.get(file);
      return print !== this.#settled.get(file) && print === this.#seen.get(file);
    });
    this.#seen = prints;
    const hasLost = [...this.#settled.keys()].some((file) => !prints.has(file));
    if (due.length > 0 || hasLost) await this.parts.exclusively(() => this.#deal(files, due));
  }

  /** Undefined, and told once, where the folder cannot be read: what it held stays as it was applied. */
  async #readable(): Promise<FolderFile[] | undefined> {
    const { directory, logger } = this.parts;
    try {
      const files = await readFolder(directory);
      if (this.#trouble !== null) logger.info({ directory }, 'the folder of documents can be read again');
      this.#trouble = null;
      return files;
    } catch (error) {
      const trouble = String(error);
      if (trouble !== this.#trouble)
        logger.warn({ directory, err: error }, 'the folder of documents cannot be read');
      this.#trouble = trouble;
      return undefined;
    }
  }

  #prints(files: readonly FolderFile[]): Map<string, string> {
    return new Map(files.map((file) => [file.file, this.parts.fingerprints.of(file)]));
  }

  async #deal(files: readonly FolderFile[], due: readonly FolderFile[]): Promise<void> {
    const known = new Map((await this.parts.outcomes.all()).map((outcome) => [outcome.file, outcome]));
    await this.#notePresence(files, known);
    const standings = new Map(files.map((file) => [file, this.#standing(file, known.get(file.file))]));
    const waiting = due.filter((file) => standings.get(file) !== 'APPLIED');
    // What has failed before may have wanted what is there now.
    const wanted = files.filter((file) => waiting.includes(file) || standings.get(file) === 'FAILED');
    if (waiting.length > 0) await this.#applyAll(wanted, known);
    for (const file of due) this.#settled.set(file.file, this.parts.fingerprints.of(file));
  }

  /** How a file stands that is as it was when it was tried last; `NEW` where it is not. */
  #standing(file: FolderFile, outcome: FileOutcome | undefined): 'APPLIED' | 'FAILED' | 'NEW' {
    if (!outcome || !this.parts.fingerprints.isSame(outcome.fingerprint, file)) return 'NEW';
    return outcome.applied ? 'APPLIED' : 'FAILED';
  }

  /** What a file that is gone has made stays: who wants that gone as well says so in a document. */
  async #notePresence(files: readonly FolderFile[], known: Map<string, FileOutcome>): Promise<void> {
    const present = new Set(files.map(({ file }) => file));
    for (const file of this.#settled.keys()) if (!present.has(file)) this.#settled.delete(file);
    for (const outcome of [...known.values()]) {
      const isPresent = present.has(outcome.file);
      if (isPresent === outcome.isPresent) continue;
      known.set(outcome.file, { ...outcome, isPresent });
      await this.parts.outcomes.keep({ ...outcome, isPresent });
    }
  }

  /** In their order, and those that have failed again for as long as others get through. */
  async #applyAll(files: readonly FolderFile[], known: ReadonlyMap<string, FileOutcome>): Promise<void> {
    let open = files;
    for (;;) {
      const failed: { readonly file: FolderFile; readonly result: BlueprintResult }[] = [];
      for (const file of open) {
        const result = await this.#apply(file);
        if (!result.applied) failed.push({ file, result });
      }
      if (failed.length === 0) return;
      if (failed.length === open.length) {
        for (const { file, result } of failed) await this.#keepFailure(file, result, known.get(file.file));
        return;
      }
      open = failed.map(({ file }) => file);
    }
  }

  async #apply(document: FolderFile): Promise<BlueprintResult> {
    const { importer, parameters: parameterVariables, clock, logger } = this.parts;
    const { file, text } = document;
    if (text === undefined) return failure('It cannot be read as text in UTF-8 of at most 1 MiB.');
    const by = serviceItself(clock.now());
    const note = (done: BlueprintResult): Fact => outcomeFact(this.#outcome(document, done));
    const given = { parameters: {}, parameterVariables };
    const request = { ...given, text, dryRun: false, by, from: 'OPERATOR', file, note } as const;
    try {
      const result = await importer.import(request);
      const problems = result.problems.slice(0, MOST_PROBLEMS_KEPT);
      if (result.applied) logger.info({ document: file, problems }, `applied ${result.name ?? file}`);
      return result;
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      if (error instanceof Refusal) return failure(error.message);
      logger.error({ document: file, err: error }, 'a document could not be applied, and that is our fault');
      return failure('Something went wrong on our side: the log tells more.');
    }
  }

  /** What has failed before in the same way is told in the log, and not recorded again. */
  async #keepFailure(
    document: FolderFile,
    result: BlueprintResult,
    before: FileOutcome | undefined,
  ): Promise<void> {
    const { outcomes, importLog, clock, logger } = this.parts;
    const { file } = document;
    const { name, problems } = result;
    const outcome = this.#outcome(document, result);
    logger.warn({ document: file, problems: outcome.problems }, `could not apply ${name ?? file}`);
    if (before && isDeepStrictEqual({ ...before, at: outcome.at }, outcome)) return;
    await outcomes.keep(outcome);
    await importLog.failed({ name, file, problems }, serviceItself(clock.now()));
  }

  #outcome(document: FolderFile, { name, applied, changes, problems }: BlueprintResult): FileOutcome {
    const { fingerprints, clock } = this.parts;
    return {
      ...{ file: document.file, isPresent: true, fingerprint: fingerprints.of(document) },
      ...{ applied, at: clock.now().toISOString(), name, ...changeCounts(applied ? changes : []) },
      problemCount: problems.length,
      problems: problems.slice(0, MOST_PROBLEMS_KEPT),
    };
  }
}

/** What the folder holds. Rejects, with the variable's name, where it cannot be read. */
export function readOperatorsFolder(directory: string): Promise<FolderFile[]> {
  return readFolder(directory).catch((cause: unknown) => {
    throw new Error(`STAGEDOOR_BLUEPRINTS_DIR names ${directory}, which cannot be read:`, { cause });
  });
}

function failure(message: string): BlueprintResult {
  return { name: null, applied: false, changes: [], problems: [errorAt([], 'INVALID', message)] };
}
