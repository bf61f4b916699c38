import { z } from 'zod';

import { typedPassword, typedText } from '../answer-text.js';
import { LONGEST_CAPTCHA_TOKEN, captchaWidget } from '../captcha-widget.js';
import { flowLink } from '../flow-link.js';
import { userField } from './config.js';

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
});
