import { z } from 'zod';

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

const KIND = 'TOTP';
/** As long as anybody types a code, with what they put between its digits. */
const LONGEST_CODE = 64;

const digits = z.union([z.literal(6), z.literal(8)]);

const challenge = z.strictObject({
  key: z.string().describe('The key in base32, for whoever types it into their app.'),
  uri: z.string().describe('The key as an otpauth:// address, for an app on the same device.'),
  qrCode: z.string().describe('The address as a QR code: a data URI of a PNG image.'),
  qrCodeSvg: z.string().describe('The same as an SVG document.'),
  digits: z.int().describe('How many digits the codes have.'),
});

export const totpSetupStage = defineStage({
  name: 'totp-setup',
  description: 'Lets the person set up an app that shows a new code every 30 seconds.',
  config: z.strictObject({
    digits: z
      .int()
      .refine((count) => count === 6 || count === 8, { error: 'Must be 6 or 8.' })
      .meta({ examples: [8] })
      .default(6)
      .describe('How many digits the codes have: 6 or 8. Default: 6.'),
    ...setupConfig,
  }),
  facts: setupFacts,
  challenge,
  response: z.strictObject({
    code: typedText(LONGEST_CODE).describe('What the app shows; spaces and hyphens do not matter.'),
    ...setupResponse,
  }),
  errors: { INVALID_CODE: 'This is not the code that the app shows. Its clock may be wrong.' },
  services: setupServices,

  async present(run) {
    const outcome = await presentSetup(run, KIND, optionsOf(run.config));
    return outcome.type === 'ask' ? { ...outcome, challenge: challenge.parse(outcome.challenge) } : outcome;
  },

  answer(run, response) {
    return answerSetup(run, KIND, optionsOf(run.config), response);
  },
});

function optionsOf({ digits: count }: { readonly digits: number }) {
  return { digits: digits.parse(count) };
}
