import { NOTHING_SAID } from '../../../test/support/sandbox.js';
import type { CalledResult } from '../../flow/services/expressions.js';
import { createExpressions } from './expressions.js';

const expressions = createExpressions({ workers: 1 });
afterAll(() => expressions.close());

const said = (passing: boolean, ...messages: string[]): CalledResult => ({
  passing,
  messages,
  rawResult: { passing },
});

/** Evaluates a source, and notes what it calls. */
async function calling(source: string, answer: (name: string) => CalledResult, deadlineMilliseconds = 5_000) {
  const called: string[] = [];
  const outcome = await expressions.evaluate(
    source,
    {},
    {
      deadlineMilliseconds,
      call: async (name) => {
        called.push(name);
        return answer(name);
      },
    },
  );
  return { outcome, called };
}

describe('an expression that calls a policy', () => {
  it('learns its result, messages and raw result', async () => {
    expect(await calling("callPolicy('other')", () => said(true, 'hello'))).toEqual({
      outcome: { ok: true, value: { ...said(true, 'hello') }, ...NOTHING_SAID },
      called: ['other'],
    });
  });

  it('has each policy asked once, in its order, and no more than it comes by', async () => {
    const source = `
      message('begun');
      const first = callPolicy('first');
      first.passing = 'changed';
      if (!callPolicy('first').passing) return callPolicy('never');
      for (let n = 0; n < 1000; n++) callPolicy('second');
      message('ended');
      return first.passing`;
    expect(await calling(source, () => said(true))).toEqual({
      outcome: { ok: true, value: 'changed', ...NOTHING_SAID, messages: ['begun', 'ended'] },
      called: ['first', 'second'],
    });
  });

  it.each([
    ["try { return callPolicy('a').passing } catch { return 'caught' }", true],
    ["try { return callPolicy('a').passing } catch {} finally { message('x') }", true],
    ["let n = 0; try { callPolicy('a') } catch { n = 1 } return n", 0],
    ["try { callPolicy('a') } catch { callPolicy('b') } return 1", 1],
    ["[1, 2].map(() => callPolicy('a').passing)", [true, true]],
    ["const f = () => callPolicy('__proto__').passing; return f()", true],
    ["callPolicy('toString').passing", true],
    ["JSON.parse = () => 'forged'; Object.hasOwn = () => true; return callPolicy('a').passing", true],
  ])('cannot tell that it was run before: %s', async (source, value) => {
    const { outcome, called } = await calling(source, () => said(true));
    expect(outcome).toMatchObject({ ok: true, value });
    expect(called).toHaveLength(1);
  });

  it('has no result where the policy has none', async () => {
    const failing = calling("try { callPolicy('other') } catch { return true }", () => {
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
  });

  it('may call ten, and no more', async () => {
    const source = (most: number) =>
      Array.from({ length: most }, (_, n) => `callPolicy('${String(n)}');`).join('\n') + 'return true';
    expect((await calling(source(10), () => said(true))).outcome).toMatchObject({ ok: true });
    const { outcome, called } = await calling(source(11), () => said(true));
    expect(outcome).toMatchObject({ ok: false, message: 'More than 10 policies are called' });
    expect(called).toHaveLength(10);
  });

  it('has its deadline for all its runs together', async () => {
    const busy = 'for (let n = 0; n < 3e6; n++);\n';
    const source = (most: number) =>
      busy + Array.from({ length: most }, (_, n) => `callPolicy('${String(n)}');`).join('\n') + 'return true';
    expect((await calling(source(1), () => said(true), 20_000)).outcome).toMatchObject({ ok: true });
    // The least of several: others may keep the machine busy during any one of them.
    let once = Infinity;
    for (let time = 0; time < 3; time += 1) {
      const begunAt = performance.now();
      expect((await calling(source(0), () => said(true), 20_000)).outcome).toMatchObject({ ok: true });
      once = Math.min(once, performance.now() - begunAt);
    }
    expect((await calling(source(10), () => said(true), 2 * once)).outcome).toMatchObject({
      reason: 'TIMEOUT',
    });
  });

  it('is refused what policies say where that is too much', async () => {
    const much = { ...said(true), rawResult: 'x'.repeat(600_000) };
    const { outcome } = await calling("callPolicy('a'); callPolicy('b'); return true", () => much);
    expect(outcome).toMatchObject({ ok: false, reason: 'MEMORY' });
  });
});

describe('the text of an expression', () => {
  it.each([
    ["callPolicy('a') && callPolicy(\"b\") && callPolicy('a')", ['a', 'b']],
    ["const f = () => callPolicy('a');\nreturn f().passing", ['a']],
    ["\\u0063allPolicy('a').passing", ['a']],
    ["callPolicy('\\x61')", ['a']],
    ["{ passing: callPolicy('a').passing }", ['a']],
    ['({ callPolicy: 1 }).callPolicy', []],
    ['"callPolicy(\'a\')" // callPolicy("b")', []],
  ])('says which policies it calls: %s', (source, calls) => {
    expect(expressions.check(source)).toBeUndefined();
    expect(new Set(expressions.mentions(source).calls)).toEqual(new Set(calls));
  });

  it.each([
    ['callPolicy', 1],
    ['callPolicy()', 1],
    ['callPolicy(user.name)', 1],
    ["callPolicy('a' + 'b')", 1],
    ['callPolicy(`a`)', 1],
    ["callPolicy('a', 'b')", 1],
    ["callPolicy(...['a'])", 1],
    ["callPolicy?.('a')", 1],
    ["(callPolicy)('a')", 2],
    ["callPolicy.call(null, 'a')", 1],
    ["true && callPolicy['bind'](null)('a')", 9],
    ["[callPolicy][0]('a')", 2],
    ['({ callPolicy })', 4],
    ["const ask = callPolicy; return ask('a')", 13],
    ["const { a = callPolicy } = {}; return a('x')", 13],
    ["(0, callPolicy)('a')", 5],
    ["new callPolicy('a')", 5],
    ['callPolicy`a`', 1],
    ['const callPolicy = () => true; return 1', 7],
    ['((callPolicy) => 1)()', 3],
    ['function callPolicy() {}; return 1', 10],
    ['\\u0063allPolicy', 1],
    ['c\\u{61}llPolicy(user.name)', 1],
    ['typeof callPolicy', 8],
  ])('is refused where it does anything but call one by its name: %s', (source, column) => {
    expect(expressions.check(source)).toEqual({
      message: "callPolicy can only be called, and with the policy's name as a text",
      line: 1,
      column,
    });
  });

  it.each([
    "globalThis.callPolicy('a')",
    "globalThis['call' + 'Policy']('a')",
    "(function () { return this })().callPolicy('a')",
    "arguments[0]('a')",
    "Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]).find((f) => f?.name === 'callPolicy')('a')",
  ])('does not reach it in any other way: %s', async (source) => {
    const { outcome, called } = await calling(source, () => said(true));
    expect(outcome).toMatchObject({ ok: false, reason: 'ERROR' });
    expect(called).toEqual([]);
  });

  it.each([
    ['user.email', ['user.email']],
    ['user?.["email"]', ['user.email']],
    ["context.promptData.email.endsWith('.org')", ['context.promptData.email.endsWith']],
    ['user.groups[request.n].length', ['user.groups', 'request.n']],
    ['const { email } = user; return email', ['email', 'user']],
    ['{ user: request.geo?.country }', ['request.geo.country']],
    ['({ user })', ['user']],
    ['`${user.name}`', ['user.name']],
  ])('says what it reads: %s', (source, paths) => {
    const mentioned = expressions.mentions(source).paths.map((path) => path.join('.'));
    expect(mentioned.toSorted()).toEqual(paths.toSorted());
  });

  it('says nothing where there is a mistake in it', () => {
    expect(expressions.mentions("callPolicy('a'")).toEqual({ calls: [], paths: [] });
  });
});
