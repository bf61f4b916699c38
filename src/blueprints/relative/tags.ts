import type { Path } from '../problem.js';
import { Tagged, isList as isTreeList, isMap } from '../tree.js';
import type { Tree } from '../tree.js';
import { atIndex, combined, isMode } from './calculations.js';
import type { Entry, Value } from './entry.js';
import { formatted } from './format.js';
import { parsedJson } from './parsed-json.js';
import { Loops, turnsOver } from './loops.js';
import type { Problems } from './problems.js';
import type { ExternalSources, Outside } from '../external-sources.js';
import { Named } from './entry.js';
import { isList, isMembers, isTruthy, merged } from './value.js';

/** So many values, and characters of text, may the tags of a document come to: loops within loops make much of little. */
const MOST = 1_000_000;
/** Values of the context that lead to one another. */
const DEEPEST = 50;

const ASKS_THE_DATABASE =
  'Depends on what is there already, which is not known when the document is translated. Write down what is meant.';

export interface TagParts {
  readonly context: Readonly<Record<string, Tree>>;
  readonly sources: ExternalSources;
  readonly problems: Problems;
}

/** Gives the tags of a document their meaning, entry by entry, in order. */
export class Tags {
  readonly #handles = new Map<string, Entry>();
  readonly #loops = new Loops();
  #left = MOST;
  #depth = 0;

  constructor(private readonly parts: TagParts) {}

  /** From here on the entry can be named. */
  declare(handle: string, entry: Entry, path: Path): void {
    if (this.#handles.has(handle)) {
      this.parts.problems.error(path, 'REPEATED', `There is another entry with the id ${handle}.`);
    }
    this.#handles.set(handle, entry);
  }

  /** What stands there, with every tag in it resolved; undefined where that is not possible, and then there is a problem. */
  resolve(tree: Tree, path: Path): Value | undefined {
    this.#left -= typeof tree === 'string' ? 1 + tree.length / 100 : 1;
    if (this.#left < 0) {
      if (this.#left > -MOST) {
        this.parts.problems.error(path, 'TOO_MANY', 'What the tags of this document come to is too much.');
        this.#left = -MOST;
      }
      return undefined;
    }
    if (tree instanceof Tagged) return this.#tag(tree, path);
    if (isMap(tree)) return this.#members(tree, path);
    if (typeof tree === 'object' && tree !== null) return this.#list(tree, path);
    return tree;
  }

  /** Whether a condition holds; undefined where that cannot be told. */
  holds(tree: Tree, path: Path): boolean | undefined {
    const value = this.resolve(tree, path);
    if (value === undefined) return undefined;
    const truth = isTruthy(value);
    if (truth === undefined) this.parts.problems.unsupported(path, ASKS_THE_DATABASE);
    return truth;
  }

