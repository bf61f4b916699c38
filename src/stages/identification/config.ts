import { z } from 'zod';

import { flowReference, stageReference } from '../reference.js';

export const userField = z.enum(['USERNAME', 'EMAIL']).meta({
  typeName: 'UserField',
  description: 'What a person can be identified by.',
  values: { USERNAME: 'Their username.', EMAIL: 'Their e-mail address.' },
});

export const identificationConfig = z.strictObject({
  userFields: z
    .array(userField)
    .min(1)
    .max(2)
    .default(['USERNAME', 'EMAIL'])
    .describe('What a person may type. Default: username and e-mail.'),
  pretendUserExists: z
    .boolean()
    .default(true)
    .describe('Go on with people who do not exist, so that nobody can tell who does. Default: true.'),
  passkeys: z
    .boolean()
    .default(false)
    .describe(
      'Offer to sign in with a passkey instead, such as by the autofill of the browser: no name, no password. Default: false.',
    ),
  passwordStageId: stageReference('password')
    .nullable()
    .default(null)
    .describe('A password stage to show on the same screen.'),
  captchaStageId: stageReference('captcha')
    .nullable()
    .default(null)
    .describe('A captcha stage to show on the same screen. Nobody is looked up before it is solved.'),
  enrollmentFlowId: flowReference().nullable().default(null).describe('The flow to offer to new people.'),
  recoveryFlowId: flowReference()
    .nullable()
    .default(null)
    .describe('The flow to offer to people who cannot sign in.'),
  passwordlessFlowId: flowReference()
    .nullable()
    .default(null)
    .describe('The flow to offer for signing in without a password.'),
});

export type IdentificationConfig = z.infer<typeof identificationConfig>;
