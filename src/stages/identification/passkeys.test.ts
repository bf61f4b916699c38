import { agreeableRun } from '../../../test/support/stage-run.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Authenticator, AuthenticatorKind, CheckOutcome } from '../../flow/authenticator-kind.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import { ask, pass, responseError, retry } from '../../flow/outcome.js';
import type { AnswerOutcome } from '../../flow/outcome.js';
import type { Authenticators } from '../../flow/services/authenticators.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { identificationStage } from './stage.js';

const CAPTCHA_STAGE = 'b4c1b1a0-0000-4000-8000-000000000002';
const PASSWORD_STAGE = 'b4c1b1a0-0000-4000-8000-000000000001';

const right: CheckOutcome = {
  ...{ type: 'right', proofs: ['swk', 'user'], counter: 5, code: null, data: null },
};

interface World {
  readonly config?: JsonObject;
  readonly check?: CheckOutcome;
  readonly kind?: Partial<AuthenticatorKind>;
  readonly authenticator?: Partial<Authenticator> | undefined;
  readonly person?: Partial<FlowUser> | undefined;
  readonly authenticators?: Partial<Authenticators>;
}

let asked = 0;

/** A run in which this passkey is found, of this person, and says this. */
function runOf({ config, check = right, kind, ...world }: World): StageRun {
  const { run } = agreeableRun('identification', { passkeys: true, ...config });
  const { authenticators, users } = run.services;
  const passkeys = authenticators.kind('WEBAUTHN');
  if (!passkeys) throw new Error('there is such a kind');
  const request: AuthenticatorKind['request'] = async () => {
    const challenge = `challenge ${(asked += 1)}`;
    return { type: 'requested', shown: { challenge }, kept: { challenge }, effects: [] };
  };
  const adapted: Authenticators = {
    ...authenticators,
    kind: () => ({ ...passkeys, request, check: async () => check, ...kind }),
    async byKey(key) {
      const found = await authenticators.byKey(key);
      if ('authenticator' in world && !world.authenticator) return undefined;
      return found && { ...found, ...world.authenticator };
    },
    ...world.authenticators,
  };
  const byId = async (id: string): Promise<FlowUser | undefined> => {
    const found = await users.byId(id);
    if ('person' in world && !world.person) return undefined;
    return found && { ...found, ...world.person };
  };
  const services = { ...run.services, authenticators: adapted, users: { ...users, byId } };
  return { ...run, proofs: [], services };
}

/** The run as it goes on after its challenge was shown, and what was shown. */
async function presented(run: StageRun): Promise<{ run: StageRun; options: unknown }> {
  const outcome = await identificationStage.present(run);
  if (outcome.type !== 'ask') throw new Error(`not asked: ${outcome.type}`);
  return {
    run: { ...run, context: run.context.with(outcome.changes) },
    options: outcome.challenge.passkeyOptions,
  };
}

async function answered(run: StageRun, response: JsonObject): Promise<AnswerOutcome> {
  const outcome = await identificationStage.answer?.(run, response);
  if (!outcome) throw new Error('it takes answers');
  return outcome;
}

const passkey = { id: 'a passkey' };

async function tried(world: World, also: JsonObject = {}): Promise<AnswerOutcome> {
  return answered((await presented(runOf(world))).run, { passkey, ...also });
}

/** The same run, after an answer that was refused. */
function after(run: StageRun, outcome: AnswerOutcome): StageRun {
  return { ...run, context: run.context.with('changes' in outcome ? outcome.changes : []) };
}

