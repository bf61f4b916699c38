import { agreeableRun } from '../../../test/support/stage-run.js';
import { invitationKey, invitationTokenKey, promptDataKey } from '../../flow/context-keys.js';
import type { GoodInvitation, Invitations } from '../../flow/services/invitations.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { Context } from '../../flow/context.js';
import { invitationStage } from './stage.js';

const SECRET = 'the secret of an invitation';
const good: GoodInvitation = {
  id: 'i1',
  name: 'for Ada',
  singleUse: true,
  fixedData: { email: 'ada@example.org' },
};

/** Knows one secret, for one flow, until noon. */
const invitations: Invitations = {
  find: async (token, flowId, now) =>
    token.reveal() === SECRET && flowId === 'flow-under-test' && now <= new Date('2030-01-01T12:00:00Z')
      ? good
      : undefined,
};

function runWith(token: string | undefined, also: Partial<StageRun> = {}, config = {}): StageRun {
  const { run } = agreeableRun('invitation', config);
  const context = token === undefined ? Context.empty : Context.empty.with([invitationTokenKey.to(token)]);
  return { ...run, services: { ...run.services, invitations }, context, ...also };
}

async function contextAfter(run: StageRun): Promise<Context> {
  const outcome = await invitationStage.present(run);
  if (outcome.type !== 'pass') throw new Error(`not passed: ${JSON.stringify(outcome)}`);
  expect(outcome.effects).toEqual([]);
  return run.context.with(outcome.changes);
}

const lenient = { continueWithoutInvitation: true };

describe('an invitation stage', () => {
  it('takes over what the invitation says, whatever prompts have collected before, and uses nothing up', async () => {
    const { context } = runWith(SECRET);
    const before = context.with([promptDataKey.to({ email: 'mallory@example.org', name: 'Ada' })]);
    const after = await contextAfter(runWith(SECRET, { context: before }));
    expect(after.get(promptDataKey)).toEqual({ email: 'ada@example.org', name: 'Ada' });
    expect(after.get(invitationKey)).toEqual({
      ...{ id: 'i1', name: 'for Ada', flowId: 'flow-under-test', fixed: ['email'] },
    });
    expect(JSON.stringify(after.open)).not.toContain(SECRET);
  });

  it('takes no offence at spaces around what somebody has pasted', async () => {
    expect((await contextAfter(runWith(` ${SECRET}\n`))).get(invitationKey)?.id).toBe('i1');
  });

  it.each<[string, string | undefined, Partial<StageRun>]>([
    ['nothing', undefined, {}],
    ['nothing but spaces', '  ', {}],
    ['a secret that nobody has made', 'x', {}],
    ['one that has expired', SECRET, { now: new Date('2030-01-01T12:00:01Z') }],
    ['one for another flow', SECRET, { flow: { ...runWith(SECRET).flow, id: 'another' } }],
  ])('denies whoever brings %s, always in the same words, or lets them pass', async (_what, token, also) => {
    expect(await invitationStage.present(runWith(token, also))).toEqual(
      await invitationStage.present(runWith(undefined)),
    );
    expect(await invitationStage.present(runWith(token, also))).toMatchObject({
      type: 'deny',
      code: 'INVITATION_REQUIRED',
    });
    const run = runWith(token, also, lenient);
    expect(await contextAfter(run)).toEqual(run.context);
  });

  it('forgets what an invitation had decided that is good no longer', async () => {
    const context = Context.empty.with([
      invitationKey.to({ id: 'i1', name: 'for Ada', flowId: 'flow-under-test', fixed: ['email'] }),
      promptDataKey.to({ email: 'ada@example.org', name: 'Ada' }),
    ]);
    const after = await contextAfter(runWith(undefined, { context }, lenient));
    expect(after.get(invitationKey)).toBeUndefined();
    expect(after.get(promptDataKey)).toEqual({ name: 'Ada' });
  });

  it('leaves nothing of one invitation where another one takes its place', async () => {
    const context = Context.empty.with([
      invitationTokenKey.to(SECRET),
      invitationKey.to({ id: 'i0', name: 'another', flowId: 'flow-under-test', fixed: ['department'] }),
      promptDataKey.to({ department: 'research' }),
    ]);
    const after = await contextAfter(runWith(SECRET, { context }));
    expect(after.get(promptDataKey)).toEqual({ email: 'ada@example.org' });
  });
});
