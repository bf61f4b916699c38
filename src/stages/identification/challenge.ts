import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { typedPassword, typedText } from '../answer-text.js';
import { LONGEST_CAPTCHA_TOKEN, captchaWidget } from '../captcha-widget.js';
import { flowLink } from '../flow-link.js';
import { userField } from './config.js';

const passkeyOptions: z.ZodType<JsonObject> = z.record(z.string(), z.json());

export const identificationChallenge = z.strictObject({
  userFields: z.array(userField).describe('What the person may type.'),
  loginHint: z
    .string()
    .nullable()
    .describe('What the person is likely to type, where the client has said so.'),
  passwordRequired: z
    .boolean()
    .describe('True where the password is asked for together with the identifier.'),
  captcha: captchaWidget
    .nullable()
    .describe('The captcha to solve together with this, where one is asked for.'),
  passkeyOptions: passkeyOptions
    .meta({ typeName: 'JSONObject' })
    .nullable()
    .describe(
      'WebAuthn request options for any passkey, as `PublicKeyCredential.parseRequestOptionsFromJSON` takes them, for autofill or a button; null where passkeys are not offered. They stay the same until a passkey has answered.',
    ),
  enrollmentFlow: flowLink.nullable().describe('Where new people can sign up.'),
  recoveryFlow: flowLink.nullable().describe('Where people go who cannot sign in.'),
  passwordlessFlow: flowLink.nullable().describe('Where people sign in without a password.'),
});

export const identificationResponse = z.strictObject({
  identifier: typedText(320).describe('Username or e-mail address.').optional(),
  password: typedPassword.describe('Only where the challenge asks for it.').optional(),
  captchaToken: typedText(LONGEST_CAPTCHA_TOKEN)
    .describe('Only where the challenge has a captcha: what its widget gives for the solution.')
    .optional(),
  passkey: z
    .record(z.string(), z.json())
    .meta({ typeName: 'JSONObject' })
    .describe(
      'Instead of identifier and password: what a passkey has signed, as `PublicKeyCredential.toJSON` gives it. Only where the challenge has options for it.',
    )
    .optional(),
});

export type IdentificationResponse = z.infer<typeof identificationResponse>;
