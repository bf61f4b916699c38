import type { Path } from '../problem.js';
import type { Entry, Members, Value } from './entry.js';
import type { Problems } from './problems.js';
import { Named } from './entry.js';

/** What an object is here, and by which of its fields the relative knows it as we do. */
export interface NamedModel {
  readonly type: 'group' | 'promptField' | 'policy' | 'stage' | 'flow' | 'invitation' | 'user';
  readonly key: 'slug' | 'name' | 'username';
}

/** An object of ours, by its name. */
export interface ObjectName {
  readonly type: NamedModel['type'];
  readonly name: string;
}

/** Everything that a document says about what its objects are called. */
export class Names {
  /** By the key under which another installation knew them. */
  readonly #byKey = new Map<string, Entry>();

  constructor(
    private readonly models: ReadonlyMap<string, NamedModel>,
    entries: readonly Entry[],
    private readonly problems: Problems,
  ) {
    for (const entry of entries) {
      const key = entry.identifiers.get('pk')?.value;
      if (typeof key === 'string' || typeof key === 'number') this.#byKey.set(String(key), entry);
    }
  }

  /** The entry that a value stands for: named by a tag, or by the key that it has where it was exported. */
  entryOf(value: Value): Entry | undefined {
    if (value instanceof Named) return value.reference.to === 'entry' ? value.reference.entry : undefined;
    if (typeof value === 'string' || typeof value === 'number') return this.#byKey.get(String(value));
    return undefined;
  }

  /** Which of our objects a value stands for; undefined where that cannot be told, and then there is a problem. */
  named(value: Value, path: Path): ObjectName | undefined {
    const entry = this.entryOf(value);
    if (entry) return this.ofEntry(entry);
    if (value instanceof Named && value.reference.to === 'found') {
      return this.#found(value.reference.model, value.reference.criteria, path);
    }
    const isKey = typeof value === 'string' || typeof value === 'number';
    const message = isKey
      ? 'This key means something only where it was exported. Name the object by !KeyOf, or by !Find and its name.'
      : 'Must be !KeyOf and the id of an entry, or !Find.';
    this.problems.error(path, isKey ? 'NOT_FOUND' : 'INVALID_TYPE', message);
    return undefined;
  }

  /** The object that an entry is about, where it is known by a name; an entry that has none has a problem already. */
  ofEntry(entry: Entry): ObjectName | undefined {
    const model = this.models.get(entry.model ?? '');
    const name = model && textOf(entry.fields.get(model.key)?.value);
    return name === undefined ? undefined : { type: model?.type ?? 'flow', name };
  }

  #found(model: string, criteria: Members, path: Path): ObjectName | undefined {
    const known = this.models.get(model);
    if (!known) {
      this.problems.error(path, 'UNKNOWN_KIND', `There is nothing here like ${model}.`);
      return undefined;
    }
    const [[field, value] = ['', null], ...others] = Object.entries(criteria);
    const name = textOf(value);
    if (field === known.key && others.length === 0 && name !== undefined) return { type: known.type, name };
    this.problems.unsupported(
      path,
      `Here it is found by its ${known.key} alone: !Find [${model}, [${known.key}, …]].`,
    );
    return undefined;
  }
}

/** What can be a name. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