  #members(tree: Readonly<Record<string, Tree>>, path: Path): Value | undefined {
    const entries = Object.entries(tree).map(
      ([key, item]) => [key, this.resolve(item, [...path, key])] as const,
    );
    const whole = entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
    return whole.length === entries.length ? Object.fromEntries(whole) : undefined;
  }

  #list(tree: readonly Tree[], path: Path): readonly Value[] | undefined {
    const items = tree.map((item, index) => this.resolve(item, [...path, index]));
    const whole = items.flatMap((value) => (value === undefined ? [] : [value]));
    return whole.length === items.length ? whole : undefined;
  }

  #tag({ tag, value }: Tagged, path: Path): Value | undefined {
    switch (tag) {
      case '!KeyOf':
        return this.#keyOf(value, path);
      case '!Find':
        return this.#find(value, path);
      case '!FindObject':
        return this.#fail(path, 'UNSUPPORTED', ASKS_THE_DATABASE);
      case '!Context':
        return this.#orDefault(value, path, (key) => this.#context(key, path));
      case '!Env':
        return this.#orDefault(value, path, (name) =>
          this.#external(this.parts.sources.variable(name), path),
        );
      case '!File':
        return this.#orDefault(value, path, (name) => this.#external(this.parts.sources.file(name), path));
      case '!ParseJSON':
        return this.#json(value, path);
      case '!Format':
        return this.#format(value, path);
      case '!Condition':
        return this.#condition(value, path);
      case '!If':
        return this.#if(value, path);
      case '!Enumerate':
        return this.#enumerate(value, path);
      case '!Index':
        return this.#turn(value, path)?.index;
      case '!Value':
        return this.#turn(value, path)?.value;
      case '!AtIndex':
        return this.#atIndex(value, path);
      default:
        return this.#fail(path, 'UNSUPPORTED', `There is no tag ${tag}.`);
    }
  }

  #fail(path: Path, code: Parameters<Problems['error']>[1], message: string): undefined {
    this.parts.problems.error(path, code, message);
  }

  #malformed(path: Path, wanted: string): undefined {
    return this.#fail(path, 'INVALID', `Must be ${wanted}.`);
  }

  #keyOf(value: Tree, path: Path): Value | undefined {
    if (typeof value !== 'string' && typeof value !== 'number') {
      return this.#malformed(path, '!KeyOf and the id of an entry');
    }
    const entry = this.#handles.get(String(value));
    if (!entry) return this.#fail(path, 'NOT_FOUND', `No entry before this one has the id ${value}.`);
    if (entry.skipped) {
      return this.#fail(
        path,
        'SKIPPED',
        `The entry ${value} is left out by its conditions; this one needs it.`,
      );
    }
    if (entry.state === 'absent') {
      return this.#fail(path, 'NOT_FOUND', `The entry ${value} is to be absent; this one needs it.`);
    }
    return new Named({ to: 'entry', entry });
  }

  #find(value: Tree, path: Path): Value | undefined {
    const parts = this.resolve(value, path);
    if (parts === undefined) return undefined;
    const [model, ...pairs] = isList(parts) ? parts : [];
    if (typeof model !== 'string' || pairs.length === 0) {
      return this.#malformed(path, '!Find [model, [field, value], …]');
    }
    const criteria = new Map<string, Value>();
    for (const pair of pairs) {
      const [field, wanted, ...more] = isList(pair) ? pair : [];
      if (typeof field !== 'string' || wanted === undefined || more.length > 0) {
        return this.#malformed(path, '!Find [model, [field, value], …]');
      }
      criteria.set(field, wanted);
    }
    const reference = {
      to: 'found',
      model: model.toLowerCase(),
      criteria: Object.fromEntries(criteria),
    } as const;
    return new Named(reference);
  }

  /** A name, or a name and what stands where nothing is known by it. */
  #orDefault(
    value: Tree,
    path: Path,
    known: (name: string) => { readonly value: Value | undefined } | undefined,
  ): Value | undefined {
    const parts: readonly Tree[] = isTreeList(value) ? value : [value];
    const [given, otherwise = null] = parts;
    const name = given === undefined ? undefined : this.resolve(given, path);
    if (name === undefined) return given === undefined ? this.#malformed(path, 'a name') : undefined;
    if (typeof name !== 'string' || parts.length > 2)
      return this.#malformed(path, 'a name, or [name, default]');
    const found = known(name);
    return found ? found.value : this.resolve(otherwise, path);
  }

  #context(key: string, path: Path): { readonly value: Value | undefined } | undefined {
    const { context } = this.parts;
    const tree = Object.hasOwn(context, key) ? context[key] : undefined;
    if (tree === undefined) return undefined;
    if (this.#depth >= DEEPEST) {
      return { value: this.#fail(path, 'LOOP', `The context's ${key} leads to itself.`) };
    }
    this.#depth += 1;
    const value = this.resolve(tree, path);
    this.#depth -= 1;
    return { value };
  }

  #external(found: Outside, path: Path): { readonly value: Value | undefined } | undefined {
    if (found === 'FORBIDDEN') {
      const message = 'May not be read by this document: the operator has not allowed it.';
      return { value: this.#fail(path, 'FORBIDDEN', message) };
    }
    const { text } = found;
    return text === undefined || text === '' ? undefined : { value: text };
  }

  #json(value: Tree, path: Path): Value | undefined {
    const parsed = typeof value === 'string' ? parsedJson(value) : undefined;
    return parsed === undefined ? this.#malformed(path, '!ParseJSON and JSON as text') : parsed;
  }

  #format(value: Tree, path: Path): Value | undefined {
    const parts = this.resolve(value, path);
    if (parts === undefined) return undefined;
    const [template, ...values] = isList(parts) ? parts : [];
    if (typeof template !== 'string') return this.#malformed(path, '!Format [template, value, …]');
    try {
      const text = formatted(template, values);
      this.#left -= text.length;
      return text;
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      return this.#fail(path, 'INVALID', `Cannot be put together: ${error.message}.`);
    }
  }

  #condition(value: Tree, path: Path): Value | undefined {
    const [mode, ...conditions] = isTreeList(value) ? value : [];
    const name = mode === undefined ? undefined : this.resolve(mode, path);
    const wanted = typeof name === 'string' ? name.toUpperCase() : '';
    if (!isMode(wanted) || conditions.length === 0) {
      return this.#malformed(path, '!Condition [AND, NAND, OR, NOR, XOR or XNOR, value, …]');
    }
    const truths = conditions.map((condition, index) => this.holds(condition, [...path, index + 1]));
    const whole = truths.flatMap((truth) => (truth === undefined ? [] : [truth]));
    return whole.length === truths.length ? combined(wanted, whole) : undefined;
  }

  #if(value: Tree, path: Path): Value | undefined {
    const parts: readonly Tree[] = isTreeList(value) ? value : [value];
    const [condition, then, otherwise] = parts;
    if (condition === undefined || parts.length === 2 || parts.length > 3) {
      return this.#malformed(path, '!If [condition], or !If [condition, then, else]');
    }
    const truth = this.holds(condition, [...path, 0]);
    if (truth === undefined || then === undefined || otherwise === undefined) return truth;
    return truth ? this.resolve(then, [...path, 1]) : this.resolve(otherwise, [...path, 2]);
  }

  #enumerate(value: Tree, path: Path): Value | undefined {
    const [over, kind, body, ...more] = isTreeList(value) ? value : [];
    if (over === undefined || body === undefined || more.length > 0 || (kind !== 'SEQ' && kind !== 'MAP')) {
      return this.#malformed(path, '!Enumerate [list, SEQ or MAP, body]');
    }
    const iterable = this.#loops.within(null, () => this.resolve(over, [...path, 0]));
    if (iterable === undefined) return undefined;
    const turns = turnsOver(iterable);
    if (!turns) return this.#fail([...path, 0], 'INVALID_TYPE', 'Must be a list, a map or text.');
    const results: Value[] = [];
    for (const turn of turns) {
      const result = this.#loops.within(turn, () => this.resolve(body, [...path, 2]));
      if (result === undefined) return undefined;
      results.push(result);
    }
    return kind === 'SEQ' ? results : this.#map(results, [...path, 2]);
  }

  #map(results: readonly Value[], path: Path): Value | undefined {
    let all: Value = {};
    for (const result of results) {
      const [key, value, ...more] = isList(result) ? result : [];
      if (isMembers(result)) all = merged(all, result);
      else if (typeof key === 'string' && value !== undefined && more.length === 0) {
        all = merged(all, Object.fromEntries([[key, value]]));
      } else return this.#malformed(path, 'a map, or a key and a value');
    }
    return all;
  }

  #turn(value: Tree, path: Path) {
    const depth = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value;
    if (typeof depth !== 'number') return this.#malformed(path, 'a number: 0 for the innermost loop');
    const turn = this.#loops.turn(depth);
    return turn ?? this.#fail(path, 'INVALID', 'There is no such loop around this, or it has not begun yet.');
  }

  #atIndex(value: Tree, path: Path): Value | undefined {
    const parts = this.resolve(value, path);
    if (parts === undefined) return undefined;
    const [whole, key, otherwise, ...more] = isList(parts) ? parts : [];
    if (whole === undefined || key === undefined || more.length > 0) {
      return this.#malformed(path, '!AtIndex [list or map, index or key, default]');
    }
    const found = atIndex(whole, key) ?? otherwise;
    return found === undefined ? this.#fail(path, 'NOT_FOUND', 'There is nothing at this index.') : found;
  }
}
