import { z } from 'zod';

import type { ObjectSchema } from '../kernel/object-schema.js';
import { Refusal } from '../kernel/refusal.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { schemaProblems } from '../kernel/schema-problems.js';

const unchecked = z.record(z.string(), z.unknown());

/**
 * An input as plain data, without the members that were not sent: type-graphql hands out instances of classes. Refuses
 * entries called `__proto__`, which the checks that follow would pass over.
 */
export function plain(input: object, path = 'input'): Record<string, unknown> {
  const data = unchecked.parse(JSON.parse(JSON.stringify(input)));
  const [first, ...rest] = prototypesIn(data).map((place) => ({
    path: `${path}.${place}`,
    code: 'UNRECOGNIZED_KEYS',
    message: 'There is no such entry.',
  }));
  if (first) throw Refusal.badInput([first, ...rest]);
  return data;
}

function prototypesIn(value: object): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === '__proto__') return [key];
    return typeof inner === 'object' && inner !== null
      ? prototypesIn(inner).map((place) => `${key}.${place}`)
      : [];
  });
}

/** Checks an input, or refuses it with every problem, each under its path from the argument's name. */
export function checked<T extends z.ZodType>(schema: T, input: unknown, path = 'input'): z.infer<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw refusedAt(path, schemaProblems(parsed.error));
}

/**
 * The version for a change that was worked out from what an object held before: no other will do. Refuses where the
 * caller expects another one.
 */
export function versionBefore(
  what: string,
  before: { readonly version: number },
  ifVersion: number | null | undefined,
): number {
  if (ifVersion != null && ifVersion !== before.version) throw Refusal.outdated(what, before.version);
  return before.version;
}

export function refusedAt(path: string, problems: readonly FieldProblem[]): Refusal {
  const [first, ...rest] = problems.map((problem) => ({
    ...problem,
    path: problem.path === '' ? path : `${path}.${problem.path}`,
  }));
  if (!first) throw new Error('a refusal needs a problem');
  return Refusal.badInput([first, ...rest]);
}

/** The one member of a `@oneOf` input that was given. */
export function onlyMember<T>(
  input: Record<string, T>,
  path: string,
): { key: string; value: NonNullable<T> } {
  const [entry] = Object.entries(input).flatMap(([key, value]) => (value == null ? [] : [{ key, value }]));
  if (!entry)
    throw Refusal.badInput([{ path, code: 'REQUIRED', message: 'Exactly one member must be given.' }]);
  return entry;
}

/** Checks the members of an input that were sent; the others are not mentioned in the result either. */
export function checkedChanges<T extends ObjectSchema>(
  schema: T,
  input: object,
  path = 'input',
): Partial<z.infer<T>> {
  const given = plain(input);
  const parsed = unchecked.parse(checked(schema.partial(), given, path));
  const mentioned = Object.fromEntries(Object.entries(parsed).filter(([key]) => Object.hasOwn(given, key)));
  // Seam: fromEntries forgets which keys it kept.
  // type-coverage:ignore-next-line
  return mentioned as Partial<z.infer<T>>; // eslint-disable-line @typescript-eslint/consistent-type-assertions -- see above
}
