import { z } from 'zod';

import { Secret } from '../../kernel/secret.js';
import { contextKey } from '../../flow/context.js';
import { pendingUserKey } from '../../flow/context-keys.js';
import type { Effect } from '../../flow/effect.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import type { RefusalEffect } from '../../flow/outcome.js';
import { reputationName } from '../../flow/reputation.js';
import { typedPassword } from '../answer-text.js';
import { defineStage } from '../define.js';
import { flowLink, linkTo } from '../flow-link.js';
import { flowReference } from '../reference.js';

const errors = {
  INVALID_CREDENTIALS: 'This is not the right password.',
  PASSWORD_COMPROMISED: 'Others know this password. Recover the account, and choose a new one.',
  RATE_LIMITED: 'There have been too many attempts. Try again later.',
};

/** How often the password was wrong in this execution. */
const failedAttemptsKey = contextKey('password.failedAttempts', z.int().nonnegative());

export const passwordStage = defineStage({
  name: 'password',
  description: 'Asks for the password of the person whom the flow is about.',
  config: z.strictObject({
    failedAttemptsBeforeCancel: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('After how many wrong passwords the flow is denied. Default: 5.'),
    allowShowPassword: z
      .boolean()
      .default(false)
      .describe('Whether the client may offer to show what is typed. Default: false.'),
    recoveryFlowId: flowReference()
      .nullable()
      .default(null)
      .describe('The flow to offer to people who have forgotten their password.'),
  }),
  facts: () => ({ takes: 'NAMED', gives: 'PROVED' }),
  challenge: z.strictObject({
    allowShowPassword: z.boolean().describe('Whether the client may offer to show what is typed.'),
    recoveryFlow: flowLink.nullable().describe('Where people go who have forgotten their password.'),
  }),
  response: z.strictObject({ password: typedPassword.describe('Exactly as typed; nothing is trimmed.') }),
  errors,
  services: ['passwords', 'guesses', 'definitions'],

  async present({ config, context, viewer, services: { definitions } }) {
    if (!context.get(pendingUserKey) && !viewer) {
      return deny('STAGE_DENIED', 'It is not known whose password to ask for.');
    }
    return ask({
      allowShowPassword: config.allowShowPassword,
      recoveryFlow: linkTo(definitions, config.recoveryFlowId),
    });
  },

  async answer({ config, context, viewer, client, user, services: { passwords, guesses } }, response) {
    const pending = context.get(pendingUserKey);
    const identifier = pending?.identifier ?? viewer?.user.username;
    if (identifier === undefined) return deny('STAGE_DENIED', 'It is not known whose password this is.');
    const userId = pending ? pending.id : (viewer?.user.id ?? null);

    // Before the guess is counted: that we are busy is not held against anybody.
    passwords.expectCapacity();
    const guess = await guesses.count({ secret: 'password', identifier, userId }, client.address);
    if (!guess.allowed && guess.retryAt) {
      return retry([responseError('password', 'RATE_LIMITED', errors.RATE_LIMITED, guess.retryAt)]);
    }
    const name = reputationName(await user(), identifier);
    // A guess that may not be looked at, but must not look different, is checked against nobody.
    const verdict = await passwords.verify(guess.allowed ? userId : null, new Secret(response.password));
    if (guess.allowed && verdict.valid && userId !== null) {
      const effects: Effect[] = [
        { type: 'forgetGuesses', receipt: guess.receipt },
        { type: 'changeReputation', name, behaved: 'WELL' },
      ];
      if (verdict.rehash) effects.push({ type: 'rehashPassword', userId, ...verdict.rehash });
      return pass({ proofs: ['pwd'], effects, changes: [failedAttemptsKey.cleared()] });
    }

    // Only to whoever knows it is it told that it is known; and for all that is known, they are the others.
    const code = verdict.compromised ? 'PASSWORD_COMPROMISED' : 'INVALID_CREDENTIALS';
    const details = { method: 'password', ...(verdict.compromised && { compromised: true }) };
    const failed: RefusalEffect[] = [
      { type: 'changeReputation', name, behaved: 'BADLY' },
      { type: 'recordEvent', action: 'LOGIN_FAILED', userId, details },
    ];
    const attempts = (context.get(failedAttemptsKey) ?? 0) + 1;
    if (attempts >= config.failedAttemptsBeforeCancel) {
      return deny('STAGE_DENIED', 'The password was wrong too often.', failed);
    }
    return retry([responseError('password', code, errors[code])], {
      changes: [failedAttemptsKey.to(attempts)],
      effects: failed,
    });
  },
});
