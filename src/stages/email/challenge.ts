import { z } from 'zod';

import { typedText } from '../answer-text.js';

const purpose = z.enum(['WAIT', 'CONFIRM']).meta({
  typeName: 'EmailPurpose',
  description: 'What an e-mail stage wants of the person.',
  values: {
    WAIT: 'A mail is on its way. Type its code, or open its link anywhere.',
    CONFIRM: 'The person has opened the link: type what is shown where the flow waits.',
  },
});

const moment = z.iso.datetime().meta({ typeName: 'DateTime' });

export const emailChallenge = z.strictObject({
  purpose: purpose.describe('What is wanted of the person.'),
  sentTo: z
    .string()
    .nullable()
    .describe(
      'The address, where it is what the person typed themselves. It is shown whether or not there is such an account.',
    ),
  matchCode: z
    .string()
    .nullable()
    .describe(
      'Where it is waited: two digits to show to the person, who types them where they open the link. Else null.',
    ),
  confirmed: z
    .boolean()
    .describe('The link has been opened and confirmed elsewhere: answer with nothing to go on.'),
  resendAt: moment.nullable().describe('From when on another mail can be asked for. Null for CONFIRM.'),
  expiresAt: moment
    .nullable()
    .describe('After which the link and the code are good no longer. Null for CONFIRM.'),
});

export type EmailChallenge = z.infer<typeof emailChallenge>;

/** As long as anybody types a code of eight digits, with what they put between them. */
const LONGEST_CODE = 64;

export const emailResponse = z.strictObject({
  code: typedText(LONGEST_CODE)
    .describe('WAIT: the eight digits of the newest mail; spaces and hyphens do not matter.')
    .optional(),
  resend: z
    .boolean()
    .describe('WAIT: true asks for another mail. Link and code of the one before are good no longer.')
    .optional(),
  matchCode: typedText(LONGEST_CODE).describe('CONFIRM: what is shown where the flow waits.').optional(),
});

export type EmailResponse = z.infer<typeof emailResponse>;
