import { person, viewer } from '../../../test/support/definitions.js';
import { NOW } from '../../../test/support/engine.js';
import { agreeableRun } from '../../../test/support/stage-run.js';
import { SAMPLE_ID } from '../../../test/support/sample.js';
import { Context } from '../../flow/context.js';
import {
  flowTokenKey,
  mailLandingKey,
  mailLinkKey,
  pendingUserKey,
  promptDataKey,
  verifiedAddressesKey,
} from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { RateLimit } from '../../flow/services/rates.js';
import type { StageRun, StageServices } from '../../flow/stage-kind.js';
import { emailStage } from './stage.js';

const ada = person(SAMPLE_ID, { username: 'ada', email: 'ada@example.org', name: 'Ada' });
const pending = (identifier: string, id: string | null = SAMPLE_ID) =>
  Context.empty.with([pendingUserKey.to({ id, identifier })]);
const collecting = (email: string) => pending('ada').with([promptDataKey.to({ email })]);
const COLLECTED = { recipient: 'COLLECTED' };

interface World {
  readonly config?: Record<string, string | boolean>;
  readonly user?: FlowUser | undefined;
  readonly services?: Partial<StageServices>;
  readonly run?: Partial<StageRun>;
}

function runIn({ config = {}, services = {}, run = {}, ...world }: World): StageRun {
  const agreeable = agreeableRun('email', config).run;
  const user = 'user' in world ? world.user : ada;
  const users = { ...agreeable.services.users, byIdentifier: async () => undefined };
  return {
    ...agreeable,
    context: pending('ada@example.org'),
    user: async () => user,
    proofs: [],
    ...run,
    services: { ...agreeable.services, users, ...services },
  };
}

/** The run once the stage has asked. */
async function asked(world: World) {
  const run = runIn(world);
  const shown = await emailStage.present(run);
  if (shown.type !== 'ask') throw new Error(`not asked: ${JSON.stringify(shown)}`);
  return { shown, run: { ...run, context: run.context.with(shown.changes) } };
}
const answered = async (
  world: World,
  response: Record<string, string | boolean>,
  later: Partial<StageRun> = {},
) => emailStage.answer?.({ ...(await asked(world)).run, ...later }, response);

function mailed(effects: readonly Effect[]) {
  const mails = effects.filter((effect) => effect.type === 'sendMail');
  return mails.map(({ template, to, userId, expiresAt }) => ({ template, to, userId, expiresAt }));
}

