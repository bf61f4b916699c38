import { z } from 'zod';

import type { ObjectSchema } from '../kernel/object-schema.js';
import { Refusal } from '../kernel/refusal.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { TELLING_MISSING, schemaProblems } from '../kernel/schema-problems.js';

const unchecked = z.record(z.string(), z.unknown());

/** Deeper than anything that is written by hand, and not so deep that whoever walks it runs out of stack. */
const DEEPEST = 100;

/**
 * An input as plain data, without the members that were not sent: type-graphql hands out instances of classes. Refuses
 * what has no bottom, and entries called `__proto__`, which the checks that follow would pass over.
 */
export function plain(input: object, path = 'input'): Record<string, unknown> {
  const problems = shapeProblems(input);
  if (problems.length > 0) throw refusedAt(path, problems);
  return unchecked.parse(JSON.parse(JSON.stringify(input)));
}

interface Place {
  readonly value: unknown;
  readonly path: readonly string[];
}

function shapeProblems(input: object): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const open: Place[] = [{ value: input, path: [] }];
  for (let place = open.pop(); place; place = open.pop()) {
    const { value, path } = place;
    if (path.at(-1) === '__proto__') {
      problems.push({ path: path.join('.'), code: 'FORBIDDEN_KEY', message: 'Must not be called that.' });
    } else if (path.length > DEEPEST) {
      const message = `Must not be deeper than ${DEEPEST} levels.`;
      return [{ path: path[0] ?? '', code: 'TOO_DEEP', message }];
    } else if (typeof value === 'object' && value !== null) {
      const entries: [string, unknown][] = Object.entries(value);
      for (const [key, inner] of entries) open.push({ value: inner, path: [...path, key] });
    }
  }
  return problems;
}

/** Checks an input, or refuses it with every problem, each under its path from the argument's name. */
export function checked<T extends z.ZodType>(schema: T, input: unknown, path = 'input'): z.infer<T> {
  const parsed = schema.safeParse(input, TELLING_MISSING);
  if (parsed.success) return parsed.data;
  throw refusedAt(path, schemaProblems(parsed.error));
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
