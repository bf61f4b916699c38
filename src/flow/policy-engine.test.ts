import { bound, person, policy } from '../../test/support/definitions.js';
import { engineOf, fakePolicies, fails, says } from '../../test/support/engine.js';
import { decide as decisionOf, policyInputOf } from '../../test/support/policy-questions.js';
import type { PolicyBindingDefinition, PolicyEngineMode } from './definition.js';
import type { PolicyEngineParts } from './policy-engine.js';
import { verdict } from './policy-kind.js';
import type { PolicyVerdict } from './policy-kind.js';
import type { FlowUser } from './services/users.js';

const member = person('ada', { groups: [{ id: 'staff', name: 'Staff', superuser: false }] });
const staff = { type: 'group', groupId: 'staff' } as const;
const guests = { type: 'group', groupId: 'guests' } as const;
const ada = { type: 'user', userId: 'ada' } as const;
const eve = { type: 'user', userId: 'eve' } as const;

const yes = policy('yes');
const no = policy('no');
const broken = policy('broken');
const kind = fakePolicies({
  yes: says(true, 'yes says hello'),
  no: says(false, 'no says hello'),
  broken: fails('the disk is full'),
});

function decide(
  mode: PolicyEngineMode,
  bindings: readonly PolicyBindingDefinition[],
  user: FlowUser | null = member,
  parts: PolicyEngineParts = engineOf({ policies: kind }).policies,
) {
  return decisionOf(parts, bindings, { mode, input: policyInputOf({ user }) });
}

describe('what bindings decide together', () => {
  const table: [string, PolicyBindingDefinition[], PolicyEngineMode[], boolean, string[]][] = [
    ['no bindings at all pass', [], ['ANY', 'ALL'], true, []],
    ['only disabled bindings pass', [bound(no, { enabled: false })], ['ANY', 'ALL'], true, []],
    ['one policy that is false fails', [bound(no)], ['ANY', 'ALL'], false, ['no says hello']],
    ['one policy that is true passes', [bound(yes)], ['ANY', 'ALL'], true, ['yes says hello']],
    ['one policy that is true passes', [bound(yes)], ['ANY', 'ALL'], true, ['yes says hello']],
    ['true and false pass', [bound(yes), bound(no)], ['ANY'], true, ['yes says hello', 'no says hello']],
    ['true and false fail', [bound(yes), bound(no)], ['ALL'], false, ['yes says hello', 'no says hello']],
    ['own group and another pass', [bound(staff), bound(guests)], ['ANY'], true, []],
    ['own group and another fail', [bound(staff), bound(guests)], ['ALL'], false, []],
    ['own group and a false policy pass', [bound(staff), bound(no)], ['ANY'], true, ['no says hello']],
    ['own group and a false policy fail', [bound(staff), bound(no)], ['ALL'], false, ['no says hello']],
    ['the same user passes', [bound(ada)], ['ANY', 'ALL'], true, []],
    ['another user fails', [bound(eve)], ['ANY', 'ALL'], false, []],
    [
      'a negated true policy fails',
      [bound(yes, { negate: true })],
      ['ANY', 'ALL'],
      false,
      ['yes says hello'],
    ],
    ['a negated false policy passes', [bound(no, { negate: true })], ['ANY', 'ALL'], true, ['no says hello']],
    ['a negated own group fails', [bound(staff, { negate: true })], ['ANY', 'ALL'], false, []],
    ['a negated other group passes', [bound(guests, { negate: true })], ['ANY', 'ALL'], true, []],
    ['a negated other user passes', [bound(eve, { negate: true })], ['ANY', 'ALL'], true, []],
    [
      'a disabled binding does not count',
      [bound(no, { enabled: false }), bound(yes)],
      ['ALL'],
      true,
      ['yes says hello'],
    ],
  ];
  const rows = table.flatMap(([name, bindings, modes, passing, messages]) =>
    modes.map((mode) => ({ name, bindings, mode, passing, messages })),
  );

  it.each(rows)('$name in mode $mode', async ({ bindings, mode, passing, messages }) => {
    const { evaluations, ...decision } = await decide(mode, bindings);
    expect(decision).toEqual({ passing, broken: false, messages, changes: [] });
    expect(evaluations.every(({ error }) => error === null)).toBe(true);
  });
});

describe('somebody unknown', () => {
  it.each([ada, staff, guests])('never fulfils a binding of $type, negated or not', async (subject) => {
    for (const negate of [false, true]) {
      for (const mode of ['ANY', 'ALL'] as const) {
        expect((await decide(mode, [bound(subject, { negate })], null)).passing).toBe(false);
      }
    }
  });
});

