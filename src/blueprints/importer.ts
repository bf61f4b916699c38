import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { DefinitionEditor, DefinitionStore, EditScene } from '../flow/definition-store.js';
import { changeCounts } from './change-counts.js';
import type { FlowVersionReason } from '../flow/flow-versions.js';
import { parseEntries } from './entries.js';
import type { ParsedDocument } from './entries.js';
import type { DocumentReader } from '../flow/services/document-reader.js';
import type { ExternalSources } from './external-sources.js';
import type { ImportRequest, Importer } from './import-request.js';
import { guardsOf, namesIn } from './names.js';
import { plan } from './plan/plan.js';
import type { BlueprintParts, FoundSecret, Scene } from './plan/scene.js';
import { errorAt, pathText, placeOf } from './problem.js';
import type { BlueprintProblem, Path } from './problem.js';
import { readTree } from './read.js';
import { isRelative, translate } from './relative/translate.js';
import type { BlueprintResult } from './result.js';
import { documentOfVersion } from './rollback.js';
import type { RollBackRequest } from './rollback.js';
import type { Tree } from './tree.js';

export interface ImporterParts extends BlueprintParts {
  readonly reader: DocumentReader;
  /** What documents of the relative's may read, where the operator has chosen them. */
  readonly sources: ExternalSources;
  readonly definitions: DefinitionStore;
  /** What the operator has configured under a name. */
  secret(name: string): Secret | undefined;
}

const NO_SOURCES: ExternalSources = { variable: () => 'FORBIDDEN', file: () => 'FORBIDDEN' };

/** What there is to know of a document that was written for something else. */
interface Origin {
  /** Secrets that came along with it, by the names that it has for them. */
  readonly given: ReadonlyMap<string, Secret>;
  /** Whether to warn of stages that stay in a flow beside those that it puts there. */
  readonly tellsWhatStays: boolean;
}

const OURS: Origin = { given: new Map(), tellsWhatStays: false };

/** How a document is applied, wherever it comes from. */
interface Application extends Origin, Pick<ImportRequest, 'by' | 'dryRun' | 'from'> {
  readonly reason: FlowVersionReason;
  /** Whether secrets that stages have are left alone, also where others are configured. */
  readonly keepsSecrets: boolean;
}

/** What is noted in the same transaction once everything has been done. */
type Conclusion = (editor: DefinitionEditor, result: BlueprintResult) => Promise<void>;

/** Ends an edit in which something stands against the document: nothing of it is kept. */
class Unapplied extends Error {
  constructor(readonly result: BlueprintResult) {
    super('the document was not applied');
  }
}

/**
 * Makes everything as a document says: all of it, in one transaction while nobody else edits definitions, or nothing. A dry
 * run does the same and keeps nothing, so that it finds whatever would stand against it.
 */
export class BlueprintImporter implements Importer {
  constructor(private readonly parts: ImporterParts) {}

