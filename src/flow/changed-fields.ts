import { isDeepStrictEqual } from 'node:util';

import { canonicalJson } from '../kernel/canonical-json.js';

/** What the API calls fields that are kept under another name. */
const toldAs = new Map([['timeoutSeconds', 'timeout']]);

/** The names of the fields that get another value, those of a configuration such as `config.message`. */
export function changedFields(before: object, changes: object): string[] {
  return Object.entries(changes).flatMap(([key, value]: [string, unknown]) => {
    const was: unknown = Reflect.get(before, key);
    if (key === 'config') return changedSettings(was, value);
    return isDeepStrictEqual(was, value) ? [] : [toldAs.get(key) ?? key];
  });
}

function changedSettings(before: unknown, after: unknown): string[] {
  const [was, is] = [settings(before), settings(after)];
  const names = new Set([...was.keys(), ...is.keys()]);
  return [...names].filter((name) => was.get(name) !== is.get(name)).map((name) => `config.${name}`);
}

/** Each setting in a form in which equal ones are the same text: the database does not keep the order of fields. */
function settings(config: unknown): Map<string, string> {
  return new Map(
    Object.entries(config ?? {}).map(([name, value]: [string, unknown]) => [name, canonicalJson(value)]),
  );
}
