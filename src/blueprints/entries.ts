import type { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { TELLING_MISSING, problemOf } from '../kernel/schema-problems.js';
import { FORMAT, documentHead, entrySchemas, entryTypes } from './document.js';
import type {
  EntryType,
  FlowEntry,
  GroupEntry,
  InvitationEntry,
  PolicyEntry,
  PromptFieldEntry,
  StageEntry,
  State,
} from './document.js';
import { Evaluation } from './evaluate.js';
import { valuesFromVariables } from './parameter-variables.js';
import type { ParameterVariables } from './parameter-variables.js';
import { parameterDeclarations, parameterValues } from './parameters.js';
import { errorAt } from './problem.js';
import type { BlueprintProblem, Path } from './problem.js';
import { isList, isMap } from './tree.js';
import type { Tree, TreeMap } from './tree.js';
import { unsoundNames } from './unsound.js';
import type { Unsound } from './unsound.js';

/** One entry, checked: where it stands, what it names, and what is to be true of that. */
interface Standing<Type extends EntryType, Value> {
  readonly type: Type;
  readonly name: string;
  readonly state: State;
  readonly path: Path;
  readonly value: Value;
}

export type Entry =
  | Standing<'group', GroupEntry>
  | Standing<'promptField', PromptFieldEntry>
  | Standing<'policy', PolicyEntry>
  | Standing<'stage', StageEntry>
  | Standing<'flow', FlowEntry>
  | Standing<'invitation', InvitationEntry>;

export interface ParsedDocument {
  /** Null where it could not be read. */
  readonly name: string | null;
  readonly entries: readonly Entry[];
  /** What entries name whose conditions do not hold, as `type:name`. */
  readonly skipped: ReadonlySet<string>;
  readonly problems: readonly BlueprintProblem[];
  /** What the entries name that have problems by themselves. */
  readonly unsound: Unsound;
}

const NOTHING = { name: null, entries: [], skipped: new Set<string>(), unsound: null };

/**
 * Works out what a document of our format says, or everything that is wrong with it by itself. Its parameters are what is
 * given by their names; where there are variables for them, what those say.
 */
export function parseEntries(tree: Tree, given: JsonObject, variables?: ParameterVariables): ParsedDocument {
  const head = documentHead.safeParse(isMap(tree) ? withoutEntries(tree) : tree, TELLING_MISSING);
  const inHead = head.success ? [] : problemsOf(head.error, []);
  // In another format the rest would mean something else.
  if (!isMap(tree) || tree.stagedoor !== FORMAT) return { ...NOTHING, problems: inHead };
  const { name = null, state = 'present' } = head.data ?? {};
  const failed = (...problems: readonly BlueprintProblem[]): ParsedDocument => {
    return { ...NOTHING, name, problems: [...inHead, ...problems] };
  };
  const declared = parameterDeclarations.safeParse(tree.parameters ?? {}, TELLING_MISSING);
  if (!declared.success) return failed(...problemsOf(declared.error, ['parameters']));
  const { values, problems } = variables
    ? valuesFromVariables(declared.data, variables)
    : parameterValues(declared.data, given);
  if (problems.length > 0) return failed(...problems);
  const reading = new EntryReading(new Evaluation(values), state);
  const list = isList(tree.entries) ? tree.entries : [];
  const read = list.map((entry, index) => reading.entry(entry, ['entries', index]));
  const { skipped, unsound: entries } = reading;
  // Whatever the document is called, its entries say the same.
  const isUnclear = inHead.some(({ path }) => path !== 'name');
  const unsound = isUnclear ? null : unsoundNames(entries, entryTypes);
  return { name, entries: read.flat(), skipped, unsound, problems: [...inHead, ...reading.allProblems()] };
}

/** What is said of the document as a whole; each entry is looked at by itself. */
function withoutEntries(tree: TreeMap): object {
  return isList(tree.entries) ? { ...tree, entries: tree.entries.map(() => null) } : tree;
}

class EntryReading {
  readonly skipped = new Set<string>();
  /** The entries that have problems. */
  readonly unsound: Tree[] = [];
  readonly #problems: BlueprintProblem[] = [];
  readonly #named = new Set<string>();

  constructor(
    private readonly evaluation: Evaluation,
    private readonly usualState: State,
  ) {}

  allProblems(): readonly BlueprintProblem[] {
    return [...this.evaluation.problems, ...this.#problems];
  }

  get #problemCount(): number {
    return this.evaluation.problems.length + this.#problems.length;
  }

  entry(tree: Tree, path: Path): Entry[] {
    const before = this.#problemCount;
    const entry = this.#read(tree, path);
    if (this.#problemCount > before) this.unsound.push(tree);
    return entry;
  }

  #read(tree: Tree, path: Path): Entry[] {
    if (!isMap(tree)) return this.#refuse(errorAt(path, 'INVALID_TYPE', 'An entry must be an object.'));
    const type = typeOf(tree);
    if (!type) {
      const message = `An entry names what it is about by exactly one of ${entryTypes.join(', ')}.`;
      return this.#refuse(errorAt(path, 'UNKNOWN_FORM', message));
    }
    if (tree.when !== undefined && !this.evaluation.holds(tree.when, [...path, 'when'])) {
      const name = this.evaluation.value(tree[type] ?? null, [...path, type]);
      if (typeof name === 'string') this.skipped.add(`${type}:${name}`);
      return [];
    }
    const { when: _, ...rest } = tree;
    const before = this.evaluation.problems.length;
    const plain = this.#evaluated(type, rest, path);
    // What could not be worked out would only be told again, as being of another type.
    if (this.evaluation.problems.length > before) return [];
    return this.#checked(type, plain, path);
  }

  #evaluated(type: EntryType, tree: TreeMap, path: Path): Json {
    const holding = type === 'flow' ? this.#withConditions(tree, path, ['stages', 'policies']) : tree;
    return this.evaluation.value(holding, path);
  }

  /** Conditions of what lies within a flow come to true or false. */
  #withConditions(tree: TreeMap, path: Path, lists: readonly string[]): TreeMap {
    const worked = lists.flatMap((key): [string, Tree][] => {
      const items = tree[key];
      if (!isList(items)) return [];
      const done = items.map((item, index): Tree => {
        if (!isMap(item)) return item;
        const at = [...path, key, index];
        const within = this.#withConditions(item, at, ['policies']);
        if (item.when === undefined) return within;
        return { ...within, when: this.evaluation.holds(item.when, [...at, 'when']) };
      });
      return [[key, done]];
    });
    return { ...tree, ...Object.fromEntries(worked) };
  }

  #checked(type: EntryType, plain: Json, path: Path): Entry[] {
    const entry = checkedEntry(type, plain, path, this.usualState);
    if (!entry.ok) return this.#refuse(...entry.problems);
    const key = `${type}:${entry.entry.name}`;
    if (this.#named.has(key)) {
      return this.#refuse(errorAt([...path, type], 'REPEATED', 'Another entry is about this already.'));
    }
    this.#named.add(key);
    return [entry.entry];
  }

  #refuse(...problems: readonly BlueprintProblem[]): [] {
    this.#problems.push(...problems);
    return [];
  }
}

