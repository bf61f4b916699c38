import fc from 'fast-check';

import { createExpressions } from '../../src/adapters/sandbox/expressions.js';
import { expressionPolicy } from '../../src/policies/expression/policy.js';
import { failingExpression } from '../../src/blueprints/relative/expressions/failing.js';

const expressions = createExpressions({ workers: 1 });

afterAll(() => expressions.close());

function textOf(source: string): string {
  const { expression } = failingExpression(source).config;
  expect(expressionPolicy.config.safeParse({ expression }).success).toBe(true);
  if (typeof expression !== 'string') throw new Error('it holds no text');
  return expression;
}

it('what nobody understands is kept readable, and asking it is an error whatever it says', async () => {
  const text = textOf('x = 1\n\nreturn x > 0');
  expect(text).toContain('//   x = 1\n//\n//   return x > 0\n');
  expect(
    await expressions.evaluate(
      text,
      {},
      { deadlineMilliseconds: 10_000, call: () => Promise.reject(new Error()) },
    ),
  ).toMatchObject({
    ok: false,
    reason: 'ERROR',
  });
});

it.each([
  ['ends lines as JavaScript does', 'a\u2028return true\u2029return true\rreturn true'],
  ['would end a comment', '*/ return true; /*\n-->\n<!--'],
  ['cannot be stored', 'a\0b\uD800'],
  ['is longer than can be kept', 'return True\n'.repeat(5000)],
])('a text that %s does not get out of where it is kept', async (_, source) => {
  const text = textOf(source);
  expect(expressions.check(text)).toBeUndefined();
  expect(text.split(/[\n\r\u2028\u2029]/).filter((line) => !line.startsWith('//'))).toHaveLength(1);
});

it('says so where not all of it could be kept', () => {
  expect(failingExpression('return 1').note).toBeNull();
  expect(failingExpression('return True\n'.repeat(5000)).note).toMatch(/too long/);
});

it('keeps whatever text as nothing but comment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30_000 }), (source) => {
      const code = textOf(source)
        .split(/[\n\r\u2028\u2029]/)
        .filter((line) => !line.startsWith('//'));
      return code.length === 1 && code[0]?.startsWith('throw') === true;
    }),
    { numRuns: 300 },
  );
});
