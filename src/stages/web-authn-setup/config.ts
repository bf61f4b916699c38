import { z } from 'zod';

import { setupConfig } from '../authenticator-setup.js';
import { modelList, passkeyHintList, userVerification } from '../passkey-config.js';

const MOST_ATTEMPTS = 100;
const MOST_ROOTS = 50;
const LONGEST_ROOT = 8192;

const residentKey = z.enum(['REQUIRED', 'PREFERRED', 'DISCOURAGED']).meta({
  typeName: 'ResidentKey',
  description:
    'Whether the passkey is to be found without anybody having been named, as signing in with nothing else takes.',
  values: {
    REQUIRED: 'Where it cannot be, none is made.',
    PREFERRED: 'Where it can be.',
    DISCOURAGED: 'It need not be.',
  },
});

const attachment = z.enum(['PLATFORM', 'CROSS_PLATFORM']).meta({
  typeName: 'AuthenticatorAttachment',
  description: 'Where the passkey is to be kept.',
  values: {
    PLATFORM: 'In the device itself.',
    CROSS_PLATFORM: 'In something that can be carried to another device, such as a security key or a phone.',
  },
});

const attestation = z.enum(['NONE', 'DIRECT']).meta({
  typeName: 'Attestation',
  description: 'Whether the authenticator is asked what model it is, signed by its maker.',
  values: {
    NONE: 'It is not asked.',
    DIRECT: 'It is asked. Browsers may ask the person whether they mind.',
  },
});

const certificate = z
  .string()
  .max(LONGEST_ROOT)
  .regex(/^\s*-----BEGIN CERTIFICATE-----[\sA-Za-z\d+/=]+-----END CERTIFICATE-----\s*$/, {
    error: 'Must be one certificate in PEM.',
  });

export const webAuthnSetupConfig = z.strictObject({
  userVerification: userVerification
    .default('PREFERRED')
    .describe('How strictly the person has to unlock it while it is set up. Default: PREFERRED.'),
  residentKey: residentKey
    .default('PREFERRED')
    .describe('Whether it is to be found without anybody having been named. Default: PREFERRED.'),
  authenticatorAttachment: attachment
    .nullable()
    .default(null)
    .describe('Where it is to be kept. Default: what the hints agree on, else anywhere.'),
  hints: passkeyHintList
    .default([])
    .describe('In what form the browser is to offer it, the dearest first. Default: no preference.'),
  attestation: attestation
    .default('NONE')
    .describe(
      'Whether it is asked what model it is. Where models are restricted it always is. Default: NONE.',
    ),
  allowedModels: modelList
    .default([])
    .describe(
      'Which models may be set up, by AAGUID in small letters. Only those count that their maker vouches for. Default: any.',
    ),
  attestationRoots: z
    .array(certificate)
    .max(MOST_ROOTS)
    .default([])
    .describe(
      'Certificates of makers of security keys and TPMs who are trusted, in PEM, one each. Those of Apple and Google are known.',
    ),
  maxAttempts: z
    .int()
    .min(0)
    .max(MOST_ATTEMPTS)
    .default(0)
    .describe('How many failures end it; 0 for any number. Default: 0.'),
  ...setupConfig,
});

export type WebAuthnSetupConfig = z.infer<typeof webAuthnSetupConfig>;
