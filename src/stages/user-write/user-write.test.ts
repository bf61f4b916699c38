import { agreeableRun } from '../../../test/support/stage-run.js';
import { person, viewer } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { secondsAfter } from '../../kernel/clock.js';
import {
  consentsKey,
  pendingUserKey,
  promptDataKey,
  promptPasswordsKey,
  verifiedAddressesKey,
} from '../../flow/context-keys.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { Context } from '../../flow/context.js';
import type { ContextChange } from '../../flow/context.js';
import type { Effect } from '../../flow/effect.js';
import type { PresentOutcome } from '../../flow/outcome.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { userWriteConfig } from './config.js';
import { userWriteStage } from './stage.js';

const ada = person('ada', {
  username: 'ada',
  email: 'ada@example.org',
  name: 'Ada',
  emailVerifiedAt: NOW,
  attributes: { settings: { theme: 'dark' }, staff: true },
});

interface Scene {
  readonly config?: object;
  readonly data?: Readonly<Record<string, PromptValue>>;
  readonly password?: string;
  readonly known?: readonly ContextChange[];
  readonly also?: Partial<StageRun>;
}

/** Somebody has filled in a form; about whom the flow is, and who is signed in, `also` says. */
function written({
  config = {},
  data = {},
  password,
  known = [],
  also = {},
}: Scene): Promise<PresentOutcome> {
  const { run } = agreeableRun('user-write', userWriteConfig.parse(config));
  const context = Context.empty.with([
    promptDataKey.to({ ...data }),
    ...(password === undefined ? [] : [promptPasswordsKey.to({ password })]),
    ...known,
  ]);
  return userWriteStage.present({ ...run, context, proofs: [], user: async () => undefined, ...also });
}

const owned: Partial<StageRun> = { user: async () => ada, proofs: ['pwd'] };
const signedIn = (secondsAgo: number): Partial<StageRun> => ({
  user: async () => ada,
  viewer: { ...viewer(ada), createdAt: secondsAfter(NOW, -secondsAgo) },
});

function effectsOf(outcome: PresentOutcome): readonly Effect[] {
  expect(outcome.type).toBe('pass');
  return outcome.type === 'pass' ? outcome.effects : [];
}
const typesOf = (outcome: PresentOutcome): string[] => effectsOf(outcome).map(({ type }) => type);
const only = <Type extends Effect['type']>(outcome: PresentOutcome, type: Type) =>
  effectsOf(outcome).filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type);

