import { person, viewer } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { agreeableRun } from '../../../test/support/stage-run.js';
import { secondsAfter } from '../../kernel/clock.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import type { PresentOutcome } from '../../flow/outcome.js';
import { SECOND_FACTOR } from '../../flow/second-factor.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { userDeleteStage } from './stage.js';

const ada = person('ada', { username: 'ada', email: 'ada@example.org' });

function deleted(also: Partial<StageRun>): Promise<PresentOutcome> {
  const { run } = agreeableRun('user-delete', {});
  return userDeleteStage.present({ ...run, proofs: [], user: async () => ada, ...also });
}

const withApp = person('ada', {
  authenticators: [{ id: 'app', kind: 'TOTP', usable: true, verifiesUser: false }],
});

const signedIn = (secondsAgo: number): Partial<StageRun> => ({
  viewer: { ...viewer(ada), createdAt: secondsAfter(NOW, -secondsAgo) },
});

describe('an account', () => {
  it('is deleted for whoever has proved here to be its owner; they are told, and nobody is who the flow is about', async () => {
    expect(await deleted({ proofs: ['pwd'] })).toMatchObject({
      type: 'pass',
      effects: [
        { type: 'expectAuthenticators', userId: 'ada', known: [] },
        { type: 'deleteUser', id: 'ada' },
        { type: 'sendMail', template: 'account-deleted', to: 'ada@example.org' },
        { type: 'recordEvent', action: 'USER_DELETED', userId: 'ada', details: { username: 'ada' } },
      ],
      changes: expect.arrayContaining([pendingUserKey.to({ id: null, identifier: 'ada' })]),
    });
  });

  it('is deleted for whoever has signed in lately, and signs them out', async () => {
    expect(await deleted(signedIn(899))).toMatchObject({
      effects: expect.arrayContaining([{ type: 'endSession', sessionId: 'session-of-ada' }]),
    });
    expect(await deleted(signedIn(900))).toMatchObject({ type: 'deny', code: 'REAUTHENTICATION_REQUIRED' });
  });

  it('is not told of where mails get nowhere', async () => {
    const { services } = agreeableRun('user-delete', {}).run;
    const outcome = await deleted({
      proofs: ['pwd'],
      services: { ...services, mailing: { available: false } },
    });
    expect(JSON.stringify(outcome)).not.toContain('sendMail');
  });

  it.each<[string, Partial<StageRun>]>([
    ['nobody', { proofs: ['pwd'], user: async () => undefined }],
    ['somebody who has proved nothing', {}],
    ['somebody else, even an administrator', { viewer: viewer(person('eve', { superuser: true })) }],
    ['somebody who is disabled', { proofs: ['pwd'], user: async () => ({ ...ada, active: false }) }],
  ])('is not deleted for %s', async (_who, also) => {
    expect(await deleted(also)).toMatchObject({ type: 'deny', code: 'STAGE_DENIED' });
  });

  it.each<[string, Partial<StageRun>]>([
    ['a password', { proofs: ['pwd'] }],
    ['a mail', { proofs: ['email'] }],
    ['a link of an administrator', { proofs: ['token'] }],
    ['a second factor that was remembered', { proofs: ['pwd', 'remembered'] }],
    ['a session by a password', signedIn(10)],
  ])('with a second factor is not deleted by %s: that is asked for first', async (_what, also) => {
    const outcome = await deleted({ ...also, user: async () => withApp });
    expect(outcome).toMatchObject({ type: 'precede', stages: [SECOND_FACTOR], changes: [], effects: [] });
  });

  it('with a second factor is deleted for whoever has shown it, here or by signing in lately', async () => {
    const shown = await deleted({ proofs: ['pwd', 'otp'], user: async () => withApp });
    expect(shown.type).toBe('pass');
    const session = { ...viewer(ada), createdAt: NOW, amr: ['pwd', 'otp'], aal: 2 };
    expect((await deleted({ viewer: session, user: async () => withApp })).type).toBe('pass');
  });
});