  async import(request: ImportRequest): Promise<BlueprintResult> {
    const read = await readTree(this.parts.reader, request.text);
    if (!read.ok) return { name: null, applied: false, changes: [], problems: read.problems };
    if (!isRelative(read.tree)) return this.#importOurs(read.tree, request, OURS);
    const sources = request.from === 'API' ? NO_SOURCES : this.parts.sources;
    const translation = translate(read.tree, { parameters: request.parameters, sources });
    const { document, problems } = translation;
    const inItsWords = (result: BlueprintResult): BlueprintResult => {
      const found = result.problems.map((problem) => ({
        ...problem,
        path: pathText(translation.origin(placeOf(problem.path))),
      }));
      return { ...result, problems: [...problems, ...found] };
    };
    // What could not be said in our words would only be missed elsewhere.
    if (problems.some(isError)) return { name: null, applied: false, changes: [], problems };
    const { note } = request;
    const ours = {
      ...request,
      parameters: {},
      ...(note && { note: (result: BlueprintResult) => note(inItsWords(result)) }),
    };
    const origin = { given: translation.secrets, tellsWhatStays: true };
    return inItsWords(await this.#importOurs(document, ours, origin));
  }

  async #importOurs(tree: Tree, request: ImportRequest, origin: Origin): Promise<BlueprintResult> {
    const document = parseEntries(tree, request.parameters, request.parameterVariables);
    // With what is not to be relied on, nothing can be said of what there is.
    if (document.problems.length > 0 && !document.unsound) return unapplied(document, document.problems);
    const how = { ...request, ...origin, reason: 'IMPORTED', keepsSecrets: false } as const;
    const { file = null, note } = request;
    return this.#apply(
      how,
      () => Promise.resolve(document),
      async (editor, result) => {
        const { created, updated, deleted } = changeCounts(result.changes);
        await editor.recordImport({ name: result.name, file, created, updated, deleted });
        if (note) await editor.keepFact(note(result));
      },
    );
  }

  /**
   * Makes a flow, and what it shares with others, what it was in a version. Secrets stay what they are. Refuses where there
   * is no such flow, it has another version than the expected one, or something of it is there no longer.
   */
  async rollBack(request: RollBackRequest): Promise<BlueprintResult> {
    const { by, flowId, number } = request;
    const how: Application = {
      by,
      dryRun: false,
      from: 'API',
      ...OURS,
      keepsSecrets: true,
      reason: 'ROLLED_BACK',
    };
    const { stageKinds } = this.parts;
    return this.#apply(
      how,
      (editor, edit) => documentOfVersion(request, stageKinds, editor, edit),
      (editor) => editor.noteRollBack(flowId, number),
    );
  }

  async #apply(
    how: Application,
    read: (editor: DefinitionEditor, edit: EditScene) => Promise<ParsedDocument>,
    conclude: Conclusion,
  ): Promise<BlueprintResult> {
    // Where the database refuses a step, this is the place in the document that asked for it.
    let doing: { readonly document: ParsedDocument; readonly at: Path } | undefined;
    const work = async (editor: DefinitionEditor, edit: EditScene): Promise<BlueprintResult> => {
      const document = await read(editor, edit);
      const { changes, steps, problems } = await plan(await this.#scene(document, how, edit), document);
      if (problems.some(isError)) throw new Unapplied(unapplied(document, problems));
      for (const step of steps) {
        doing = { document, at: step.path };
        await step.perform(editor);
      }
      const result = { name: document.name, applied: !how.dryRun, changes, problems };
      await conclude(editor, result);
      return result;
    };
    try {
      const { definitions } = this.parts;
      return how.dryRun
        ? await definitions.rehearse(work, how.by)
        : await definitions.edit(work, how.by, how.reason);
    } catch (error) {
      if (error instanceof Unapplied) return error.result;
      if (!(error instanceof Refusal) || !doing) throw error;
      return unapplied(doing.document, [refusedAt(doing.at, error)]);
    }
  }

  async #scene(document: ParsedDocument, request: Application, edit: EditScene): Promise<Scene> {
    const names = namesIn(document.entries);
    const catalogue = await edit.catalogue();
    const guarding = guardsOf(document.entries, catalogue);
    const rights = await edit.rights();
    return {
      parts: this.parts,
      catalogue,
      groups: await edit.named.groups(names.groups),
      users: await edit.named.users(names.users),
      invitations: await edit.named.invitations(names.invitations),
      subjectNames: new Map([
        ...(await edit.named.groupNames(guarding.groupIds)),
        ...(await edit.named.usernames(guarding.userIds)),
      ]),
      rights,
      now: request.by.now,
      secret: (name) => this.#secret(name, request, rights.superuser),
      keepsSecrets: request.keepsSecrets,
      tellsWhatStays: request.tellsWhatStays,
    };
  }

  /** Whoever may make stages could have a secret told to a service of their own. */
  #secret(name: string, { from, given }: Application, isSuperuser: boolean): FoundSecret {
    const own = given.get(name);
    if (own) return own;
    if (from === 'API' && !isSuperuser) return 'FORBIDDEN';
    return this.parts.secret(name) ?? 'MISSING';
  }
}

function isError({ severity }: BlueprintProblem): boolean {
  return severity === 'ERROR';
}

function unapplied({ name }: ParsedDocument, problems: readonly BlueprintProblem[]): BlueprintResult {
  return { name, applied: false, changes: [], problems };
}

/** What the database finds is in the way of one step; whatever else there is, is not known then. */
function refusedAt(path: Path, { code, message, details }: Refusal): BlueprintProblem {
  if (details.usedBy) return errorAt(path, 'IN_USE', message);
  const [field] = details.fields ?? [];
  if (field) return errorAt(path, field.code, field.message);
  return errorAt(path, code === 'FORBIDDEN' ? 'FORBIDDEN' : 'INVALID', message);
}