describe('an account that is made', () => {
  it('holds what was collected, stands where and is what the stage says, and is verified by nobody', async () => {
    const made = await written({
      config: {
        ...{ createUsersAsInactive: true, userKind: 'EXTERNAL', path: 'users/external' },
        writes: ['username', 'email', 'name', 'password', 'attributes.settings.*'],
      },
      data: {
        username: 'bob',
        email: 'bob@example.org',
        name: 'Bob',
        'attributes.settings.locale': 'de',
        id: 'x',
      },
      password: 'a long enough password',
    });
    expect(only(made, 'createUser')).toMatchObject([
      {
        ...{ id: 'id-1', username: 'bob', email: 'bob@example.org', name: 'Bob' },
        ...{ active: false, awaitsVerification: true, emailVerifiedAt: null },
        ...{
          kind: 'EXTERNAL',
          path: 'users/external',
          attributes: { settings: { locale: 'de' } },
          group: null,
        },
      },
    ]);
    expect(only(made, 'setPassword')).toMatchObject([{ userId: 'id-1' }]);
    expect(only(made, 'recordEvent')).toMatchObject([
      { action: 'PASSWORD_SET' },
      {
        action: 'USER_WRITTEN',
        details: { created: true, fields: ['username', 'email', 'name', 'attributes.settings.locale'] },
      },
    ]);
    expect(made).toMatchObject({ proofs: ['enrollment'] });
    expect(typesOf(made)).not.toContain('sendMail');
  });

  it('is verified where this execution has shown that mail reaches the address', async () => {
    const data = { username: 'bob', email: 'bob@example.org' };
    for (const [address, expected] of [
      ['bob@example.org', NOW] as const,
      ['eve@example.org', null] as const,
    ]) {
      const made = await written({ data, known: [verifiedAddressesKey.to([address])] });
      expect(only(made, 'createUser')).toMatchObject([{ emailVerifiedAt: expected }]);
    }
  });

  it('has agreed to what its person has agreed to before', async () => {
    const until = '2031-01-01T00:00:00.000Z';
    const consents = consentsKey.to([
      { stageId: 's1', permissions: ['terms'], expiresAt: null },
      { stageId: 's2', permissions: [], expiresAt: until },
    ]);
    const made = await written({ data: { username: 'bob' }, known: [consents] });
    expect(only(made, 'grantConsent')).toMatchObject([
      { userId: 'id-1', stageId: 's1', permissions: ['terms'], expiresAt: null },
      { userId: 'id-1', stageId: 's2', expiresAt: new Date(until) },
    ]);
  });

  it.each<[string, Readonly<Record<string, PromptValue>>]>([
    ['without a username', { email: 'bob@example.org' }],
    ['with a blank one', { username: '  ' }],
    ['with one that is none', { username: 'bob\u0000' }],
    ['with an address that is none', { username: 'bob', email: 'bob' }],
    ['with a name without end', { username: 'bob', name: 'x'.repeat(2000) }],
  ])('is not made %s', async (_how, data) => {
    expect(await written({ data })).toMatchObject({ type: 'deny', code: 'STAGE_DENIED' });
  });

  it('is not made where the name is taken, the group gone, or there is nothing to save', async () => {
    const { run } = agreeableRun('user-write', {});
    const users = { ...run.services.users, taken: async () => ['USERNAME'] as const };
    const taken = { also: { services: { ...run.services, users } } };
    const without = { ...run.services.users, groupWithParents: async () => undefined };
    const groupGone = { also: { services: { ...run.services, users: without } } };
    const data = { username: 'bob' };
    expect(await written({ data, ...taken })).toMatchObject({ type: 'deny', code: 'STAGE_DENIED' });
    const groupId = 'b4c1b1a0-0000-4000-8000-000000000001';
    expect(await written({ data, config: { groupId }, ...groupGone })).toMatchObject({
      code: 'CONFIGURATION_ERROR',
    });
    for (const nothing of [{}, { data: { id: 'x', groups: 'y' } }, { config: { writes: ['name'] }, data }])
      expect(await written(nothing)).toMatchObject({ type: 'deny', message: 'There is nothing to save.' });
  });

  it('is made beside whoever the flow is about only where it always is, and never where it never is', async () => {
    const data = { username: 'bob' };
    expect(typesOf(await written({ data, also: owned, config: { creation: 'ALWAYS' } }))).toContain(
      'createUser',
    );
    expect(typesOf(await written({ data, also: owned }))).not.toContain('createUser');
    expect(await written({ data, config: { creation: 'NEVER' } })).toMatchObject({ code: 'STAGE_DENIED' });
  });

  it('is made where somebody only pretends to exist, and not in the place of somebody who is gone', async () => {
    const refused = { type: 'deny', code: 'STAGE_DENIED', message: 'You may not change this account.' };
    const about = (id: string | null) => ({
      data: { username: 'bob' },
      known: [pendingUserKey.to({ id, identifier: 'eve' })],
    });
    expect(effectsOf(await written(about(null)))).toMatchObject([
      { type: 'createUser', username: 'bob' },
      {},
    ]);
    expect(await written(about('gone'))).toMatchObject(refused);
    // Where accounts are only changed, both are refused alike.
    const config = { creation: 'NEVER' } as const;
    expect(await written({ ...about(null), config })).toMatchObject(refused);
    expect(await written({ ...about('gone'), config })).toMatchObject(refused);
  });
});

