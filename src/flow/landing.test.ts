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
import { pendingUserKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import type { Effect } from './effect.js';
import { answerChallenge } from './executor.js';
import type { FoundFlowToken } from './execution-store.js';
import { landingAt } from './landing.js';
import { ask, deny, enter, pass, responseError, retry } from './outcome.js';
import type { StageKind } from './stage-kind.js';

const confirmation: Effect = { type: 'confirmMailLink', id: 'l1', executionId: 'e1' };
const wrong = responseError('text', 'WRONG', 'That was wrong.');

/** Asks, and does as the answer says. */
function mailing(effects: readonly Effect[] = [confirmation]): StageKind {
  return fakeStage('mailing', {
    opensSession: true,
    present: async () => ask({}),
    answer: async (run, response) => {
      if (response.ok === true) return pass({ effects, changes: response.about === true ? [ada] : [] });
      if (response.session === true) return pass({ effects: [sessionFor(run, 'ada')], changes: [ada] });
      return response.quit === true ? deny('STAGE_DENIED', 'Enough.') : retry([wrong]);
    },
  });
}
const ada = pendingUserKey.to({ id: 'ada', identifier: 'ada' });
const other = fakeStage('other', { present: () => Promise.reject(new Error('must not be reached')) });
const engine = (kind = mailing()) =>
  engineOf({
    stages: [kind, other],
    policies: fakePolicies({ no: says(false, 'not for you') }),
    people: [person('ada')],
  });

const mailed = stage('m', 'mailing');
const place = placed(mailed, { invalidResponseAction: 'RESTART', policyBindings: [bound(policy('no'))] });
const before = placed(stage('b', 'other'));
const after = placed(stage('a', 'other'));
/** A flow that lets nobody in, in the middle of which a mail is sent, at a place that lets nobody pass. */
const closed = flow([before, place, after], {
  authentication: 'REQUIRE_SUPERUSER',
  policyBindings: [bound(policy('no'))],
});

function tokenFor({ id: flowId }: FlowDefinition): FoundFlowToken {
  const where = { bindingId: place.id, stageId: mailed.id };
  const landing = { linkId: 'l1', executionId: 'e1', matchCode: '42' };
  return { id: 't1', flowId, isMailLink: true, user: null, suspension: landingAt(flowId, where, landing) };
}

async function landed(parts = engine(), under = closed) {
  const visit = visitOf(catalogueOf(under), viewer(person('eve')));
  const { execution, effects } = await begin(parts, visit, { flowToken: tokenFor(under), loginHint: 'eve' });
  const answer = (response: Record<string, boolean>) => answerChallenge(parts, visit, execution, response);
  return { execution, effects, answer };
}

describe('whoever opens a link in a mail', () => {
  it('finds the stage that mailed it, whomever the flow lets in, and uses nothing up', async () => {
    const { execution, effects } = await landed();
    expect(execution.step).toMatchObject({ type: 'challenge', stageName: 'm' });
    expect(execution).toMatchObject({ startedBy: null, planned: [place.id], outer: [], trail: [] });
    expect(effects).toEqual([]);
    expect(execution.context.open).toEqual({});
  });

  it('goes on to nothing else once the stage is passed', async () => {
    const { execution, effects } = await (await landed()).answer({ ok: true });
    expect(execution.step).toMatchObject({ type: 'completed', session: null });
    expect(effects).toEqual([confirmation]);
  });

  it.each([[{ wrong: true }], [{ quit: true }]])(
    'never begins the flow by answering %j',
    async (response) => {
      const { execution, effects } = await (await landed()).answer(response);
      expect(['challenge', 'denied']).toContain(execution.step.type);
      expect(execution.planned).toEqual([place.id]);
      expect(effects).toEqual([]);
    },
  );

  it('is denied where the stage has been removed', async () => {
    const without = flow([before], { authentication: 'REQUIRE_SUPERUSER' });
    const { execution } = await landed(engine(), without);
    expect(execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
  });

  it('opens no session, even by a stage that would', async () => {
    const { answer } = await landed();
    await expect(answer({ session: true })).rejects.toThrow('may not open a session here');
  });

  it.each<[string, Effect]>([
    ['changes an account', { type: 'updateUser', id: 'ada', changes: { name: 'Eve' } }],
    [
      'verifies an address',
      { type: 'verifyEmail', userId: 'ada', email: 'a@b.c', verifiedAt: new Date(0), activates: true },
    ],
    ['ends a session', { type: 'endSession', sessionId: 's1' }],
    ['uses a token up', { type: 'consumeFlowToken', id: 't1' }],
  ])('never %s', async (_what, effect) => {
    const { answer } = await landed(engine(mailing([effect])));
    await expect(answer({ ok: true })).rejects.toThrow(`cannot bring about ${effect.type}`);
  });

  it('is never led to another flow', async () => {
    const leading = fakeStage('mailing', {
      present: async () => enter(closed.id, { keepContext: true, returns: true }),
    });
    await expect(landed(engine(leading))).rejects.toThrow('leads to one stage only');
  });
});
