import { z } from 'zod';

import { durationSeconds } from '../../kernel/duration.js';
import type { Context } from '../../flow/context.js';
import { promptDataKey } from '../../flow/context-keys.js';
import { responseError, retry } from '../../flow/outcome.js';
import { typedText } from '../answer-text.js';
import {
  answerSetup,
  presentSetup,
  setupFacts,
  setupResponse,
  setupServices,
} from '../authenticator-setup.js';
import { defineStage } from '../define.js';
import { commonErrorCodes } from '../response-errors.js';
import { smsSetupConfig } from './config.js';
import type { SmsSetupConfig } from './config.js';

const KIND = 'SMS';
/** As long as anybody types them, with what they put between the digits. */
const LONGEST_NUMBER = 64;
const LONGEST_CODE = 64;

const moment = z.iso.datetime().meta({ typeName: 'DateTime' });

const challenge = z.strictObject({
  numberRequired: z.boolean().describe('Whether a number has to be told first.'),
  number: z
    .string()
    .nullable()
    .describe('Where the code was sent to, masked; null as long as it has been sent to nobody.'),
  resendAt: moment.nullable().describe('From when on another code can be sent; null before the first.'),
  expiresAt: moment.nullable().describe('Until when the code that was sent is good; null before the first.'),
});

export const smsSetupStage = defineStage({
  name: 'sms-setup',
  description: 'Lets the person set up a telephone that codes are sent to, by text message.',
  config: smsSetupConfig,
  challenge,
  response: z.strictObject({
    number: typedText(LONGEST_NUMBER)
      .describe(
        'The number, with its country code, such as +49 151 23456789: a code is sent to it. Another number can be told as long as none is set up.',
      )
      .optional(),
    code: typedText(LONGEST_CODE)
      .describe('The code that was sent; spaces and hyphens do not matter.')
      .optional(),
    resend: z
      .boolean()
      .describe('True asks for another code to be sent. The one before is good no longer.')
      .optional(),
    ...setupResponse,
  }),
  errors: {
    INVALID_NUMBER: 'This is no telephone number in international form.',
    NUMBER_NOT_ALLOWED: 'No messages are sent to numbers of this country.',
    ALREADY_SET_UP: 'Codes are sent to this number already. Choose another one.',
    INVALID_CODE: 'This is not the code that was sent.',
    CODE_EXPIRED: 'This code is good no longer. Ask for another one.',
    RATE_LIMITED: 'Too many codes were sent. Try again later.',
  },
  services: setupServices,
  facts: setupFacts,

  async present(run) {
    const outcome = await presentSetup(run, KIND, optionsOf(run));
    return outcome.type === 'ask' ? { ...outcome, challenge: challenge.parse(outcome.challenge) } : outcome;
  },

  async answer(run, response) {
    const { number, code, resend } = response;
    const isEmpty = number === undefined && code === undefined && resend !== true;
    if (isEmpty) return retry([responseError(null, 'REQUIRED', commonErrorCodes.REQUIRED)]);
    return answerSetup(run, KIND, optionsOf(run), response);
  },
});

interface Chosen {
  readonly config: SmsSetupConfig;
  readonly context: Context;
}

/** A prompt before may have asked for a field `phone`. */
function optionsOf({ config: { allowedPrefixes, codeLifetime }, context }: Chosen) {
  const phone = context.get(promptDataKey)?.phone;
  const collected = typeof phone === 'string' ? phone : null;
  return { allowedPrefixes, lifetimeSeconds: durationSeconds(codeLifetime), collected };
}
