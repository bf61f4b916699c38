import { digitsIn } from '../../kernel/digits.js';
import { responseError, retry } from '../../flow/outcome.js';
import type { AnswerOutcome } from '../../flow/outcome.js';
import { reputationName } from '../../flow/reputation.js';

import { emailErrors } from './errors.js';
import { forgotten, noted } from './mail.js';
import type { Mail } from './mail.js';
import type { EmailRun } from './run.js';
import { success } from './success.js';

/** So often a code may be wrong; then only another mail helps. */
const MOST_FAILURES = 5;

/** Compares a code with the one that was mailed. A guess is counted before anybody looks at it. */
export async function tryCode(run: EmailRun, mail: Mail, typed: string): Promise<AnswerOutcome> {
  const { services, client, now } = run;
  const { linkId, codeHash, address, userId, failures } = mail;
  if (failures >= MOST_FAILURES) return refused('CODE_USED_UP');
  if (new Date(mail.expiresAt) <= now) return refused('CODE_EXPIRED');
  const guess = await services.guesses.count(
    { secret: 'email-code', identifier: mail.typed, userId },
    client.address,
  );
  if (!guess.allowed && guess.retryAt) return refused('RATE_LIMITED', guess.retryAt);
  const right = services.mailLinks.isCode(linkId, codeHash, digitsIn(typed)) && address !== null;
  // A guess that may not be looked at, but must not look different, is wrong.
  const passed = right && guess.allowed ? await success(run, mail) : undefined;
  const user = await run.user();
  if (passed && guess.allowed) {
    return { ...passed, effects: [...passed.effects, { type: 'forgetGuesses', receipt: guess.receipt }] };
  }
  return retry([responseError('code', 'INVALID_CODE', emailErrors.INVALID_CODE)], {
    // The right code of a mail to an account that has changed: what it shows is of no use, and another has to show it.
    changes: right && guess.allowed ? forgotten() : noted({ ...mail, failures: failures + 1 }),
    effects: [
      { type: 'changeReputation', name: reputationName(user, mail.typed), behaved: 'BADLY' },
      { type: 'recordEvent', action: 'EMAIL_CODE_FAILED', userId, details: {} },
    ],
  });
}

function refused(code: 'CODE_USED_UP' | 'CODE_EXPIRED' | 'RATE_LIMITED', retryAt?: Date): AnswerOutcome {
  return retry([responseError('code', code, emailErrors[code], retryAt)]);
}