describe('an identification stage that offers passkeys', () => {
  it('is answered by one alone, and is then about its owner, of whom two things are proved', async () => {
    const { config } = { config: { passwordStageId: PASSWORD_STAGE } };
    for (const world of [{}, { config }]) {
      expect(await tried(world)).toMatchObject({
        type: 'pass',
        proofs: ['swk', 'user'],
        changes: expect.arrayContaining([
          pendingUserKey.to({ id: 'b4c1b1a0-0000-4000-8000-000000000001', identifier: 'sample' }),
        ]),
        effects: [
          { type: 'useAuthenticator', counter: 5 },
          { type: 'changeReputation', behaved: 'WELL' },
        ],
      });
    }
  });

  const worlds: [string, World][] = [
    ['is unknown', { authenticator: undefined }],
    ['does not say which it is', { kind: { keyOf: () => undefined } }],
    ['is disabled', { authenticator: { disabledAt: new Date(0) } }],
    ['is of somebody who is gone', { person: undefined }],
    ['is of somebody who is disabled', { person: { active: false } }],
    ['was made without being unlocked', { kind: { meets: () => false } }],
    ['was not unlocked', { check: { ...right, proofs: ['swk'] } }],
    ['is wrong', { check: { type: 'wrong', code: 'INVALID_PASSKEY' } }],
  ];

  it.each(worlds)(
    'says the same of every passkey that does not do, also of one that %s',
    async (_, world) => {
      expect(await tried(world)).toMatchObject({
        type: 'retry',
        errors: [
          {
            field: 'passkey',
            code: 'INVALID_PASSKEY',
            message: 'This passkey could not be accepted here.',
            retryAt: null,
          },
        ],
        effects: expect.arrayContaining([
          expect.objectContaining({ type: 'recordEvent', action: 'SECOND_FACTOR_FAILED' }),
        ]),
      });
    },
  );

  it('demands of the passkey that it is unlocked, when it asks and when it looks at the answer', async () => {
    const demanded: string[] = [];
    const kind: Partial<AuthenticatorKind> = {
      async request(_run, authenticators, { userVerification }) {
        demanded.push(`${authenticators.length} ${userVerification}`);
        return { type: 'requested', shown: {}, kept: {}, effects: [] };
      },
      meets: (_passkey, { userVerification }) => (demanded.push(userVerification), true),
      check: async (_run, _passkey, _answer, _kept, { userVerification }) => {
        demanded.push(userVerification);
        return right;
      },
    };
    await tried({ kind });
    expect(demanded).toEqual(['0 REQUIRED', 'REQUIRED', 'REQUIRED']);
  });

  it('asks the same until a passkey has answered, and something else from then on', async () => {
    const first = await presented(runOf({ check: { type: 'wrong', code: 'INVALID_PASSKEY' } }));
    const named = await answered(first.run, { identifier: ' ' });
    const second = await presented(after(first.run, named));
    expect(second.options).toEqual(first.options);
    const third = await presented(after(second.run, await answered(second.run, { passkey })));
    expect(third.options).not.toEqual(first.options);
  });

  it('takes no answer to what it has not asked, or another stage has', async () => {
    const never = { type: 'retry', errors: [{ field: 'passkey', code: 'INVALID_PASSKEY' }] };
    expect(await answered(runOf({}), { passkey })).toMatchObject(never);
    const { run } = await presented(runOf({}));
    const stage = { ...run.stage, id: CAPTCHA_STAGE };
    expect(await answered({ ...run, stage }, { passkey })).toMatchObject(never);
    const used = after(run, await answered(run, { passkey }));
    expect(await answered(used, { passkey })).toMatchObject(never);
  });

  it('takes either who somebody is or a passkey', async () => {
    const { config } = { config: { passwordStageId: PASSWORD_STAGE } };
    const ambiguous = { type: 'retry', errors: [{ field: null, code: 'AMBIGUOUS' }] };
    expect(await tried({}, { identifier: 'sample' })).toMatchObject(ambiguous);
    expect(await tried({ config }, { password: 'a passphrase' })).toMatchObject(ambiguous);
    const { run } = await presented(runOf({}));
    expect(await answered(run, {})).toMatchObject({ errors: [{ field: 'identifier', code: 'REQUIRED' }] });
    expect(await answered(run, { identifier: 'sample' })).toMatchObject({ type: 'pass', proofs: [] });
  });

  it('asks a passkey for a captcha as well, and looks at no passkey before that is solved', async () => {
    const config = { captchaStageId: CAPTCHA_STAGE };
    expect(await tried({ config })).toMatchObject({ errors: [{ field: 'captchaToken', code: 'REQUIRED' }] });
    const looked: string[] = [];
    const authenticators = { byKey: async (key: string) => (looked.push(key), undefined) };
    const captcha = (solved: AnswerOutcome): Pick<StageRun, 'embed'> => ({
      embed: () => ({
        kind: 'captcha',
        present: async () => ask({ ...WIDGET }),
        answer: async () => solved,
      }),
    });
    const unsolved = retry([responseError('token', 'CAPTCHA_FAILED', 'wrong')]);
    const first = await presented({ ...runOf({ config, authenticators }), ...captcha(unsolved) });
    const response = { passkey, captchaToken: 'a token' };
    const wrong = await answered(first.run, response);
    expect(wrong).toMatchObject({ errors: [{ field: null, code: 'INVALID_CREDENTIALS' }] });
    expect(looked).toEqual([]);
    // The passkey has not been looked at, so it may be sent once more.
    const second = await presented(after(first.run, wrong));
    expect(second.options).toEqual(first.options);
    const done = await answered(
      { ...runOf({ config }), ...captcha(pass()), context: second.run.context },
      response,
    );
    expect(done).toMatchObject({ type: 'pass', proofs: ['swk', 'user'] });
  });
});

const WIDGET = {
  ...{ provider: 'TURNSTILE', siteKey: 'x', scriptUrl: null, interactive: false, action: null },
  ...{ puzzle: null, expiresAt: null },
};

it('does not know passkeys where it does not offer them', async () => {
  const { run, options } = await presented(runOf({ config: { passkeys: false } }));
  expect(options).toBeNull();
  expect(await answered(run, { passkey })).toMatchObject({
    errors: [{ field: 'passkey', code: 'UNKNOWN_FIELD' }],
  });
  const none = { authenticators: { kind: () => undefined } };
  expect((await presented(runOf(none))).options).toBeNull();
});
