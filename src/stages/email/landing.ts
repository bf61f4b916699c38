import { digitsIn } from '../../kernel/digits.js';
import { durationSeconds } from '../../kernel/duration.js';
import type { MailLanding } from '../../flow/context-keys.js';
import { BAD_LINK } from '../../flow/denials.js';
import { ask, deny, pass, responseError, retry } from '../../flow/outcome.js';
import type { AnswerOutcome, Ask, Deny } from '../../flow/outcome.js';
import { commonErrorCodes } from '../response-errors.js';

import type { EmailChallenge, EmailResponse } from './challenge.js';
import { emailErrors } from './errors.js';
import type { EmailRun } from './run.js';

/** A link is spoilt by so many wrong match codes, on however many devices. */
const MOST_MATCH_CODES = 3;

/** Asks whoever has opened the link for what is shown where the flow waits. That uses nothing up: programs open links too. */
export async function presentLanding(
  { services, now }: EmailRun,
  { linkId }: MailLanding,
): Promise<Ask<EmailChallenge> | Deny> {
  if (!(await services.mailLinks.isAwaited(linkId, now))) return goodNoLonger();
  return ask({
    purpose: 'CONFIRM',
    sentTo: null,
    matchCode: null,
    confirmed: false,
    resendAt: null,
    expiresAt: null,
  });
}

/** Confirms the link for the flow that waits for it. Attempts are counted before anybody looks at them. */
export async function answerLanding(
  { services: { rates, mailLinks }, config, now }: EmailRun,
  { linkId, executionId, matchCode }: MailLanding,
  response: EmailResponse,
): Promise<AnswerOutcome> {
  for (const field of ['code', 'resend'] as const) {
    if (response[field] !== undefined)
      return retry([responseError(field, 'UNKNOWN_FIELD', commonErrorCodes.UNKNOWN_FIELD)]);
  }
  if (response.matchCode === undefined)
    return retry([responseError('matchCode', 'REQUIRED', commonErrorCodes.REQUIRED)]);
  if (!(await mailLinks.isAwaited(linkId, now))) return goodNoLonger();
  const seconds = durationSeconds(config.lifetime);
  const attempt = await rates.count({ by: 'match-code', name: linkId, most: MOST_MATCH_CODES, seconds });
  if (!attempt.allowed) return goodNoLonger();
  if (digitsIn(response.matchCode) === matchCode) {
    return pass({
      effects: [{ type: 'confirmMailLink', id: linkId, executionId }],
      messages: [{ level: 'SUCCESS', text: 'Confirmed. Go on where you began.' }],
    });
  }
  if (attempt.left === 0) return goodNoLonger();
  return retry([responseError('matchCode', 'INVALID_MATCH_CODE', emailErrors.INVALID_MATCH_CODE)]);
}

function goodNoLonger(): Deny {
  return deny(BAD_LINK.code, BAD_LINK.message);
}
