import { NOTHING_SAID, within } from '../../../test/support/sandbox.js';
import type { Json } from '../../kernel/json.js';
import { createExpressions } from './expressions.js';

const AMPLE = within(5_000);
const USER = { name: 'ann@example.org', age: 33, groups: ['staff', 'admin'], manager: null };

const expressions = createExpressions();
afterAll(() => expressions.close());

const evaluate = (source: string, input = { user: USER }) => expressions.evaluate(source, input, AMPLE);

const comesTo = (value: Json) => ({ ok: true, value, ...NOTHING_SAID });

describe('expressions', () => {
  it.each([
    ['an expression', 'user.age > 18', true],
    ['an expression with a semicolon and comments', '/* of age */ user.age > 18; // or not', true],
    ['an expression within parentheses', '(user.age // years\n)', 33],
    ['a comma', '1, 2', 2],
    ['an object', '{ isStaff: user.groups.includes("staff"), user }', { isStaff: true, user: USER }],
    ['null', 'user.manager', null],
    ['a body', 'for (const group of user.groups) {\n  if (group === "admin") return group;\n}', 'admin'],
    ['a body with declarations', 'var f; function f() { return 7 }\nreturn f()', 7],
    ['a body within which names of the input are declared', 'const user = 1; return user', 1],
    ['a function that is called at once', '(() => user.name.split("@")[1])()', 'example.org'],
    ['regular expressions, maps and sets', '/^ann/.test(user.name) && new Set(user.groups).size', 2],
    ['properties without a value', '{ a: undefined, b: 1 }', { b: 1 }],
    ['objects that say what they are in JSON', '{ a: { toJSON: () => "b" } }', { a: 'b' }],
    ['characters of any kind', '"\\u0000é\u20ac\u{1f3ad}"', '\u0000é\u20ac\u{1f3ad}'],
    ['missing names', 'typeof request', 'undefined'],
  ])('give the value of %s', async (_, source, value) => {
    expect(await evaluate(source)).toEqual(comesTo(value));
  });

  it('compare what two fields of a prompt have collected', async () => {
    const same = 'context.promptData.email === context.promptData.repeated';
    for (const repeated of ['a@b', 'a@c']) {
      const input = { context: { promptData: { email: 'a@b', repeated } } };
      expect(await expressions.evaluate(same, input, AMPLE)).toEqual(comesTo(repeated === 'a@b'));
    }
  });

  it('have each property of the input as a variable, whatever its name', async () => {
    const input = { $a: 1, JSON: 'shadowed', __proto__: null, 'not-a-name': 2, 'quote"\u2028': 3 };
    expect(await expressions.evaluate('[$a, JSON]', input, AMPLE)).toEqual(comesTo([1, 'shadowed']));
  });

  it.each([
    ['a missing name', '1 +\n  usr.name', "ReferenceError: 'usr' is not defined (line 2)"],
    ['a body', 'const a = 1;\n\nreturn user.nope();', 'TypeError: not a function (line 3)'],
    ['an expression that begins late', '\n\n  user.manager.name', /^TypeError: .*'name' of null \(line 3\)$/],
    ['a call within', 'const f = () => {\n  null.x\n};\nreturn f()', /\(line 2\)$/],
    [
      'a built-in function',
      'return BigInt(\nuser.name)',
      /^SyntaxError: invalid bigint literal \(line [12]\)$/,
    ],
    ['an own error', 'class Denied extends Error { name = "Denied" }\nthrow new Denied("no")', /^Denied: no/],
    ['a string', 'throw "no"', 'no'],
    ['null', 'throw null', 'Threw something that is not an Error'],
    ['syntax', 'return (', 'Unexpected token (line 1, column 9)'],
  ])('fail with the error and the line: %s', async (_, source, message) => {
    const outcome = await evaluate(source);
    expect(outcome).toMatchObject({ ok: false, reason: 'ERROR' });
    expect(outcome).toHaveProperty(
      'message',
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it.each([
    'throw new Error(user.name)',
    'throw user.name',
    'null[user.name]',
    'JSON.parse(user.name)',
    'user[user.name].x',
  ])('fail without telling the input: %s', async (source) => {
    const outcome = await evaluate(source);
    expect(outcome.ok).toBe(false);
    expect(JSON.stringify(outcome)).not.toMatch(/\bann\b|example/);
  });

  it.each([
    ['undefined', 'undefined'],
    ['a body without return', 'user.age; user.name'],
    ['a function', '() => true'],
    ['a symbol', 'Symbol("a")'],
    ['a big integer', '10n'],
    ['a number that is not finite', 'user.name * 2'],
    ['a cycle', 'const a = {}; a.a = a; return a'],
    ['a promise', '(async () => true)()'],
    ['a promise within', '{ allowed: Promise.resolve(true) }'],
    ['a method', '{ then(resolve) { resolve(true) } }'],
    ['a map', 'new Map([[1, 2]])'],
    ['a boxed value', 'new Boolean(false)'],
    ['a hole', '[1, , 2]'],
    ['a property __proto__', 'JSON.parse(\'{"__proto__": {"admin": true}}\')'],
    ['what is too long', '"x".repeat(70000)'],
    ['what is too deep', 'let a = []; for (let i = 0; i < 200; i++) a = [a]; return a'],
  ])('have no usable result: %s', async (_, source) => {
    expect(await evaluate(source)).toMatchObject({ ok: false, reason: 'UNUSABLE_RESULT' });
  });

  it.each([
    'Date',
    'eval',
    'Function',
    'Proxy',
    'SharedArrayBuffer',
    'Atomics',
    'WeakRef',
    'console',
    'setTimeout',
  ])('have no %s', async (name) => {
    expect(await evaluate(`typeof ${name}`)).toEqual(comesTo('undefined'));
  });

  it('have neither chance nor clock', async () => {
    expect(await evaluate('typeof Math.random + typeof performance')).toEqual(comesTo('undefinedundefined'));
  });

  it('refuse an input that is too large', async () => {
    expect(await expressions.evaluate('1', { a: 'x'.repeat(2_000_000) }, AMPLE)).toMatchObject({
      ok: false,
      reason: 'MEMORY',
    });
  });
});

describe('two evaluations', () => {
  const alone = createExpressions({ workers: 1 });
  afterAll(() => alone.close());

  it.each([
    [
      'prototypes',
      'Array.prototype.includes = () => true; Object.prototype.admin = true; return 1',
      '[[].includes(1), ({}).admin ?? null]',
      [false, null],
    ],
    ['globals', 'globalThis.leak = 1; return 1', 'typeof leak', 'undefined'],
    [
      'declarations',
      'var leak = 1; let other = 2; return 1',
      'typeof leak + typeof other',
      'undefinedundefined',
    ],
    [
      'built-in functions',
      'JSON.stringify = () => "true"; JSON.parse = () => true; return 1',
      'JSON.stringify([1])',
      '[1]',
    ],
    ['symbols', 'Symbol.for("a").constructor.leak = 1; return 1', 'typeof Symbol.leak', 'undefined'],
    ['the input', 'user.admin = true; return 1', 'user.admin ?? null', null],
    [
      'what a promise would do later',
      'Promise.resolve().then(() => { globalThis.leak = 1 }); return 1',
      'typeof leak',
      'undefined',
    ],
  ])('on the same worker share nothing: %s', async (_, first, second, value) => {
    const input = { user: USER };
    expect(await alone.evaluate(first, input, AMPLE)).toEqual(comesTo(1));
    expect(await alone.evaluate(second, input, AMPLE)).toEqual(comesTo(value));
  });
});
