import { cleansed } from '../../kernel/cleansed.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import type { Mentions } from '../../flow/services/expressions.js';

const MOST_FINDINGS = 50;
const LONGEST_FINDING = 100;
/** What functions of the sandbox read by themselves. */
const readBy: Readonly<Record<string, readonly string[]>> = {
  isMember: ['user', 'groups'],
  hasAuthenticator: ['user', 'authenticators'],
};

/** The values of those parts of the view that an expression mentions, by their paths, shortened and without secrets. */
export function findings(paths: Mentions['paths'], view: JsonObject): JsonObject {
  const found = paths
    .map(([root = '', ...members]) => readBy[root] ?? [root, ...members])
    .filter(([root = '']) => Object.hasOwn(view, root))
    .slice(0, MOST_FINDINGS)
    .map((path) => valueAt(path, view));
  return Object.fromEntries(Object.entries(cleansed(Object.fromEntries(found))).map(shortened));
}

/** With the path only as far as it leads through objects: what comes after that is worked out. */
function valueAt(path: readonly string[], view: JsonObject): [path: string, value: Json] {
  let value: Json = view;
  const taken: string[] = [];
  for (const name of path) {
    if (!isObject(value)) break;
    taken.push(name);
    value = (Object.hasOwn(value, name) ? value[name] : undefined) ?? null;
    if (value === null) break;
  }
  return [taken.join('.'), value];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortened([path, value]: [string, Json]): [path: string, value: Json] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [path, text.length > LONGEST_FINDING ? `${text.slice(0, LONGEST_FINDING)}…`.toWellFormed() : value];
}