describe('the mail of an e-mail stage', () => {
  const disabled = { ...ada, active: false };
  it.each<[string, World, string | null]>([
    ['the account’s address', {}, 'ada@example.org'],
    ['that of an account which waits for it', { user: { ...disabled, awaitsVerification: true } }, ada.email],
    ['nobody, for an account that is disabled', { user: disabled }, null],
    ['nobody, for an account without an address', { user: { ...ada, email: null } }, null],
    [
      'nobody, for somebody who is pretended',
      { user: undefined, run: { context: pending('eve', null) } },
      null,
    ],
    ['nobody, where the address is none', { user: { ...ada, email: 'a@b.org\r\nBcc: c@d.org' } }, null],
    [
      'an address that was collected',
      { config: COLLECTED, run: { context: collecting('new@example.org') } },
      'new@example.org',
    ],
  ])('goes to %s', async (_whom, world, to) => {
    const { shown } = await asked(world);
    expect(shown.effects.map(({ type }) => type)).toEqual(['issueMailLink', 'sendMail']);
    expect(mailed(shown.effects)).toMatchObject([{ template: 'email-confirmation', to }]);
    expect(Object.keys(shown.challenge).toSorted()).toEqual(
      ['purpose', 'sentTo', 'matchCode', 'confirmed', 'resendAt', 'expiresAt'].toSorted(),
    );
  });

  it('tells the owner of a taken address instead, and whoever types it sees no difference', async () => {
    const services = {
      users: { ...runIn({}).services.users, byIdentifier: async () => ({ ...ada, id: 'owner' }) },
    };
    const world = { config: COLLECTED, run: { context: collecting('ada@example.org') }, user: undefined };
    const taken = await asked({ ...world, services });
    const free = await asked(world);
    expect(taken.shown.challenge).toEqual(free.shown.challenge);
    expect(mailed(taken.shown.effects)).toMatchObject([
      { template: 'account-exists', to: 'ada@example.org' },
    ]);
    expect(await emailStage.answer?.(taken.run, { code: '12345678' })).toMatchObject({
      errors: [{ code: 'INVALID_CODE' }],
    });
  });

  it.each([NOW, null])(
    'tells nobody that an address is that of an account which they have only named, be it verified (%p) or not',
    async (emailVerifiedAt) => {
      const owner = { ...ada, emailVerifiedAt };
      const services = { users: { ...runIn({}).services.users, byIdentifier: async () => owner } };
      const run = { context: collecting('ada@example.org') };
      const theirs = await asked({ config: COLLECTED, user: owner, run, services });
      const free = await asked({ config: COLLECTED, user: owner, run });
      expect(theirs.shown.challenge).toEqual(free.shown.challenge);
      expect(mailed(theirs.shown.effects)).toMatchObject([{ template: 'account-exists', to: owner.email }]);
      const signedIn = { ...run, viewer: viewer({ ...owner, id: 'another' }) };
      expect((await asked({ config: COLLECTED, user: owner, run: signedIn, services })).shown.type).toBe(
        'ask',
      );
    },
  );

  it('repeats only what the person has typed', async () => {
    const shown = async (world: World) => (await asked(world)).shown.challenge.sentTo;
    expect(await shown({})).toBe('ada@example.org');
    expect(await shown({ run: { context: pending('ada') } })).toBeNull();
    expect(await shown({ run: { context: Context.empty, viewer: viewer(ada) } })).toBeNull();
    expect(await shown({ run: { context: pending('ada'), proofs: ['enrollment'] } })).toBe('ada@example.org');
    expect(await shown({ user: undefined, run: { context: pending('eve@example.org', null) } })).toBe(
      'eve@example.org',
    );
  });

  it.each<[string, World, object]>([
    [
      'passes whoever came by an administrator’s link',
      {
        run: {
          context: pending('ada').with([
            flowTokenKey.to({ id: 't', consumed: false, user: { id: SAMPLE_ID, identifier: 'ada' } }),
          ]),
        },
      },
      { type: 'pass', proofs: [], effects: [] },
    ],
    ['passes where nothing was collected', { config: COLLECTED }, { type: 'pass', proofs: [], effects: [] }],
    [
      'passes where what was collected is the account’s and verified',
      {
        config: COLLECTED,
        user: { ...ada, emailVerifiedAt: NOW },
        run: { context: collecting('ADA@example.org'), proofs: ['pwd'] },
      },
      { type: 'pass', proofs: [], effects: [] },
    ],
    [
      'passes where it was verified in this execution',
      {
        config: COLLECTED,
        run: { context: collecting('new@example.org').with([verifiedAddressesKey.to(['new@example.org'])]) },
      },
      { type: 'pass', proofs: [], effects: [] },
    ],
    [
      'denies where nobody is known',
      { run: { context: Context.empty } },
      { type: 'deny', code: 'STAGE_DENIED' },
    ],
    [
      'denies where no mail can be sent',
      { services: { mailing: { available: false } } },
      { type: 'deny', code: 'CONFIGURATION_ERROR' },
    ],
    [
      'denies what is no address',
      { config: COLLECTED, run: { context: collecting('a@b.org\r\nBcc: c@d.org') } },
      { type: 'deny', code: 'STAGE_DENIED' },
    ],
  ])('is none, and the stage %s', async (_what, world, outcome) => {
    expect(await emailStage.present(runIn(world))).toMatchObject(outcome);
  });

  it('is counted by who asks, whom for, in all, and by the account, before it is made', async () => {
    const counted: string[] = [];
    const rates = (full: RateLimit['by'] | null) => ({
      rates: {
        count: async ({ by, name, most }: RateLimit) => {
          counted.push(`${by} ${name} ${most}`);
          return by === full
            ? ({ allowed: false, nextAt: NOW } as const)
            : ({ allowed: true, left: 1, nextAt: NOW } as const);
        },
      },
    });
    await asked({ services: rates(null) });
    expect(counted).toEqual([
      'address 192.0.2.1 20',
      'recipient ada@example.org 5',
      'installation mails 1000',
      `account user ${SAMPLE_ID} 5`,
    ]);
    for (const full of ['address', 'recipient', 'installation'] as const) {
      const { shown } = await asked({ services: rates(full) });
      expect(shown).toMatchObject({ effects: [], messages: [{ level: 'WARNING' }] });
    }
    const { shown } = await asked({ services: rates('account') });
    expect(shown.messages).toEqual([]);
    expect(mailed(shown.effects)).toMatchObject([{ to: null }]);
  });
});

