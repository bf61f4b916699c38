import { isNamedByToken, loginHintKey, pendingUserKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import type { AnswerOutcome, ResponseError } from '../../flow/outcome.js';
import { reputationName } from '../../flow/reputation.js';
import { checkErrors } from '../authenticator-check.js';
import { commonErrorCodes } from '../response-errors.js';
import { defineStage } from '../define.js';
import type { TypedRun } from '../define.js';
import { linkTo } from '../flow-link.js';
import { identificationChallenge, identificationResponse } from './challenge.js';
import type { IdentificationResponse } from './challenge.js';
import { identificationConfig } from './config.js';
import type { IdentificationConfig } from './config.js';
import { afterCaptcha, answeredCaptcha, shownCaptcha } from './embedded-captcha.js';
import { answeredPasskey, shownPasskeys } from './passkeys.js';

const errors = {
  INVALID_CREDENTIALS: 'Nobody could be identified by this.',
  PASSWORD_COMPROMISED: 'Others know this password. Recover the account, and choose a new one.',
  RATE_LIMITED: checkErrors.RATE_LIMITED,
  INVALID_PASSKEY: checkErrors.INVALID_PASSKEY,
  AMBIGUOUS: 'Say who you are or use a passkey, not both.',
};

type Run = TypedRun<IdentificationConfig, 'users' | 'guesses' | 'definitions' | 'authenticators'>;

export const identificationStage = defineStage({
  name: 'identification',
  description:
    'Asks who the person is, and, where such stages are named, for the password and a captcha as well. A passkey can answer all of it but the captcha.',
  config: identificationConfig,
  facts: ({ passwordStageId, passkeys }) => ({
    gives: passkeys ? 'PROVED' : 'NAMED',
    shows: passwordStageId === null ? [] : [passwordStageId],
  }),
  challenge: identificationChallenge,
  response: identificationResponse,
  errors,
  services: ['users', 'guesses', 'definitions', 'authenticators'],

  async present(run) {
    const { config, context, embed, services } = run;
    const { definitions } = services;
    // Whoever was made the link that they came with need not say who they are.
    if (isNamedByToken(context)) return pass();
    const captcha = config.captchaStageId === null ? null : await shownCaptcha(embed(config.captchaStageId));
    if (captcha?.type === 'deny') return captcha;
    const passkeys = await shownPasskeys(run);
    const challenge = {
      userFields: config.userFields,
      loginHint: context.get(loginHintKey) ?? null,
      passwordRequired: config.passwordStageId !== null,
      captcha: captcha?.widget ?? null,
      passkeyOptions: passkeys.options,
      enrollmentFlow: linkTo(definitions, config.enrollmentFlowId),
      recoveryFlow: linkTo(definitions, config.recoveryFlowId),
      passwordlessFlow: linkTo(definitions, config.passwordlessFlowId),
    };
    return ask(challenge, { changes: [...(captcha?.changes ?? []), ...passkeys.changes] });
  },

  async answer(run, response) {
    const { config, embed } = run;
    const misfit = misfitOf(config, response);
    if (misfit) return retry([misfit]);
    const { captchaToken } = response;
    if (config.captchaStageId === null || captchaToken === undefined) return answered(run, response);
    // Before anybody is looked up, by whatever means: a program that does not solve it learns nothing, not even by how long it takes.
    const captcha = await answeredCaptcha(
      embed(config.captchaStageId),
      captchaToken,
      errors.INVALID_CREDENTIALS,
    );
    if (captcha.type !== 'pass') return captcha;
    return afterCaptcha(captcha, await answered(run, response));
  },
});

/** What was answered that is not asked for, or the reverse. A passkey takes neither a name nor a password. */
function misfitOf(
  config: IdentificationConfig,
  { identifier, password, captchaToken, passkey }: IdentificationResponse,
): ResponseError | undefined {
  const byPasskey = passkey !== undefined;
  if (byPasskey && !config.passkeys) return refused('passkey', 'UNKNOWN_FIELD');
  if (byPasskey && (identifier !== undefined || password !== undefined)) {
    return responseError(null, 'AMBIGUOUS', errors.AMBIGUOUS);
  }
  if (!byPasskey && (identifier === undefined || identifier.trim() === '')) {
    return refused('identifier', 'REQUIRED');
  }
  const asked = [
    ['password', password, !byPasskey && config.passwordStageId !== null],
    ['captchaToken', captchaToken, config.captchaStageId !== null],
  ] as const;
  for (const [field, given, isAsked] of asked) {
    if ((given !== undefined) === isAsked) continue;
    return refused(field, isAsked ? 'REQUIRED' : 'UNKNOWN_FIELD');
  }
  return undefined;
}

function refused(field: keyof IdentificationResponse, code: 'REQUIRED' | 'UNKNOWN_FIELD'): ResponseError {
  return responseError(field, code, commonErrorCodes[code]);
}

async function answered(
  run: Run,
  { passkey, identifier = '', password }: IdentificationResponse,
): Promise<AnswerOutcome> {
  return passkey ? answeredPasskey(run, passkey) : identified(run, identifier, password);
}

async function identified(
  { config, client, embed, services: { users, guesses } }: Run,
  identifier: string,
  password: string | undefined,
): Promise<AnswerOutcome> {
  const user = await users.byIdentifier(identifier, config.userFields);
  const changes = [pendingUserKey.to({ id: user?.id ?? null, identifier })];

  if (config.passwordStageId !== null) {
    const passwordStage = embed(config.passwordStageId);
    if (!passwordStage) return deny('CONFIGURATION_ERROR', 'The password stage has been removed.');
    const outcome = await passwordStage.answer({ password: password ?? '' }, changes);
    // Whether it was the name or the password that was wrong is nobody's business, so neither field is named.
    return outcome.type === 'retry'
      ? { ...outcome, errors: [{ ...outcome.errors[0], field: null }] }
      : outcome.type === 'pass'
        ? { ...outcome, changes: [...changes, ...outcome.changes] }
        : outcome;
  }

  if (config.pretendUserExists) return pass({ changes });

  const guess = await guesses.count({ secret: 'name', identifier, userId: null }, client.address);
  if (!guess.allowed) {
    return retry([responseError(null, 'RATE_LIMITED', errors.RATE_LIMITED, guess.retryAt ?? undefined)]);
  }
  if (!user) {
    return retry([responseError('identifier', 'INVALID_CREDENTIALS', errors.INVALID_CREDENTIALS)], {
      changes,
      effects: [{ type: 'changeReputation', name: reputationName(null, identifier), behaved: 'BADLY' }],
    });
  }
  // To know a name proves nothing: it must not make up for wrong guesses.
  return pass({ changes, effects: [{ type: 'forgetGuesses', receipt: guess.receipt }] });
}
