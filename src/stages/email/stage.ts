import { isNamedByToken, mailLandingKey } from '../../flow/context-keys.js';
import { ask, deny, pass, responseError, retry, stay } from '../../flow/outcome.js';
import type { AnswerOutcome } from '../../flow/outcome.js';
import { commonErrorCodes } from '../response-errors.js';
import { defineStage } from '../define.js';
import { emailChallenge, emailResponse } from './challenge.js';
import type { EmailChallenge } from './challenge.js';
import { tryCode } from './code.js';
import { emailConfig } from './config.js';
import { emailErrors } from './errors.js';
import { answerLanding, presentLanding } from './landing.js';
import { beginMail, currentMail, forgotten, noMail, noted } from './mail.js';
import type { Mail } from './mail.js';
import { recipientOf } from './recipient.js';
import type { EmailRun } from './run.js';
import { success } from './success.js';

export const emailStage = defineStage({
  name: 'email',
  description: 'Sends a mail with a link and a code, and waits until one of them shows that it has arrived.',
  needsMail: true,
  config: emailConfig,
  facts: ({ recipient }) => ({ gives: 'PROVED', ...(recipient === 'ACCOUNT' && { takes: 'NAMED' }) }),
  challenge: emailChallenge,
  response: emailResponse,
  errors: emailErrors,
  services: ['users', 'guesses', 'rates', 'mailing', 'mailLinks', 'definitions'],

  async present(run) {
    const { context, config, services } = run;
    const landing = context.get(mailLandingKey);
    if (landing) return presentLanding(run, landing);
    // Whoever was made the link that they came with has shown all that a mail could.
    if (config.recipient === 'ACCOUNT' && isNamedByToken(context)) return pass();
    if (!services.mailing.available)
      return deny('CONFIGURATION_ERROR', 'No mail can be sent here. Please tell an administrator.');
    const mail = currentMail(context);
    if (mail) return ask(waiting(mail, await services.mailLinks.isConfirmed(mail.linkId)));

    const recipient = await recipientOf(run);
    if (recipient === 'nobody') return pass();
    if (recipient.type === 'deny') return recipient;
    const begun = await beginMail(run, recipient);
    if (begun instanceof Date) {
      const none = noMail(run, recipient, begun);
      return ask(waiting(none, false), {
        changes: noted(none),
        messages: [{ level: 'WARNING', text: 'There have been too many mails. Ask for one later.' }],
      });
    }
    const { mail: sent, effects } = begun;
    return ask(waiting(sent, false), { changes: noted(sent), effects });
  },

  async answer(run, response) {
    const { context } = run;
    const landing = context.get(mailLandingKey);
    if (landing) return answerLanding(run, landing, response);
    const { code, resend = false, matchCode } = response;
    if (matchCode !== undefined)
      return retry([responseError('matchCode', 'UNKNOWN_FIELD', commonErrorCodes.UNKNOWN_FIELD)]);
    if (resend && code !== undefined)
      return retry([responseError('resend', 'INVALID', commonErrorCodes.INVALID)]);
    const mail = currentMail(context);
    // What was mailed is forgotten where the flow began again; it is begun anew then.
    if (!mail) return stay();
    if (resend) return sendAgain(run, mail);
    if (code !== undefined) return tryCode(run, mail, code);
    if (!(await run.services.mailLinks.isConfirmed(mail.linkId))) return stay();
    // Where the account is another by now than the one that was written to, the confirmation says nothing of it.
    return (await success(run, mail)) ?? stay({ changes: forgotten() });
  },

  async refresh(challenge, { context, services }) {
    const mail = challenge.purpose === 'WAIT' ? currentMail(context) : undefined;
    return mail ? { ...challenge, confirmed: await services.mailLinks.isConfirmed(mail.linkId) } : challenge;
  },
});

function waiting({ sentTo, matchCode, resendAt, expiresAt }: Mail, confirmed: boolean): EmailChallenge {
  return { purpose: 'WAIT', sentTo, matchCode, confirmed, resendAt, expiresAt };
}

/** Another mail, whose code and link take the place of those before. */
async function sendAgain(run: EmailRun, mail: Mail): Promise<AnswerOutcome> {
  const recipient = await recipientOf(run);
  // Verified elsewhere in the meantime: what is presented next is passed.
  if (recipient === 'nobody') return stay({ changes: forgotten() });
  if (recipient.type === 'deny') return recipient;
  const begun = await beginMail(run, recipient);
  if (begun instanceof Date) {
    return retry([responseError('resend', 'RATE_LIMITED', emailErrors.RATE_LIMITED, begun)], {
      changes: noted({ ...mail, resendAt: begun.toISOString() }),
    });
  }
  const messages = [{ level: 'INFO', text: 'Another mail is on its way.' }] as const;
  return stay({ changes: noted(begun.mail), effects: begun.effects, messages });
}
