import type { State } from '../document.js';
import type { Path } from '../problem.js';
import { isList as isTreeList, isMap } from '../tree.js';
import type { Tree, TreeMap } from '../tree.js';
import type { Entry, Fields, Given } from './entry.js';
import type { Problems } from './problems.js';
import type { Tags } from './tags.js';
import { isMembers, merged } from './value.js';

const KEYS = ['model', 'state', 'identifiers', 'attrs', 'conditions', 'permissions', 'id'];

const states = {
  present: 'present',
  created: 'created',
  must_created: 'must-created',
  absent: 'absent',
} as const satisfies Record<string, State>;

interface Written {
  readonly path: Path;
  readonly tree: TreeMap;
}

/** The entries of a document, one after the other, however they are divided into sections. */
export function writtenEntries(entries: Tree | undefined, problems: Problems): Written[] {
  if (isTreeList(entries)) return listed(entries, ['entries'], problems);
  if (isMap(entries)) {
    return Object.entries(entries).flatMap(([section, list]) => {
      if (isTreeList(list)) return listed(list, ['entries', section], problems);
      problems.error(['entries', section], 'INVALID_TYPE', 'Must be a list of entries.');
      return [];
    });
  }
  if (entries !== undefined && entries !== null) {
    problems.error(['entries'], 'INVALID_TYPE', 'Must be a list of entries, or a map of such lists.');
  }
  return [];
}

function listed(list: readonly Tree[], path: Path, problems: Problems): Written[] {
  return list.flatMap((tree, index) => {
    if (isMap(tree)) return [{ path: [...path, index], tree }];
    problems.error(
      [...path, index],
      'INVALID_TYPE',
      'Must be an entry: a map with `model` and `identifiers`.',
    );
    return [];
  });
}

/** Gives an entry's tags their meaning, and makes it known to those that follow. */
export function resolvedEntry({ path, tree }: Written, tags: Tags, problems: Problems): Entry {
  const skipped = !conditionsHold(tree.conditions, [...path, 'conditions'], tags, problems);
  const entry = skipped ? leftOut(path) : resolved(path, tree, tags, problems);
  if (typeof tree.id === 'string' || typeof tree.id === 'number') {
    tags.declare(String(tree.id), entry, [...path, 'id']);
  } else if (tree.id !== undefined && tree.id !== null) {
    problems.error([...path, 'id'], 'INVALID_TYPE', 'Must be text.');
  }
  return entry;
}

function leftOut(path: Path): Entry {
  const nothing: Fields = new Map();
  return {
    ...{ path, model: undefined, skipped: true, state: 'present' },
    ...{ identifiers: nothing, written: nothing, fields: nothing, failed: new Set<string>() },
  };
}

function conditionsHold(tree: Tree | undefined, path: Path, tags: Tags, problems: Problems): boolean {
  if (tree === undefined || tree === null) return true;
  if (!isTreeList(tree)) {
    problems.error(path, 'INVALID_TYPE', 'Must be a list.');
    return true;
  }
  // What cannot be told has a problem, and nothing is applied.
  return tree.every((condition, index) => tags.holds(condition, [...path, index]) ?? true);
}

function resolved(path: Path, tree: TreeMap, tags: Tags, problems: Problems): Entry {
  for (const key of Object.keys(tree)) {
    if (KEYS.includes(key)) continue;
    problems.warning([...path, key], `An entry has no ${key}; it means nothing.`, 'UNRECOGNIZED_KEYS');
  }
  const given = tree.permissions;
  if (given !== undefined && given !== null && !(isTreeList(given) && given.length === 0)) {
    problems.warning([...path, 'permissions'], 'Rights to single objects are not given here.');
  }
  const failed = new Set<string>();
  const identifiers = fieldsOf(tree.identifiers, [...path, 'identifiers'], tags, problems, failed);
  const attributes = fieldsOf(tree.attrs, [...path, 'attrs'], tags, problems, failed);
  return {
    ...{ path, skipped: false, identifiers, written: attributes, failed },
    model: modelOf(tree.model, [...path, 'model'], tags, problems),
    state: stateOf(tree.state, [...path, 'state'], tags, problems),
    fields: together(identifiers, attributes),
  };
}

function modelOf(tree: Tree | undefined, path: Path, tags: Tags, problems: Problems): string | undefined {
  const model = tree === undefined ? undefined : tags.resolve(tree, path);
  if (typeof model === 'string' && /^\w+\.\w+$/.test(model)) return model.toLowerCase();
  // A tag that could not be resolved has its problem already.
  if (tree === undefined) problems.error(path, 'REQUIRED', 'Must say what the entry is about.');
  else if (model !== undefined)
    problems.error(path, 'INVALID', 'Must be an app and a model, such as authentik_flows.flow.');
  return undefined;
}

function stateOf(tree: Tree | undefined, path: Path, tags: Tags, problems: Problems): State {
  const state = tree === undefined ? 'present' : tags.resolve(tree, path);
  if (typeof state === 'string' && isState(state)) return states[state];
  if (state !== undefined) {
    problems.error(path, 'INVALID_VALUE', 'Must be present, created, must_created or absent.');
  }
  return 'present';
}

function isState(text: string): text is keyof typeof states {
  return Object.hasOwn(states, text);
}

function fieldsOf(
  tree: Tree | undefined,
  path: Path,
  tags: Tags,
  problems: Problems,
  failed: Set<string>,
): Fields {
  const fields = new Map<string, Given>();
  if (tree === undefined || tree === null) return fields;
  if (isMap(tree)) {
    for (const [field, written] of Object.entries(tree)) {
      const at = [...path, field];
      const value = tags.resolve(written, at);
      if (value === undefined) failed.add(field);
      else fields.set(field, { value, path: at });
    }
    return fields;
  }
  // All of it may be made by one tag.
  const all = tags.resolve(tree, path);
  if (all !== undefined && isMembers(all)) {
    for (const [field, value] of Object.entries(all)) fields.set(field, { value, path });
  } else if (all !== undefined) problems.error(path, 'INVALID_TYPE', 'Must be a map.');
  return fields;
}

/** What identifies an object is part of what is written, and goes before it; what has parts is put together. */
function together(identifiers: Fields, attributes: Fields): Fields {
  const all = new Map(attributes);
  for (const [field, { value, path }] of identifiers) {
    const given = all.get(field);
    all.set(field, { path, value: given === undefined ? value : merged(given.value, value) });
  }
  return all;
}
