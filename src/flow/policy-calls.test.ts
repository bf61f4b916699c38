import { z } from 'zod';

import { bound, policy } from '../../test/support/definitions.js';
import { engineOf, fakePolicies, fails, says } from '../../test/support/engine.js';
import { decide, policyInputOf } from '../../test/support/policy-questions.js';
import { contextKey } from './context.js';
import { verdict } from './policy-kind.js';
import type { PolicyVerdict } from './policy-kind.js';

type Decide = Parameters<typeof fakePolicies>[0][string];

const note = contextKey('note', z.string());
const writes =
  (text: string, passing = true) =>
  () =>
    verdict(passing, [text], { changes: [note.to(text)], events: [{ name: text, details: {} }] });
/** Calls these, one after the other, and passes where all do. */
const calls =
  (...names: readonly string[]): Decide =>
  async (_input, run) => {
    const heard: PolicyVerdict[] = [];
    for (const name of names) heard.push(await run.call(name));
    return verdict(
      heard.every(({ passing }) => passing),
      heard.flatMap(({ messages }) => messages),
    );
  };

const enginePartsOf = (decisions: Readonly<Record<string, Decide>>) =>
  engineOf({ policies: fakePolicies(decisions) }).policies;

/** Asks the policy `asked`, which can call all the others. */
function ask(decisions: Readonly<Record<string, Decide>>, also: Parameters<typeof decide>[2] = {}) {
  const known = Object.keys(decisions).map((name) => policy(name));
  return decide(enginePartsOf(decisions), [bound(policy('asked'))], { known, ...also });
}

describe('a policy that calls others', () => {
  it('is told what they came to, and decides by it', async () => {
    const heard: PolicyVerdict[] = [];
    const { passing } = await ask({
      asked: async (_input, run) => {
        heard.push(await run.call('other'));
        return verdict(heard[0]?.passing !== true);
      },
      other: () => verdict(false, ['no'], { rawResult: { score: 3 } }),
    });
    expect(heard).toMatchObject([{ passing: false, messages: ['no'], rawResult: { score: 3 } }]);
    expect(passing).toBe(true);
  });

  it('is told the same where the binding turns its own result round', async () => {
    const bindings = [bound(policy('asked'), { negate: true })];
    const known = [policy('other')];
    const parts = enginePartsOf({ asked: calls('other'), other: says(true, 'yes') });
    expect(await decide(parts, bindings, { known })).toMatchObject({
      passing: false,
      evaluations: [{ calls: [{ policy: 'other', passing: true }] }],
    });
  });

  it('shows which ones it has called, in the order in which they ended, with what they looked at', async () => {
    const { evaluations } = await ask({
      asked: calls('first', 'second'),
      first: calls('within'),
      second: () => verdict(true, ['2'], { read: { 'user.id': null }, decidedBy: ['rules.0'] }),
      within: says(true, 'w'),
    });
    const plain = { passing: true, error: null, read: {}, decidedBy: [], recorded: false };
    expect(evaluations[0]?.calls).toEqual([
      { ...plain, policy: 'within', messages: ['w'] },
      { ...plain, policy: 'first', messages: ['w'] },
      { ...plain, policy: 'second', messages: ['2'], read: { 'user.id': null }, decidedBy: ['rules.0'] },
    ]);
  });

  it('keeps what they wanted to have written and recorded, also where they do not pass', async () => {
    const decision = await ask({
      asked: async (_input, run) => {
        await run.call('one');
        await run.call('other');
        return writes('asked')();
      },
      one: writes('one'),
      other: writes('other', false),
    });
    expect(decision.changes).toEqual([note.to('one'), note.to('other'), note.to('asked')]);
    expect(decision.evaluations[0]?.events.map(({ name }) => name)).toEqual(['one', 'other', 'asked']);
  });

  it('finds what one of them has written known to the next', async () => {
    const seen: unknown[] = [];
    const look: Decide = ({ context }) => {
      seen.push(context.note);
      return verdict(true);
    };
    await ask({ asked: calls('look', 'write', 'look'), look, write: writes('written') });
    expect(seen).toEqual([undefined, 'written']);
  });

  it('may be led to the same one twice, as long as it is not within itself', async () => {
    const diamond = {
      asked: calls('left', 'right'),
      left: calls('tip'),
      right: calls('tip'),
      tip: says(true),
    };
    expect(await ask(diamond)).toMatchObject({ passing: true, broken: false });
  });
});