describe('an evaluation that ends in an error', () => {
  it.each(['ANY', 'ALL'] as const)(
    'counts as false by default, and is marked as broken, in mode %s',
    async (mode) => {
      const evaluation = {
        ...{ field: null, judgesPassword: false, events: [], read: {}, decidedBy: [], calls: [] },
        bindingId: 'binding-broken',
        policy: 'broken',
        passing: false,
        messages: [],
        error: 'the disk is full',
        recorded: false,
        milliseconds: 0,
      };
      expect(await decide(mode, [bound(broken)])).toEqual({
        passing: false,
        broken: true,
        messages: [],
        evaluations: [evaluation],
        changes: [],
      });
    },
  );

  it('counts as true where the failure result says so, and is reported all the same', async () => {
    const decision = await decide('ALL', [bound(broken, { failureResult: true })]);
    expect(decision).toMatchObject({
      passing: true,
      broken: false,
      evaluations: [{ policy: 'broken', passing: true }],
    });
  });

  it.each([true, false])(
    'is not turned round by negating, with the failure result %s',
    async (failureResult) => {
      const decision = await decide('ALL', [bound(broken, { negate: true, failureResult })]);
      expect(decision.passing).toBe(failureResult);
    },
  );

  it('does not hide what the others say', async () => {
    expect(await decide('ANY', [bound(broken), bound(yes)])).toMatchObject({
      passing: true,
      messages: ['yes says hello'],
    });
    expect(await decide('ALL', [bound(yes), bound(broken)])).toMatchObject({ passing: false, broken: true });
  });

  it('is what a policy of a kind that is not installed ends in', async () => {
    const decision = await decide('ANY', [bound(policy('old', 'geoip'))]);
    expect(decision).toMatchObject({ passing: false, broken: true, evaluations: [{ policy: 'old' }] });
  });

  it('is what a policy ends in that throws something other than an error', async () => {
    const odd = fakePolicies({
      odd: () => new Promise((_, reject) => Reflect.apply(reject, undefined, ['a string'])),
    });
    const decision = await decide(
      'ANY',
      [bound(policy('odd'))],
      member,
      engineOf({ policies: odd }).policies,
    );
    expect(decision).toMatchObject({
      passing: false,
      broken: true,
      evaluations: [{ error: 'the policy failed' }],
    });
  });

  it.each(['null', '"yes"', '1', '{}', '[]', '{"passing":"yes","messages":[]}', '{"passing":true}'])(
    'is what a policy ends in that returns %s, negated or not',
    async (text) => {
      const nonsense: PolicyVerdict = JSON.parse(text);
      const odd = { name: 'fake', passwordsRemembered: () => 0, evaluate: async () => nonsense };
      for (const negate of [false, true]) {
        const bindings = [bound(policy('odd'), { negate })];
        const decision = await decide('ANY', bindings, member, engineOf({ policies: odd }).policies);
        expect(decision).toMatchObject({ passing: false, broken: true, messages: [] });
      }
    },
  );
});

describe('time', () => {
  it('is limited to what the binding says, and running out of it is an error', async () => {
    const limits: number[] = [];
    const parts: PolicyEngineParts = {
      ...engineOf({ policies: fakePolicies({ slow: () => new Promise(() => undefined) }) }).policies,
      within: (seconds) => {
        limits.push(seconds);
        return Promise.reject(new Error('it took too long'));
      },
    };
    const bindings = [
      bound(policy('slow'), { timeoutSeconds: 7 }),
      bound(policy('slow'), { timeoutSeconds: 8, failureResult: true }),
    ];
    expect(await decide('ALL', bindings, member, parts)).toMatchObject({
      passing: false,
      broken: true,
      evaluations: [{ error: 'it took too long' }, { error: 'it took too long' }],
    });
    expect(limits).toEqual([7, 8]);
  });
});

describe('order', () => {
  it('is that of the bindings, one after the other, and all are asked whatever the first ones say', async () => {
    const seen: string[] = [];
    const witness = (name: string, passing: boolean) => async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      return verdict(passing, [name]);
    };
    const kinds = fakePolicies({ a: witness('a', true), b: witness('b', false), c: witness('c', true) });
    const bindings = [bound(policy('a')), bound(policy('b')), bound(policy('c'))];
    const decision = await decide('ANY', bindings, member, engineOf({ policies: kinds }).policies);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(decision.messages).toEqual(['a', 'b', 'c']);
  });
});

describe('execution logging', () => {
  it('marks what each policy that asks for it has decided, after negating, and leaves out what is disabled', async () => {
    const logged = { executionLogging: true };
    const bindings = [
      bound({ ...yes, ...logged }, { negate: true }),
      bound({ ...no, ...logged }, { enabled: false }),
      bound({ ...broken, ...logged }),
      bound(no),
      bound(staff),
    ];
    const decision = await decide('ANY', bindings);
    expect(decision.evaluations.map(({ policy: name, recorded }) => [name, recorded])).toEqual([
      ['yes', true],
      ['broken', true],
      ['no', false],
      ['group staff', false],
    ]);
    expect(decision.evaluations[0]).toMatchObject({ passing: false, error: null });
  });
});

describe('how long it took', () => {
  it('is told of each binding apart, also where it failed', async () => {
    const times = [5, 7];
    const parts = engineOf({ policies: kind }).policies;
    const stopwatch = () => () => times.shift() ?? 0;
    const { evaluations } = await decide('ANY', [bound(yes), bound(broken)], member, { ...parts, stopwatch });
    expect(evaluations.map(({ milliseconds }) => milliseconds)).toEqual([5, 7]);
  });
});
