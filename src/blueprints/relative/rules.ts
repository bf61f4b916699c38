import { durationOf } from '../../kernel/duration.js';
import type { Path } from '../problem.js';
import type { Tree } from '../tree.js';
import type { Entry, Given, Value } from './entry.js';
import type { Names, ObjectName } from './names.js';
import type { Problems } from './problems.js';
import { secondsOf } from './seconds.js';
import { Named } from './entry.js';
import { isList, isMembers } from './value.js';

/** Something of the relative's on its way to being something of ours. */
export interface Writing {
  readonly entry: Entry;
  readonly names: Names;
  readonly problems: Problems;
  /** Has a field of ours hold something; `path` is where the relative's document says so. */
  readonly set: (field: string, value: Tree, path: Path) => void;
  /** Has a field of ours hold a secret, which the document tells and ours only names. */
  readonly secret: (field: string, given: Given) => void;
}

/** What becomes of one field that the relative's document gives. */
export type Rule = (given: Given, writing: Writing) => void;
export type Rules = Readonly<Record<string, Rule>>;

/** The field means the same here, and takes the same values. */
export function same(field: string): Rule {
  return ({ value, path }, { problems, set }) => {
    const tree = treeOf(value);
    if (tree === undefined) problems.error(path, 'INVALID_TYPE', 'Must be a plain value, and no reference.');
    else set(field, tree, path);
  };
}

/** True or false. */
export function flag(field: string): Rule {
  return ({ value, path }, { problems, set }) => {
    const truth = truthOf(value);
    if (truth === undefined) problems.error(path, 'INVALID_TYPE', 'Must be true or false.');
    else set(field, truth, path);
  };
}

/** The values have other names here; what is not among them has no counterpart. */
export function renamed(field: string, values: Readonly<Record<string, string>>): Rule {
  return (given, { problems, set }) => {
    const value = choice(given, values, problems);
    if (value !== undefined) set(field, value, given.path);
  };
}

/** The same for each of several. */
export function allRenamed(field: string, values: Readonly<Record<string, string>>): Rule {
  return ({ value, path }, { problems, set }) => {
    if (!isList(value)) return problems.error(path, 'INVALID_TYPE', 'Must be a list.');
    const all = value.map((item, index) => choice({ value: item, path: [...path, index] }, values, problems));
    const whole = all.flatMap((item) => (item === undefined ? [] : [item]));
    if (whole.length === all.length) set(field, whole, path);
  };
}

function choice(
  { value, path }: Given,
  values: Readonly<Record<string, string>>,
  problems: Problems,
): string | undefined {
  if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value];
  problems.unsupported(path, `Here it can be ${Object.keys(values).join(', ')}.`);
  return undefined;
}

/** Another object, or null for none. */
export function reference(field: string, type: ObjectName['type']): Rule {
  return ({ value, path }, { names, problems, set }) => {
    if (value === null) return set(field, null, path);
    const name = nameOf({ value, path }, type, names, problems);
    if (name !== undefined) set(field, refTo(type, name), path);
  };
}

/** Several other objects. */
export function references(field: string, type: ObjectName['type']): Rule {
  return ({ value, path }, { names, problems, set }) => {
    if (!isList(value)) return problems.error(path, 'INVALID_TYPE', 'Must be a list.');
    const all = value.map((item, index) =>
      nameOf({ value: item, path: [...path, index] }, type, names, problems),
    );
    const whole = all.flatMap((name) => (name === undefined ? [] : [refTo(type, name)]));
    if (whole.length === all.length) set(field, whole, path);
  };
}

/** The name of the object of this type that is meant; undefined where there is a problem with that. */
export function nameOf(
  { value, path }: Given,
  type: ObjectName['type'],
  names: Names,
  problems: Problems,
): string | undefined {
  const object = names.named(value, path);
  if (!object) return undefined;
  if (object.type === type) return object.name;
  problems.error(path, 'WRONG_KIND', `Must name a ${words[type]}, not a ${words[object.type]}.`);
  return undefined;
}

export const words: Readonly<Record<ObjectName['type'], string>> = {
  group: 'group',
  promptField: 'prompt field',
  policy: 'policy',
  stage: 'stage',
  flow: 'flow',
  invitation: 'invitation',
  user: 'person',
};

function refTo(type: ObjectName['type'], name: string): Tree {
  return { ref: `${type}:${name}` };
}

/** A time; what is longer or shorter than can be here is cut to what can, which `message` tells. */
export function duration(
  field: string,
  limits: { readonly least?: number; readonly most?: number } = {},
): Rule {
  return ({ value, path }, { problems, set }) => {
    const seconds = secondsOf(value);
    if (seconds === undefined) {
      return problems.error(
        path,
        'INVALID_FORMAT',
        'Must be a time such as minutes=30 or hours=1;minutes=30.',
      );
    }
    const { least = 0, most = Infinity } = limits;
    const kept = Math.min(Math.max(seconds, least), most);
    if (kept !== seconds) {
      problems.warning(
        path,
        `Here it is ${durationOf(kept)}: ${kept < seconds ? 'longer' : 'shorter'} is not possible.`,
      );
    }
    set(field, durationOf(kept), path);
  };
}

/** Left out here, which makes nothing weaker: a warning says so, but where the value is one of those that ask for nothing. */
export function leftOut(message: string, ...nothing: readonly Value[]): Rule {
  return ({ value, path }, { problems }) => {
    if (!asksForNothing(value, nothing)) problems.warning(path, message);
  };
}

/** Left out here, and that could make the flow weaker: an error, but where the value is one of those that ask for nothing. */
export function refused(message: string, ...nothing: readonly Value[]): Rule {
  return ({ value, path }, { problems }) => {
    if (!asksForNothing(value, nothing)) problems.unsupported(path, message);
  };
}

/** Means nothing there either: how it is stored, or what is read only. */
export const meaningless: Rule = () => undefined;

function asksForNothing(value: Value, nothing: readonly Value[]): boolean {
  const isEmpty = value === null || value === '' || (isList(value) && value.length === 0);
  return isEmpty || (isMembers(value) && Object.keys(value).length === 0) || nothing.includes(value);
}

/** As the relative's forms take true and false. */
export function truthOf(value: Value | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (value.toLowerCase() === 'true') return true;
  return value.toLowerCase() === 'false' ? false : undefined;
}

/** A value without references; undefined where it has one. */
export function treeOf(value: Value): Tree | undefined {
  if (value instanceof Named) return undefined;
  if (isList(value)) {
    const items = value.map(treeOf);
    const whole = items.flatMap((item) => (item === undefined ? [] : [item]));
    return whole.length === items.length ? whole : undefined;
  }
  if (!isMembers(value)) return value;
  const members = Object.entries(value).map(([key, item]) => [key, treeOf(item)] as const);
  const whole = members.flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]));
  return whole.length === members.length ? Object.fromEntries(whole) : undefined;
}
