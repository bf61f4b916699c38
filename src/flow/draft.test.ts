import { flow } from '../../test/support/definitions.js';
import { NOW } from '../../test/support/engine.js';
import { Secret } from '../kernel/secret.js';
import { Context } from './context.js';
import {
  flowTokenKey,
  invitationKey,
  invitationTokenKey,
  loginHintKey,
  pendingUserKey,
  promptPasswordsKey,
} from './context-keys.js';
import { deniedActions } from './definition.js';
import { Draft } from './draft.js';
import type { Execution } from './execution.js';

function draft(also: Partial<Execution> = {}): Draft {
  const execution: Execution = {
    id: 'execution',
    supportId: 'support',
    flowId: 'flow-under-test',
    flowVersion: 1,
    client: 'NATIVE',
    startedBy: null,
    next: '/account',
    plan: [
      {
        bindingId: 'place',
        stageId: 'stage',
        reEvaluatePolicies: true,
        invalidResponseAction: 'RETRY',
        builtIn: null,
      },
      {
        bindingId: 'place-2',
        stageId: 'stage-2',
        reEvaluatePolicies: true,
        invalidResponseAction: 'RETRY',
        builtIn: null,
      },
    ],
    planned: ['place', 'place-2'],
    trail: [],
    context: Context.empty,
    messages: [],
    loginBlocked: null,
    origin: { redirectedFrom: null, proven: [], loginBlocked: null },
    outer: [],
    session: null,
    undelivered: null,
    step: { type: 'cancelled', redirectTo: null },
    expiresAt: NOW,
    ...also,
  };
  return new Draft(execution, { viewer: null });
}
const session = { id: 's', createdAt: '', expiresAt: '', amr: ['pwd'], aal: 1 };

describe('leaving a stage', () => {
  it('takes it off the plan and onto the trail', () => {
    const about = pendingUserKey.to({ id: 'ada', identifier: 'ada' });
    const it = draft({ context: Context.empty.with([about]) });
    const [place] = it.execution.plan;
    if (place) it.leave(place, 'passed', ['pwd']);
    expect(it.execution.plan.map(({ bindingId }) => bindingId)).toEqual(['place-2']);
    expect(it.execution.trail).toEqual([
      { bindingId: 'place', outcome: 'passed', userId: 'ada', proofs: ['pwd'] },
    ]);
    expect(it.execution.planned).toEqual(['place', 'place-2']);
  });
});

describe('the end of a flow', () => {
  it('is a completion with what there was still to say', () => {
    const it = draft({ session });
    it.say([{ level: 'INFO', text: 'one' }]);
    it.say([]);
    it.say([{ level: 'SUCCESS', text: 'two' }]);
    it.finish();
    const messages = [
      { level: 'INFO', text: 'one' },
      { level: 'SUCCESS', text: 'two' },
    ];
    expect(it.execution).toMatchObject({
      step: { type: 'completed', redirectTo: '/account', session, messages },
      messages: [],
      plan: [],
    });
  });

  it('is a denial where a policy took the login stage out and nobody was signed in', () => {
    const it = draft();
    it.blockLogin(['not on Sundays']);
    it.blockLogin(['nor today']);
    it.finish();
    expect(it.execution.step).toMatchObject({
      type: 'denied',
      code: 'LOGIN_BLOCKED',
      message: 'not on Sundays\nnor today',
      supportId: 'support',
    });
  });

  it('is a completion where another login stage has signed the person in', () => {
    const it = draft({ session });
    it.blockLogin([]);
    it.finish();
    expect(it.execution.step).toMatchObject({ type: 'completed', session });
  });

  it.each<[string, (it: Draft) => void]>([
    ['completed', (it) => it.finish()],
    ['denied', (it) => it.deny('STAGE_DENIED', 'no')],
  ])('forgets the secrets that were collected where it is %s', (type, end) => {
    const context = Context.empty.with([promptPasswordsKey.to({ password: 'x' }), loginHintKey.to('ada')]);
    const it = draft({ context });
    end(it);
    expect(it.execution.step.type).toBe(type);
    expect(it.execution.context.secret).toEqual({});
    expect(it.execution.context.get(loginHintKey)).toBe('ada');
  });
});

