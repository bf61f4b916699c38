import {
  NOW,
  begin,
  engineOf,
  fails,
  fakePolicies,
  fakeStage,
  says,
  visitOf,
} from '../../test/support/engine.js';
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
import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import type { RecordEvent } from './effect.js';
import { deny } from './outcome.js';
import { verdict } from './policy-kind.js';
import type { PolicyVerdict } from './policy-kind.js';
import type { FlowUser } from './services/users.js';

const bob = person('bob');

interface Circumstances {
  readonly logged?: boolean;
  readonly user?: FlowUser | null;
  readonly context?: JsonObject;
}

/** What is in the event log after a flow behind this policy was begun. */
async function recorded(
  decide: () => PolicyVerdict,
  { logged = true, user = bob, context = {} }: Circumstances = {},
): Promise<RecordEvent[]> {
  const guarding = { ...policy('guard'), executionLogging: logged };
  const under = flow([placed(stage('a', 'silent'))], { policyBindings: [bound(guarding)] });
  const parts = engineOf({ stages: [fakeStage('silent')], policies: fakePolicies({ guard: decide }) });
  const visit = visitOf(catalogueOf(under), user && viewer(user));
  const { effects } = await begin(parts, visit, { context: new Context(context, {}) });
  return effects.filter((effect) => effect.type === 'recordEvent');
}

describe('the event log', () => {
  it('tells of a policy that is to be recorded, once, with what it was told and what it came to', async () => {
    const context = { promptData: { name: 'Bob' }, notes: { list: [1, { password: 'hunter2' }] } };
    expect(await recorded(says(false, 'not you'), { context })).toEqual([
      {
        type: 'recordEvent',
        action: 'POLICY_EVALUATED',
        userId: 'bob',
        details: {
          bindingId: 'binding-guard',
          policy: 'guard',
          flow: 'under-test',
          passing: false,
          messages: ['not you'],
          input: expect.objectContaining({
            user: expect.objectContaining({ username: 'name-of-bob' }),
            request: expect.objectContaining({ clientIp: '192.0.2.1', time: NOW.toISOString() }),
            context: { promptData: { name: 'Bob' }, notes: { list: [1, { password: '[secret]' }] } },
          }),
        },
      },
    ]);
  });

  it('tells of nobody where nobody was asked about', async () => {
    expect(await recorded(says(true), { user: null })).toMatchObject([
      { action: 'POLICY_EVALUATED', userId: null, details: { passing: true, input: { user: null } } },
    ]);
  });

  it('tells of a policy that is not to be recorded only where it fails, and then why', async () => {
    expect(await recorded(says(false), { logged: false })).toEqual([]);
    for (const logged of [true, false]) {
      expect(await recorded(fails('division by zero'), { logged })).toMatchObject([
        {
          action: 'POLICY_ERROR',
          userId: 'bob',
          details: { policy: 'guard', flow: 'under-test', reason: 'division by zero' },
        },
      ]);
    }
  });

  it('tells what a policy wants to have recorded, less what is called like a secret', async () => {
    const events = [{ name: 'odd hour', details: { hour: 3, token: 'hunter2' } }];
    expect(await recorded(() => verdict(true, [], { events }), { logged: false })).toMatchObject([
      { action: 'CUSTOM:odd hour', userId: 'bob', details: { policy: 'guard', hour: 3, token: '[secret]' } },
    ]);
  });

  it('tells of a flow that ends because of how it is configured, and of no other denial', async () => {
    const denied = async (code: 'CONFIGURATION_ERROR' | 'STAGE_DENIED') => {
      const refusing = fakeStage('refusing', { present: async () => deny(code, 'It cannot go on.') });
      const visit = visitOf(catalogueOf(flow([placed(stage('a', 'refusing'))])), viewer(bob));
      return (await begin(engineOf({ stages: [refusing] }), visit)).effects;
    };
    expect(await denied('CONFIGURATION_ERROR')).toEqual([
      {
        type: 'recordEvent',
        action: 'CONFIGURATION_ERROR',
        userId: 'bob',
        details: { flowId: 'flow-under-test', reason: 'It cannot go on.' },
      },
    ]);
    expect(await denied('STAGE_DENIED')).toEqual([]);
  });
});