/** An invitation names a flow, a flow nothing else: the kinds do not meet otherwise. */
function typeOf(tree: TreeMap): EntryType | undefined {
  if (Object.hasOwn(tree, 'invitation')) return 'invitation';
  const [type, ...others] = entryTypes.filter((candidate) => Object.hasOwn(tree, candidate));
  return others.length === 0 ? type : undefined;
}

type Checked =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly problems: readonly BlueprintProblem[] };

function checkedEntry(type: EntryType, plain: Json, path: Path, usual: State): Checked {
  const parsed = <Value extends { readonly state?: State | undefined }>(
    schema: z.ZodType<Value>,
    entryOf: (value: Value, state: State) => Entry,
  ): Checked => {
    const result = schema.safeParse(plain, TELLING_MISSING);
    return result.success
      ? { ok: true, entry: entryOf(result.data, result.data.state ?? usual) }
      : { ok: false, problems: problemsOf(result.error, path) };
  };
  switch (type) {
    case 'group':
      return parsed(entrySchemas.group, (value, state) => ({ type, name: value.group, state, path, value }));
    case 'promptField':
      return parsed(entrySchemas.promptField, (value, state) => {
        return { type, name: value.promptField, state, path, value };
      });
    case 'policy':
      return parsed(entrySchemas.policy, (value, state) => ({
        type,
        name: value.policy,
        state,
        path,
        value,
      }));
    case 'stage':
      return parsed(entrySchemas.stage, (value, state) => ({ type, name: value.stage, state, path, value }));
    case 'flow':
      return parsed(entrySchemas.flow, (value, state) => ({ type, name: value.flow, state, path, value }));
    case 'invitation':
      return parsed(entrySchemas.invitation, (value, state) => {
        return { type, name: value.invitation, state, path, value };
      });
  }
}

/** Members that do not belong there are told one by one, each at its place. */
function problemsOf(error: z.ZodError, base: Path): BlueprintProblem[] {
  return error.issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    const { code, message } = problemOf(issue);
    if (issue.code !== 'unrecognized_keys') return [errorAt(path, code, message)];
    return issue.keys.map((key) =>
      errorAt([...path, key], 'UNRECOGNIZED_KEYS', 'There is no such member here.'),
    );
  });
}