describe('the right code', () => {
  const code = { code: '12345678' };

  it('proves the person, and verifies the address that was written to', async () => {
    expect(await answered({ config: { activateUserOnSuccess: true } }, code)).toMatchObject({
      type: 'pass',
      proofs: ['email'],
      effects: [
        {
          type: 'verifyEmail',
          userId: SAMPLE_ID,
          email: 'ada@example.org',
          verifiedAt: NOW,
          activates: true,
        },
        { type: 'recordEvent', action: 'EMAIL_VERIFIED', details: { activated: false } },
        { type: 'forgetGuesses' },
      ],
    });
  });

  it('of a collected address that is no account’s proves nobody, and is remembered for who writes it', async () => {
    const outcome = await answered(
      { config: COLLECTED, run: { context: collecting('new@example.org') } },
      code,
    );
    expect(outcome).toMatchObject({ type: 'pass', proofs: [], effects: [{ userId: null }, {}] });
    const changes = outcome?.type === 'pass' ? outcome.changes : [];
    expect(Context.empty.with(changes).get(verifiedAddressesKey)).toEqual(['new@example.org']);
  });

  it('of the account’s own unverified address proves its person as well', async () => {
    const world = {
      config: COLLECTED,
      run: { context: collecting('Ada@Example.org'), proofs: ['pwd'] as const },
    };
    expect(await answered(world, code)).toMatchObject({ type: 'pass', proofs: ['email'] });
  });

  it.each<[string, FlowUser | undefined]>([
    ['has another address', { ...ada, email: 'else@example.org' }],
    ['has been disabled', { ...ada, active: false }],
    ['is gone', undefined],
    ['is another one', { ...ada, id: 'another' }],
  ])('is none where the account %s by now, and a confirmed link begins anew', async (_how, user) => {
    const later = { user: async () => user };
    expect(await answered({}, code, later)).toMatchObject({
      type: 'retry',
      errors: [{ code: 'INVALID_CODE' }],
    });
    const services = { mailLinks: { ...runIn({}).services.mailLinks, isConfirmed: async () => true } };
    const outcome = await answered({ services }, {}, later);
    expect(outcome).toMatchObject({ type: 'stay', effects: [] });
    const changes = outcome?.type === 'stay' ? outcome.changes : [];
    expect((await asked({})).run.context.with(changes).get(mailLinkKey)).toBeUndefined();
  });

  it('is looked at only where it may be guessed at; what must not be seen looks wrong', async () => {
    const guesses = (retryAt: Date | null) => ({ count: async () => ({ allowed: false, retryAt }) as const });
    expect(await answered({ services: { guesses: guesses(NOW) } }, code)).toMatchObject({
      errors: [{ code: 'RATE_LIMITED', retryAt: NOW.toISOString() }],
      effects: [],
    });
    expect(await answered({ services: { guesses: guesses(null) } }, code)).toMatchObject({
      errors: [{ code: 'INVALID_CODE' }],
      effects: [{ type: 'changeReputation', behaved: 'BADLY' }, { action: 'EMAIL_CODE_FAILED' }],
    });
  });
});

describe('the landing of a link', () => {
  const landing = { linkId: 'l1', executionId: 'e1', matchCode: '42' };
  const context = Context.empty.with([mailLandingKey.to(landing)]);

  it.each<[object, Partial<StageServices>, Record<string, string | boolean>]>([
    [
      { type: 'pass', proofs: [], effects: [{ type: 'confirmMailLink', id: 'l1', executionId: 'e1' }] },
      {},
      { matchCode: ' 4 2' },
    ],
    [{ type: 'retry', errors: [{ code: 'INVALID_MATCH_CODE' }] }, {}, { matchCode: '41' }],
    [{ type: 'retry', errors: [{ code: 'REQUIRED' }] }, {}, {}],
    [{ type: 'retry', errors: [{ code: 'UNKNOWN_FIELD' }] }, {}, { code: '12345678' }],
    [{ type: 'retry', errors: [{ code: 'UNKNOWN_FIELD' }] }, {}, { resend: true, matchCode: '42' }],
    [
      { type: 'deny', code: 'INVALID_TOKEN' },
      { rates: { count: async () => ({ allowed: false, nextAt: NOW }) } },
      { matchCode: '42' },
    ],
    [
      { type: 'deny', code: 'INVALID_TOKEN' },
      { rates: { count: async () => ({ allowed: true, left: 0, nextAt: NOW }) } },
      { matchCode: '41' },
    ],
    [
      { type: 'deny', code: 'INVALID_TOKEN' },
      { mailLinks: { ...runIn({}).services.mailLinks, isAwaited: async () => false } },
      { matchCode: '42' },
    ],
  ])('comes to %j', async (outcome, services, response) => {
    const run = runIn({ run: { context }, services });
    expect(await emailStage.answer?.(run, response)).toMatchObject(outcome);
  });

  it('shows nothing but that it wants to be confirmed, and is refreshed by nothing', async () => {
    const run = runIn({ run: { context } });
    const shown = await emailStage.present(run);
    const challenge = {
      purpose: 'CONFIRM',
      sentTo: null,
      matchCode: null,
      confirmed: false,
      resendAt: null,
      expiresAt: null,
    };
    expect(shown).toMatchObject({ type: 'ask', challenge, effects: [], changes: [] });
    expect(await emailStage.refresh?.(challenge, run)).toEqual(challenge);
  });
});

describe('a challenge that is looked at again', () => {
  it('says that the link was confirmed, and nothing else new', async () => {
    const { shown, run } = await asked({});
    expect(await emailStage.refresh?.(shown.challenge, run)).toEqual(shown.challenge);
    const mailLinks = { ...run.services.mailLinks, isConfirmed: async () => true };
    const services = { ...run.services, mailLinks };
    const seen = await emailStage.refresh?.(shown.challenge, { ...run, services });
    expect(seen).toEqual({ ...shown.challenge, confirmed: true });
  });
});
