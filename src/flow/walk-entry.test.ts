import {
  bound,
  catalogueOf,
  flow,
  person,
  placed,
  policy,
  stage,
  viewer,
} from '../../test/support/definitions.js';
import {
  begin,
  engineOf,
  fakePolicies,
  fakeStage,
  says,
  sessionFor,
  visitOf,
} from '../../test/support/engine.js';
import { flowTokenKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import { answerChallenge, planAhead } from './executor.js';
import { ask, pass } from './outcome.js';

const end = fakeStage('end', {
  present: async () => pass({ effects: [{ type: 'endSession', sessionId: 's' }] }),
});
const question = fakeStage('question', { present: async () => ask({}), answer: async () => pass() });

const login = fakeStage('login', {
  opensSession: true,
  present: async (run) => pass({ effects: [sessionFor(run, (await run.user())?.id ?? 'nobody')] }),
});
const policies = fakePolicies({ no: says(false, 'not for you') });
const stages = [question, end, login, fakeStage('silent')];
const placeOf = (name: string, kind: string, also = {}) => placed(stage(name, kind), also);
const engine = () => engineOf({ stages, policies, people: [person('ada')] });
const ada = { id: 'ada', identifier: 'ada' };
const run = (under: FlowDefinition) => begin(engine(), visitOf(catalogueOf(under)));

describe('a flow token', () => {
  const under = flow([placeOf('a', 'question'), placeOf('b', 'end', { invalidResponseAction: 'RESTART' })], {
    authentication: 'REQUIRE_TOKEN',
  });
  const parts = engine();
  const visit = visitOf(catalogueOf(under));

  it('opens the flow, and is consumed by the submit that changes something', async () => {
    const opened = await begin(parts, visit, {
      flowToken: { id: 'token', flowId: under.id, user: null, isMailLink: false, suspension: null },
    });
    expect(opened.effects).toEqual([]);
    const done = await answerChallenge(parts, visit, opened.execution, { ok: true });
    expect(done.effects).toContainEqual({ type: 'consumeFlowToken', id: 'token' });
    expect(done.execution.context.get(flowTokenKey)).toEqual({
      id: 'token',
      consumed: true,
      user: null,
    });
  });

  it.each([null, 'invalid'] as const)('that is %s does not open it', async (flowToken) => {
    const { execution } = await begin(parts, visit, { flowToken });
    expect(execution).toMatchObject({ trail: [], step: { type: 'denied', code: 'INVALID_TOKEN' } });
  });
});

describe('a plan that was put aside', () => {
  const { id: flowId } = flow([]);
  const token = { id: 'token', flowId, user: ada, isMailLink: false };
  const under = flow([placeOf('a', 'question'), placeOf('b', 'login')]);

  async function putAside(planned: FlowDefinition) {
    const ahead = await planAhead(engine(), visitOf(catalogueOf(planned)), planned, ada);
    if (!ahead.ok) throw new Error(ahead.denial.message);
    return { ...token, suspension: ahead.suspension };
  }

  it('is gone on with, about the person whom the token was made for, and that proves them', async () => {
    const flowToken = await putAside(under);
    const visit = visitOf(catalogueOf(under));
    const { execution } = await begin(engine(), visit, { flowToken });
    expect(execution.step).toMatchObject({ type: 'challenge', user: { displayName: 'ada' } });
    const done = await answerChallenge(engine(), visit, execution, {});
    expect(done.execution.step).toMatchObject({ type: 'completed', session: { amr: ['token'] } });
    expect(done.effects).toContainEqual({ type: 'consumeFlowToken', id: 'token' });
  });

  it('is not planned again, and what was deleted from it denies', async () => {
    const flowToken = await putAside(under);
    const without = flow([placeOf('b', 'login')]);
    const { execution } = await begin(engine(), visitOf(catalogueOf(without)), { flowToken });
    expect(execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
  });

  it('is not gone on with where the flow lets the visitor in no longer', async () => {
    const flowToken = await putAside(under);
    const closed = flow(under.stageBindings, { policyBindings: [bound(policy('no'))] });
    const { execution } = await begin(engine(), visitOf(catalogueOf(closed)), { flowToken });
    expect(execution.step).toMatchObject({ type: 'denied', code: 'POLICY_DENIED', message: 'not for you' });
  });

  it('is not made where the flow does not apply', async () => {
    const closed = flow(under.stageBindings, { policyBindings: [bound(policy('no'))] });
    const ahead = await planAhead(engine(), visitOf(catalogueOf(closed)), closed, ada);
    expect(ahead).toMatchObject({ ok: false, denial: { code: 'POLICY_DENIED', message: 'not for you' } });
  });
});

describe('entry', () => {
  it('lets somebody who is to sign in and is signed in simply go on, with no new session', async () => {
    const login = flow([placeOf('a', 'silent')], {
      designation: 'AUTHENTICATION',
      authentication: 'REQUIRE_UNAUTHENTICATED',
    });
    const visit = visitOf(catalogueOf(login), viewer(person('ada')));
    const { execution } = await begin(engine(), visit, { next: '/account' });
    expect(execution.step).toMatchObject({ type: 'completed', redirectTo: '/account', session: null });
  });

  it.each(['ENROLLMENT', 'RECOVERY'] as const)(
    'is denied to a signed-in person who wants %s and may not',
    async (designation) => {
      const under = flow([placeOf('a', 'silent')], {
        designation,
        authentication: 'REQUIRE_UNAUTHENTICATED',
      });
      const visit = visitOf(catalogueOf(under), viewer(person('ada')));
      expect((await begin(engine(), visit)).execution.step.type).toBe('denied');
    },
  );

  it('is denied where there is nothing to do', async () => {
    expect((await run(flow([]))).execution.step).toMatchObject({ type: 'denied', code: 'EMPTY_FLOW' });
  });

  it('looks at who is signed in, not at whom the flow is about', async () => {
    const under = flow([placeOf('a', 'silent')], { authentication: 'REQUIRE_UNAUTHENTICATED' });
    const { execution } = await begin(engine(), visitOf(catalogueOf(under), viewer(person('ada'))));
    expect(execution.step).toMatchObject({ type: 'denied', code: 'NOT_APPLICABLE' });
  });
});
