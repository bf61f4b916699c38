import { isNamedByToken, loginHintKey, pendingUserKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import { reputationName } from '../../flow/reputation.js';
import { commonErrorCodes } from '../response-errors.js';
import { defineStage } from '../define.js';
import { linkTo } from '../flow-link.js';
import { identificationChallenge, identificationResponse } from './challenge.js';
import { identificationConfig } from './config.js';

const errors = {
  INVALID_CREDENTIALS: 'Nobody could be identified by this.',
  PASSWORD_COMPROMISED: 'Others know this password. Recover the account, and choose a new one.',
  RATE_LIMITED: 'There have been too many attempts. Try again later.',
};

export const identificationStage = defineStage({
  name: 'identification',
  description: 'Asks who the person is, and, where a password stage is named, for the password as well.',
  config: identificationConfig,
  challenge: identificationChallenge,
  response: identificationResponse,
  errors,
  services: ['users', 'guesses', 'definitions'],

  async present({ config, context, services: { definitions } }) {
    // Whoever was made the link that they came with need not say who they are.
    if (isNamedByToken(context)) return pass();
    return ask({
      userFields: config.userFields,
      loginHint: context.get(loginHintKey) ?? null,
      passwordRequired: config.passwordStageId !== null,
      enrollmentFlow: linkTo(definitions, config.enrollmentFlowId),
      recoveryFlow: linkTo(definitions, config.recoveryFlowId),
      passwordlessFlow: linkTo(definitions, config.passwordlessFlowId),
    });
  },

  async answer({ config, services: { users, guesses }, client, embed }, { identifier, password }) {
    if (identifier === undefined || identifier.trim() === '') {
      return retry([responseError('identifier', 'REQUIRED', commonErrorCodes.REQUIRED)]);
    }
    if (config.passwordStageId === null && password !== undefined) {
      return retry([responseError('password', 'UNKNOWN_FIELD', commonErrorCodes.UNKNOWN_FIELD)]);
    }
    const user = await users.byIdentifier(identifier, config.userFields);
    const changes = [pendingUserKey.to({ id: user?.id ?? null, identifier })];

    if (config.passwordStageId !== null) {
      if (password === undefined)
        return retry([responseError('password', 'REQUIRED', commonErrorCodes.REQUIRED)]);
      const passwordStage = embed(config.passwordStageId);
      if (!passwordStage) return deny('CONFIGURATION_ERROR', 'The password stage has been removed.');
      const outcome = await passwordStage.answer({ password }, changes);
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
  },
});
