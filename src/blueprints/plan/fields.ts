import type { z } from 'zod';

import { problemOf } from '../../kernel/schema-problems.js';
import type { Path } from '../problem.js';
import type { Draft } from './draft.js';

/** What a schema makes of fields, or undefined and a problem for each that is wrong or missing. */
export function checkedFields<T extends z.ZodType>(
  draft: Draft,
  schema: T,
  fields: object,
  path: Path,
): z.infer<T> | undefined {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const at = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    const [name = ''] = at;
    // Whoever wrote the document left it out, and knows nothing of types.
    if (at.length === 1 && Reflect.get(fields, name) === undefined) {
      draft.refuse([...path, name], 'REQUIRED', `It is not there yet: to make it, ${name} has to be given.`);
    } else {
      const { code, message } = problemOf(issue);
      draft.refuse([...path, ...at], code, message);
    }
  }
  return undefined;
}

/** Where a checked configuration has a problem: `fieldIds.0` and the like. */
export function pathWithin(path: Path, within: string): Path {
  if (within === '') return path;
  return [...path, ...within.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))];
}

/** The members that were given a value. */
export function given<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> };
export function given(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter((entry: [string, unknown]) => entry[1] !== undefined),
  );
}

/** The members of a configuration that a document mentions, as changes tell them. */
export function configFields(config: object | undefined): string[] {
  return Object.keys(config ?? {}).map((key) => `config.${key}`);
}
