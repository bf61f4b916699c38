import { bound, catalogueOf, flow, person, placed, policy, stage } from '../../test/support/definitions.js';
import { NOW, begin, engineOf, fakePolicies, fakeStage, says, visitOf } from '../../test/support/engine.js';
import { decide, policyInputOf } from '../../test/support/policy-questions.js';
import type { PolicyBindingDefinition } from './definition.js';
import { answerChallenge } from './executor.js';
import { ask, pass } from './outcome.js';

const yes = policy('yes');
const no = policy('no');
const asked: string[] = [];
const kind = fakePolicies({
  yes: says(true, 'yes says hello'),
  no: says(false, 'no says hello'),
  witness: () => {
    asked.push('witness');
    return says(true)();
  },
});
const question = fakeStage('question', { present: async () => ask({}), answer: async () => pass() });
const parts = engineOf({ policies: kind, stages: [question] });

const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const expired = { expiresAt: NOW };
const modes = ['ANY', 'ALL'] as const;

async function passing(
  bindings: readonly PolicyBindingDefinition[],
  also: Parameters<typeof decide>[2] = {},
): Promise<boolean[]> {
  const decisions = await Promise.all(
    modes.map((mode) => decide(parts.policies, bindings, { mode, ...also })),
  );
  return decisions.map((decision) => decision.passing);
}

beforeEach(() => asked.splice(0));

describe('a binding that expires', () => {
  it('takes part until its moment, and not in that moment any more', async () => {
    expect(await passing([bound(yes, { expiresAt: after(1) })])).toEqual([true, true]);
    expect(await passing([bound(yes, { expiresAt: after(0) })])).toEqual([false, false]);
    expect(await passing([bound(yes, { expiresAt: after(-1) })])).toEqual([false, false]);
    expect(await passing([bound(no, { expiresAt: after(1) })])).toEqual([false, false]);
  });

  it('is then not asked, and says nothing', async () => {
    const decision = await decide(parts.policies, [bound(policy('witness'), expired), bound(yes)]);
    expect(asked).toEqual([]);
    expect(decision).toMatchObject({ messages: ['yes says hello'], evaluations: [{ policy: 'yes' }] });
  });

  it.each([
    ['one that objected does not object any more', bound(no, expired), bound(yes), [true, true]],
    ['one that let pass does not let pass any more', bound(yes, expired), bound(no), [false, false]],
    [
      'a negated one neither',
      bound({ type: 'user', userId: 'eve' }, { ...expired, negate: true }),
      bound(no),
      [false, false],
    ],
  ])('leaves the decision to the others: %s', async (_what, gone, left, expected) => {
    const input = policyInputOf({ user: person('ada') });
    expect(await passing([gone, left], { input })).toEqual(expected);
  });
});

describe('where every binding has expired', () => {
  const gone: [string, Partial<PolicyBindingDefinition>][] = [
    ['as it is', {}],
    ['negated', { negate: true }],
    ['with the failure result true', { failureResult: true }],
  ];

  it.each(gone)('nobody may use a flow, and a stage applies: %s', async (_what, also) => {
    for (const subject of [yes, no, { type: 'user', userId: 'ada' } as const]) {
      const bindings = [bound(subject, { ...expired, ...also })];
      const input = policyInputOf({ user: person('ada') });
      expect(await passing(bindings, { input, passesWhenExpired: false })).toEqual([false, false]);
      expect(await passing(bindings, { input, passesWhenExpired: true })).toEqual([true, true]);
    }
  });

  it('those that are disabled do not count, and make no difference', async () => {
    const off = { enabled: false };
    expect(await passing([bound(yes, { ...expired, ...off })])).toEqual([true, true]);
    expect(await passing([bound(yes, expired), bound(yes, off)])).toEqual([false, false]);
    expect(await passing([bound(yes, expired), bound(yes, { ...expired, ...off })])).toEqual([false, false]);
  });
});

describe('in a flow', () => {
  const place = (also: object) => placed(stage('a', 'question'), also);
  const run = (under: ReturnType<typeof flow>) => begin(parts, visitOf(catalogueOf(under)));

  it('a grant that is over denies, as any policy does', async () => {
    const { execution } = await run(flow([place({})], { policyBindings: [bound(yes, expired)] }));
    expect(execution.step).toMatchObject({ type: 'denied', code: 'POLICY_DENIED' });
  });

  it.each([
    ['on plan', { evaluateOnPlan: true, reEvaluatePolicies: false }],
    ['on run', { evaluateOnPlan: false, reEvaluatePolicies: true }],
  ])('an exemption from a stage that is over puts the stage back: %s', async (_when, moments) => {
    const exempt = (expiresAt: Date | null) =>
      flow([
        placed(stage('end', 'question')),
        place({ ...moments, policyBindings: [bound(no, { expiresAt })] }),
      ]);
    const outcomes = await Promise.all(
      [after(1), NOW].map(async (moment) => {
        const under = exempt(moment);
        const { execution } = await run(under);
        return answerChallenge(parts, visitOf(catalogueOf(under)), execution, {});
      }),
    );
    expect(outcomes.map(({ execution }) => execution.step.type)).toEqual(['completed', 'challenge']);
  });

  it('an exemption that ends while somebody is on the way holds no longer once the stage has its turn', async () => {
    const until = after(60_000);
    const under = flow([
      placed(stage('first', 'question')),
      place({ policyBindings: [bound(no, { expiresAt: until })] }),
    ]);
    const visit = visitOf(catalogueOf(under));
    const { execution } = await begin(parts, visit);
    const early = await answerChallenge(parts, visit, execution, {});
    expect(early.execution.step.type).toBe('completed');
    const late = await answerChallenge(parts, { ...visit, now: until }, execution, {});
    expect(late.execution.step).toMatchObject({ type: 'challenge', stageName: 'a' });
  });
});
