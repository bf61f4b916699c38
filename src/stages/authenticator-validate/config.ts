import { z } from 'zod';

import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';

export const authenticatorKind = z.enum(authenticatorKindNames).meta({ typeName: 'AuthenticatorKind' });

const notConfiguredAction = z.enum(['SKIP', 'DENY']).meta({
  typeName: 'NotConfiguredAction',
  description: 'What becomes of somebody who has set up none of the authenticators that count.',
  values: {
    SKIP: 'They go on without.',
    DENY: 'They do not go on.',
  },
});

export const validateConfig = z.strictObject({
  kinds: z
    .array(authenticatorKind)
    .min(1)
    .max(authenticatorKindNames.length)
    .default([...authenticatorKindNames])
    .describe('Which kinds count. Default: all.'),
  notConfiguredAction: notConfiguredAction
    .default('SKIP')
    .describe('What becomes of somebody who has none of these. Default: SKIP.'),
});

export type ValidateConfig = z.infer<typeof validateConfig>;
