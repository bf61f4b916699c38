import { z } from 'zod';

import { TELLING_MISSING, schemaProblems } from './schema-problems.js';

const CANARY = 'canary4711';
const schema = z.strictObject({
  text: z.string().min(2),
  one: z.enum(['A', 'B']),
  either: z.union([z.string(), z.number()]),
  inner: z.strictObject({ count: z.int() }),
  own: z.string().refine((text) => text !== CANARY, { params: { code: 'TAKEN' } }),
});
const good = { text: 'text', one: 'A', either: 1, inner: { count: 1 }, own: 'own' };

function problemsOf(input: unknown) {
  const { error } = schema.safeParse(input, TELLING_MISSING);
  return error ? schemaProblems(error) : [];
}
const codes = (input: unknown) => problemsOf(input).map(({ path, code }) => `${path} ${code}`);

describe('what is wrong with an input', () => {
  it('is that something has to be given, of whatever type it would be', () => {
    const { text: _text, ...rest } = good;
    expect(problemsOf({ ...rest, inner: {} })).toEqual([
      { path: 'text', code: 'REQUIRED', message: 'This has to be given.' },
      { path: 'inner.count', code: 'REQUIRED', message: 'This has to be given.' },
    ]);
    expect(codes({})).toEqual([
      'text REQUIRED',
      'one REQUIRED',
      'either REQUIRED',
      'inner REQUIRED',
      'own REQUIRED',
    ]);
  });

  it.each<[string, object, string]>([
    ['text of another type', { text: 5 }, 'text INVALID_TYPE'],
    ['null', { text: null }, 'text INVALID_TYPE'],
    ['text that is too short', { text: '' }, 'text TOO_SMALL'],
    ['none of the values', { one: CANARY }, 'one INVALID_VALUE'],
    ['none of the forms', { either: [CANARY] }, 'either INVALID_UNION'],
    ['a number within', { inner: { count: CANARY } }, 'inner.count INVALID_TYPE'],
    [
      'a member that does not belong there',
      { inner: { count: 1, more: CANARY } },
      'inner.more UNRECOGNIZED_KEYS',
    ],
    ['what breaks a rule of ours', { own: CANARY }, 'own TAKEN'],
  ])('is told by a code, and not quoted: %s', (_what, change, problem) => {
    expect(codes({ ...good, ...change })).toEqual([problem]);
    expect(JSON.stringify(problemsOf({ ...good, ...change }))).not.toContain(CANARY);
  });
});