describe('an account that is there', () => {
  const email = 'new@example.org';

  it('gets its attributes beside those that it has, and only what is news is written', async () => {
    const config = { writes: ['name', 'attributes.settings.*'] };
    const data = { name: 'Ada', 'attributes.settings.locale': 'de', 'attributes.settings.theme': 'dark' };
    const changed = await written({ config, data, also: signedIn(100_000) });
    expect(effectsOf(changed)).toMatchObject([
      {
        type: 'updateUser',
        id: 'ada',
        changes: { attributes: [{ path: ['settings', 'locale'], value: 'de' }] },
      },
      { type: 'recordEvent', details: { created: false, fields: ['attributes.settings.locale'] } },
    ]);
    expect(effectsOf(await written({ data: { name: 'Ada' }, also: owned }))).toEqual([]);
  });

  it('loses nothing that the list does not name', async () => {
    for (const [writes, key] of [
      ['attributes.staff.since', 'attributes.staff.since'],
      ['attributes.settings'],
    ]) {
      const data = { [key ?? writes ?? '']: 'x' };
      expect(await written({ config: { writes: [writes] }, data, also: owned })).toMatchObject({
        ...{ type: 'deny', code: 'STAGE_DENIED' },
      });
    }
  });

  it('has an unverified address once that is changed, unless mail to it has been shown to reach the person', async () => {
    for (const [addresses, expected] of [[[], null] as const, [[email], NOW] as const]) {
      const known = [verifiedAddressesKey.to([...addresses])];
      const changed = await written({ data: { email }, known, also: owned });
      expect(only(changed, 'updateUser')).toMatchObject([{ changes: { email, emailVerifiedAt: expected } }]);
    }
    const kept = { ...ada, emailVerifiedAt: null };
    const known = [verifiedAddressesKey.to(['ada@example.org'])];
    const confirmed = await written({
      data: { email: 'ada@example.org' },
      known,
      also: { ...owned, user: async () => kept },
    });
    expect(only(confirmed, 'updateUser')).toMatchObject([{ changes: { emailVerifiedAt: NOW } }]);
  });

  it.each<[string, Scene, string[]]>([
    ['password', { password: 'a long enough password' }, ['password-changed']],
    ['e-mail address', { data: { email } }, ['email-changed']],
    ['address, that it has none', { data: { email: '' } }, ['email-changed']],
    ['both', { data: { email }, password: 'a long enough password' }, ['password-changed', 'email-changed']],
  ])(
    'shuts others out, and tells its person where they were before, on a new %s',
    async (_what, scene, mails) => {
      const changed = await written({ ...scene, also: signedIn(60) });
      expect(only(changed, 'shutOutOthers')).toEqual([
        { type: 'shutOutOthers', userId: 'ada', keptSessionId: 'session-of-ada' },
      ]);
      expect(only(changed, 'sendMail').map(({ template, to }) => [template, to])).toEqual(
        mails.map((template) => [template, 'ada@example.org']),
      );
    },
  );

  it('says that it was recovered where it was, names the new address, and keeps no session of somebody else', async () => {
    const { run } = agreeableRun('user-write', {});
    const also = {
      ...owned,
      flow: { ...run.flow, designation: 'RECOVERY' as const },
      viewer: viewer(person('eve')),
    };
    const changed = await written({ data: { email }, password: 'a long enough password', also });
    expect(only(changed, 'sendMail')).toMatchObject([
      { template: 'account-recovered', values: { name: 'Ada', address: '192.0.2.1' } },
      { template: 'email-changed', values: { newEmail: email } },
    ]);
    expect(only(changed, 'shutOutOthers')).toMatchObject([{ keptSessionId: null }]);
  });

  it('tells nobody where mails get nowhere, or there is no address, and nothing of a name', async () => {
    const { run } = agreeableRun('user-write', {});
    const password = 'a long enough password';
    const nowhere = { ...owned, services: { ...run.services, mailing: { available: false } } };
    const unreachable = { ...owned, user: async () => ({ ...ada, email: null }) };
    for (const also of [nowhere, unreachable])
      expect(typesOf(await written({ password, also }))).toEqual([
        ...['expectAuthenticators', 'setPassword', 'recordEvent', 'shutOutOthers'],
      ]);
    expect(typesOf(await written({ data: { name: 'A.' }, also: owned }))).toEqual([
      'updateUser',
      'recordEvent',
    ]);
  });

  it.each<[string, Scene]>([
    ['password', { password: 'a long enough password' }],
    ['e-mail address', { data: { email } }],
    ['username', { data: { username: 'augusta' } }],
  ])('gets a new %s only from somebody who has proved lately who they are', async (_what, scene) => {
    expect(await written({ ...scene, also: signedIn(900) })).toMatchObject({
      ...{ type: 'deny', code: 'REAUTHENTICATION_REQUIRED' },
    });
    expect((await written({ ...scene, also: signedIn(899) })).type).toBe('pass');
    expect((await written({ ...scene, also: { ...signedIn(900), proofs: ['pwd'] } })).type).toBe('pass');
  });

  it.each<[string, Partial<StageRun>]>([
    ['nobody', { user: async () => ada }],
    ['somebody else', { user: async () => ada, viewer: viewer(person('eve', { superuser: true })) }],
    ['its owner, disabled', { ...owned, user: async () => ({ ...ada, active: false }) }],
  ])('is changed by %s in nothing', async (_who, also) => {
    for (const scene of [{ data: { name: 'Eve' } }, { password: 'a long enough password' }])
      expect(await written({ ...scene, also })).toMatchObject({
        ...{ type: 'deny', code: 'STAGE_DENIED', message: 'You may not change this account.' },
      });
  });
});

describe('the configuration', () => {
  it.each([
    [{ userKind: 'SERVICE_ACCOUNT' }],
    [{ path: '' }],
    [{ path: '/users' }],
    [{ path: 'users/' }],
    [{ path: 'a b' }],
    [{ path: `users/${'x'.repeat(200)}` }],
    [{ writes: ['isSuperuser'] }],
  ])('does not take %j', (config) => {
    expect(userWriteConfig.safeParse(config).success).toBe(false);
  });
});
