import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import { promptDataKey } from '../../flow/context-keys.js';
import type { Context } from '../../flow/context.js';
import { typedText } from '../answer-text.js';
import {
  answerSetup,
  presentSetup,
  setupConfig,
  setupFacts,
  setupResponse,
  setupServices,
} from '../authenticator-setup.js';
import { defineStage } from '../define.js';

const KIND = 'EMAIL';
/** As long as anybody types a code of six digits, with what they put between them. */
const LONGEST_CODE = 64;
const LONGEST_ADDRESS = 254;

const moment = z.iso.datetime().meta({ typeName: 'DateTime' });

const challenge = z.strictObject({
  email: z
    .string()
    .nullable()
    .describe('The address that the code was sent to, masked; null where none is known.'),
  emailRequired: z.boolean().describe('No address is known: the person has to say one first.'),
  resendAt: moment
    .nullable()
    .describe('From when on another code can be asked for; null as long as no address is known.'),
  expiresAt: moment
    .nullable()
    .describe('Until when the code that was sent is good; null where none was, for there had been too many.'),
});

export const emailOtpSetupStage = defineStage({
  name: 'email-otp-setup',
  description: 'Lets the person set up an e-mail address to which codes are sent when they sign in.',
  needsMail: true,
  config: z.strictObject({
    lifetime: durationText
      .refine((text) => durationSeconds(text) >= 60 && durationSeconds(text) <= 600, {
        error: 'Must be between PT1M and PT10M.',
      })
      .meta({ examples: ['PT5M'] })
      .default('PT10M')
      .describe(
        'How long a code is good that is sent there, now and later, from PT1M to PT10M. Default: PT10M.',
      ),
    ...setupConfig,
  }),
  challenge,
  response: z.strictObject({
    email: typedText(LONGEST_ADDRESS)
      .describe('Where codes are to be sent. A code is sent there; the one before is good no longer.')
      .optional(),
    code: typedText(LONGEST_CODE)
      .describe('The six digits of the newest mail; spaces and hyphens do not matter.')
      .optional(),
    resend: z
      .boolean()
      .describe('True asks for another mail. The code of the one before is good no longer.')
      .optional(),
    ...setupResponse,
  }),
  errors: {
    INVALID_CODE: 'This is not the code of the newest mail.',
    CODE_EXPIRED: 'This code is good no longer. Ask for another one.',
    ALREADY_SET_UP: 'Codes are sent to this address already. Choose another one.',
    RATE_LIMITED: 'There have been too many mails. Try again later.',
  },
  facts: setupFacts,
  services: setupServices,

  async present(run) {
    const outcome = await presentSetup(run, KIND, optionsOf(run));
    return outcome.type === 'ask' ? { ...outcome, challenge: challenge.parse(outcome.challenge) } : outcome;
  },

  answer(run, response) {
    return answerSetup(run, KIND, optionsOf(run), response);
  },
});

function optionsOf({
  config,
  context,
}: {
  readonly config: { readonly lifetime: string };
  readonly context: Context;
}) {
  const email = context.get(promptDataKey)?.email;
  const collected = typeof email === 'string' ? email : null;
  return { lifetimeSeconds: durationSeconds(config.lifetime), collected };
}
