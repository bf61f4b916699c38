import { person, viewer } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { agreeableRun } from '../../../test/support/stage-run.js';
import { Context } from '../../flow/context.js';
import { promptDataKey, promptPasswordsKey } from '../../flow/context-keys.js';
import type { PresentOutcome } from '../../flow/outcome.js';
import { SECOND_FACTOR } from '../../flow/second-factor.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { secondsAfter } from '../../kernel/clock.js';
import { userWriteConfig } from './config.js';
import { userWriteStage } from './stage.js';

const ada = person('ada', {
  username: 'ada',
  email: 'ada@example.org',
  authenticators: [{ id: 'app', kind: 'TOTP', usable: true, verifiesUser: false }],
});

interface Wanted {
  readonly data?: Readonly<Record<string, string>>;
  readonly password?: string;
  readonly config?: object;
}

function written(
  { data = {}, password, config = {} }: Wanted,
  also: Partial<StageRun>,
): Promise<PresentOutcome> {
  const { run } = agreeableRun('user-write', userWriteConfig.parse(config));
  const passwords = password === undefined ? [] : [promptPasswordsKey.to({ password })];
  const context = Context.empty.with([promptDataKey.to({ ...data }), ...passwords]);
  return userWriteStage.present({ ...run, context, proofs: [], user: async () => ada, ...also });
}

const sensitive: [string, Wanted][] = [
  ['password', { password: 'a lovely long passphrase' }],
  ['e-mail address', { data: { email: 'eve@example.org' } }],
  ['username', { data: { username: 'eve' } }],
];
const byPassword = { ...viewer(ada), createdAt: NOW };
const byBoth = { ...byPassword, amr: ['pwd', 'otp'], aal: 2 };

describe.each(sensitive)('a new %s of somebody with a second factor', (_what, wanted) => {
  it.each<[string, Partial<StageRun>]>([
    ['a mail', { proofs: ['email'] }],
    ['a password', { proofs: ['pwd'] }],
    ['a link of an administrator', { proofs: ['token'] }],
    ['a second factor that was remembered', { proofs: ['pwd', 'remembered'] }],
    ['a session by a password', { viewer: byPassword }],
  ])('is not written for %s: that is asked for first, and nothing is lost meanwhile', async (_by, also) => {
    expect(await written(wanted, also)).toMatchObject({
      type: 'precede',
      stages: [SECOND_FACTOR],
      changes: [],
      effects: [],
    });
  });

  it.each<[string, Partial<StageRun>]>([
    ['here', { proofs: ['email', 'otp'] }],
    ['by signing in lately', { viewer: byBoth }],
  ])('is written for whoever has shown it %s', async (_where, also) => {
    expect((await written(wanted, also)).type).toBe('pass');
  });

  it('takes a session of late, whatever it rests on', async () => {
    const old = { ...byBoth, createdAt: secondsAfter(NOW, -3600) };
    expect(await written(wanted, { viewer: old })).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
  });
});

describe('somebody with a second factor', () => {
  it('is not asked for it to change what nobody signs in by, nor where nothing changes', async () => {
    expect((await written({ data: { name: 'Ada L.' } }, { proofs: ['pwd'] })).type).toBe('pass');
    const same = { username: 'ada', email: 'ada@example.org' };
    expect((await written({ data: same }, { proofs: ['pwd'] })).type).toBe('pass');
  });

  it('is not asked for it to make another account', async () => {
    const wanted = { data: { username: 'another' }, config: { creation: 'ALWAYS' } };
    expect((await written(wanted, { proofs: ['pwd'] })).type).toBe('pass');
  });

  it('who is disabled, or not proved to be them, is told what anybody is', async () => {
    const wanted: Wanted = { password: 'a lovely long passphrase' };
    const refused = await written(wanted, { user: async () => person('bob') });
    expect(refused).toMatchObject({ type: 'deny', code: 'STAGE_DENIED' });
    expect(await written(wanted, {})).toEqual(refused);
    const disabled = async () => ({ ...ada, active: false });
    expect(await written(wanted, { proofs: ['pwd'], user: disabled })).toEqual(refused);
  });
});
