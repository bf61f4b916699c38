import { z } from 'zod';

import { typedText } from '../answer-text.js';
import { authenticatorKind } from './config.js';

const moment = z.iso.datetime().meta({ typeName: 'DateTime' });

const offered = z
  .strictObject({
    id: z.uuid().describe('By which it is chosen.'),
    kind: authenticatorKind.describe('What it is.'),
    name: z.string().describe('What its person calls it.'),
    hint: z
      .string()
      .nullable()
      .describe(
        'What tells it from others: where codes are sent to, masked, or how many recovery codes are left; null for nothing.',
      ),
    lastUsedAt: moment.nullable().describe('When it has last proved who the person is.'),
  })
  .meta({ typeName: 'OfferedAuthenticator', description: 'An authenticator that can be used.' });

const setupStage = z
  .strictObject({
    id: z.uuid().describe('By which it is chosen.'),
    name: z.string().describe('What administrators call it.'),
    kind: authenticatorKind.describe('What is set up there.'),
  })
  .meta({ typeName: 'OfferedSetupStage', description: 'A stage at which an authenticator can be set up.' });

export const validateChallenge = z.strictObject({
  authenticators: z
    .array(offered)
    .describe(
      'All that the person can use here. Empty where it is not known who they are: a passkey will say.',
    ),
  selectedId: z.uuid().nullable().describe('Whose code is asked for; null where one has to be chosen first.'),
  resendAt: moment
    .nullable()
    .describe('From when on another code can be sent, where the chosen one is sent codes; else null.'),
  expiresAt: moment.nullable().describe('Until when the code that was sent is good; else null.'),
  passkeyOptions: z
    .record(z.string(), z.json())
    .meta({ typeName: 'JSONObject' })
    .nullable()
    .describe(
      'WebAuthn request options for the passkeys among them, as `PublicKeyCredential.parseRequestOptionsFromJSON` takes them; null where there are none.',
    ),
  setupStages: z
    .array(setupStage)
    .describe(
      'Where the person has set up nothing that counts, and may choose what to set up: where that can be done. Else empty.',
    ),
  mayRemember: z
    .boolean()
    .describe('Whether the person may ask to be remembered in this browser: `remember` in the answer.'),
});

export type ValidateChallenge = z.infer<typeof validateChallenge>;

/** As long as anybody types a code, with what they put between its characters. */
const LONGEST_CODE = 64;

export const validateResponse = z.strictObject({
  authenticatorId: z
    .uuid()
    .describe(
      'Chooses an authenticator. Alone it only does that: no attempt, and a code is sent where one has to be.',
    )
    .optional(),
  code: typedText(LONGEST_CODE)
    .describe('The code of the chosen authenticator; spaces and hyphens do not matter.')
    .optional(),
  passkey: z
    .record(z.string(), z.json())
    .meta({ typeName: 'JSONObject' })
    .describe('What the passkey has signed, as `PublicKeyCredential.toJSON` gives it.')
    .optional(),
  resend: z
    .boolean()
    .describe('True asks for another code to be sent. The one before is good no longer.')
    .optional(),
  remember: z
    .boolean()
    .describe(
      'True asks this browser to be remembered, with a right answer, so that it is asked less often. Where the challenge does not say `mayRemember` it does nothing.',
    )
    .optional(),
  setupStageId: z.uuid().describe('Chooses one of the setup stages.').optional(),
});

export type ValidateResponse = z.infer<typeof validateResponse>;