describe('being refused at the entry', () => {
  const redirects = { MESSAGE: null, MESSAGE_CONTINUE: '/account', CONTINUE: '/account' };
  it.each(deniedActions)('leads where the denied action %s says', (deniedAction) => {
    const it = draft();
    it.denyEntry(flow([], { deniedAction }), 'POLICY_DENIED', 'no');
    expect(it.execution.step).toEqual({
      type: 'denied',
      code: 'POLICY_DENIED',
      message: 'no',
      redirectTo: redirects[deniedAction],
      supportId: 'support',
    });
  });

  it('leads to the start where the flow continues and nobody said where', () => {
    const it = draft({ next: null });
    it.denyEntry(flow([], { deniedAction: 'CONTINUE' }), 'POLICY_DENIED', 'no');
    expect(it.execution.step).toMatchObject({ type: 'denied', redirectTo: '/' });
  });
});

describe('a flow token', () => {
  const withToken = Context.empty.with([flowTokenKey.to({ id: 'token', consumed: false, user: null })]);
  const consume = { type: 'consumeFlowToken', id: 'token' } as const;
  const event = { type: 'recordEvent', action: 'LOGOUT', userId: null, details: {} } as const;

  it('stays good while nothing lasting has happened', () => {
    const it = draft({ context: withToken });
    it.effects.push(event);
    it.consumeFlowToken();
    expect(it.effects).toEqual([event]);
  });

  it('is used up with the first lasting effect, and once', () => {
    const it = draft({ context: withToken });
    it.effects.push({ type: 'setPassword', userId: 'ada', hash: new Secret('hash'), remembered: 0 });
    it.consumeFlowToken();
    it.consumeFlowToken();
    expect(it.effects.filter(({ type }) => type === 'consumeFlowToken')).toEqual([consume]);
    expect(it.execution.context.get(flowTokenKey)).toEqual({ id: 'token', consumed: true, user: null });
  });

  it('is used up at completion although nothing lasting has happened', () => {
    const it = draft({ context: withToken });
    it.finish();
    it.consumeFlowToken();
    expect(it.effects).toEqual([consume]);
  });

  it('stays good where the flow was denied', () => {
    const it = draft({ context: withToken });
    it.deny('STAGE_DENIED', 'no');
    it.consumeFlowToken();
    expect(it.effects).toEqual([]);
  });
});

describe('the secret of a session', () => {
  const undelivered = { token: new Secret('token'), expiresAt: NOW, persistent: false };
  const asked = { type: 'challenge', id: 'c', kind: 'k', stageName: 's', errors: [], messages: [] } as const;
  const challenge = { ...asked, user: null, data: {} };

  it.each(['BROWSER', 'NATIVE'] as const)(
    'is given to a %s client with the end of the flow, once',
    (client) => {
      const it = draft({ client, session, undelivered });
      it.finish();
      expect(it.deliver()).toBe(undelivered);
      expect(it.deliver()).toBeNull();
      expect(it.effects).toEqual([]);
    },
  );

  it('is given to a browser while the flow still asks, and kept for a native client', () => {
    const browser = draft({ client: 'BROWSER', session, undelivered, step: challenge });
    expect(browser.deliver()).toBe(undelivered);
    const native = draft({ client: 'NATIVE', session, undelivered, step: challenge });
    expect(native.deliver()).toBeNull();
    expect(native.execution.undelivered).toBe(undelivered);
  });

  it('that a native client will never be given ends its session', () => {
    const it = draft({ client: 'NATIVE', session, undelivered });
    it.deny('STAGE_DENIED', 'no');
    expect(it.deliver()).toBeNull();
    expect(it.effects).toEqual([{ type: 'endSession', sessionId: 's' }]);
    expect(it.execution.undelivered).toBeNull();
  });

  it('that a later login of the same run takes the place of ends its session', () => {
    const it = draft({ client: 'NATIVE', session, undelivered });
    it.openSession({ ...session, id: 's-2' }, undelivered);
    expect(it.effects).toEqual([{ type: 'endSession', sessionId: 's' }]);
    const delivered = draft({ client: 'NATIVE', session, undelivered: null });
    delivered.openSession({ ...session, id: 's-2' }, undelivered);
    expect(delivered.effects).toEqual([]);
  });
});

describe('a flow that begins again', () => {
  it('knows what the person was invited by, and has to find out anew whether that is good', () => {
    const invitation = { id: 'i1', name: 'for Ada', flowId: 'flow-under-test', fixed: [] };
    const known = [invitationTokenKey.to('its secret'), invitationKey.to(invitation)];
    const it = draft({ context: Context.empty.with(known) });
    it.restart(false);
    expect(it.execution.context.get(invitationTokenKey)).toBe('its secret');
    expect(it.execution.context.get(invitationKey)).toBeUndefined();
  });
});