describe('a call that comes to nothing', () => {
  const error = async (decisions: Readonly<Record<string, Decide>>) => {
    const { passing, broken, evaluations } = await ask(decisions);
    expect({ passing, broken }).toEqual({ passing: false, broken: true });
    return evaluations[0]?.error;
  };

  it('is one of a policy that there is not', async () => {
    expect(await error({ asked: calls('gone') })).toBe('there is no policy gone');
  });

  it('is one that leads back to where it came from', async () => {
    expect(await error({ asked: calls('asked') })).toMatch(/without end: asked → asked$/);
    expect(await error({ asked: calls('b'), b: calls('c'), c: calls('b') })).toMatch(
      /without end: asked → b → c → b$/,
    );
  });

  it('is one that ends in an error, whose reason is then that of the caller', async () => {
    expect(await error({ asked: calls('other'), other: fails('the disk is full') })).toBe('the disk is full');
  });

  it('is one that returns no verdict', async () => {
    const nonsense: PolicyVerdict = JSON.parse('{"passing":"yes","messages":[]}');
    expect(await error({ asked: calls('other'), other: () => nonsense })).toMatch(/not return a verdict/);
  });

  it('is the eleventh of policies that wait for each other, and not the tenth', async () => {
    const chain = (length: number) =>
      Object.fromEntries([
        ...Array.from({ length: length - 1 }, (_, index): [string, Decide] => [
          index === 0 ? 'asked' : `p${index}`,
          calls(`p${index + 1}`),
        ]),
        [`p${length - 1}`, says(true)],
      ]);
    expect(await ask(chain(10))).toMatchObject({ passing: true });
    expect(await error(chain(11))).toMatch(/too deep/);
  });

  it('is the fifty-first of one binding, one after the other or all at the same time', async () => {
    const many = (count: number) => Array.from({ length: count }, () => 'other');
    const atOnce =
      (count: number): Decide =>
      async (_input, run) => {
        await Promise.all(many(count).map((name) => run.call(name)));
        return verdict(true);
      };
    const other = says(true);
    expect(await ask({ asked: calls(...many(50)), other })).toMatchObject({ passing: true });
    expect(await error({ asked: calls(...many(51)), other })).toMatch(/too many/);
    expect(await ask({ asked: atOnce(50), other })).toMatchObject({ passing: true });
    expect(await error({ asked: atOnce(51), other })).toMatch(/too many/);
  });

  it('is shown with its reason, and can be got over by a caller that expects it', async () => {
    const decision = await ask({
      asked: (_input, run) => run.call('other').catch(() => verdict(true, ['never mind'])),
      other: fails('the disk is full'),
    });
    expect(decision).toMatchObject({ passing: true, broken: false, messages: ['never mind'] });
    expect(decision.evaluations[0]?.calls).toMatchObject([
      { policy: 'other', passing: false, error: 'the disk is full' },
    ]);
  });

  it('takes with it what others had wanted by then', async () => {
    const decision = await ask({ asked: calls('one', 'other'), one: writes('one'), other: fails('full') });
    expect(decision).toMatchObject({ changes: [], evaluations: [{ events: [], messages: [] }] });
    expect(decision.evaluations[0]?.calls.map(({ policy: name }) => name)).toEqual(['one', 'other']);
  });

  it('is one that writes where it is asked who may use a flow', async () => {
    const decision = await ask(
      { asked: calls('other'), other: writes('other') },
      { input: policyInputOf({ mayWrite: false }) },
    );
    expect(decision).toMatchObject({ passing: false, broken: true, changes: [] });
    expect(decision.evaluations[0]?.error).toMatch(/nothing can be written/);
  });
});

describe('the time of a binding', () => {
  it('is that of all that its policy calls, and once it is over nothing is added any more', async () => {
    let goOn = (): void => undefined;
    const slow = new Promise<PolicyVerdict>((resolve) => (goOn = () => resolve(verdict(true))));
    const limits: number[] = [];
    const finished: Promise<unknown>[] = [];
    const parts = {
      ...enginePartsOf({ asked: calls('quick', 'slow'), quick: says(true), slow: () => slow }),
      async within<T>(seconds: number, promise: Promise<T>): Promise<T> {
        limits.push(seconds);
        finished.push(promise);
        throw new Error('it took too long');
      },
    };
    const bindings = [bound(policy('asked'), { timeoutSeconds: 7 })];
    const { evaluations } = await decide(parts, bindings, { known: [policy('quick'), policy('slow')] });
    expect(limits).toEqual([7]);
    const told = structuredClone(evaluations);
    expect(told).toMatchObject([{ passing: false, error: 'it took too long' }]);
    goOn();
    await Promise.all(finished);
    expect(evaluations).toEqual(told);
  });
});
