import { z } from 'zod';

import { durationText } from '../../kernel/duration.js';
import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';
import { modelList, passkeyHintList, userVerification } from '../passkey-config.js';
import { stageReference } from '../reference.js';
import { setupStageKinds } from '../setup-stage-kinds.js';

export const authenticatorKind = z.enum(authenticatorKindNames).meta({ typeName: 'AuthenticatorKind' });

/** More ways to set something up than anybody wants to choose from. */
const MOST_SETUP_STAGES = 10;

const notConfiguredAction = z.enum(['SKIP', 'DENY', 'CONFIGURE']).meta({
  typeName: 'NotConfiguredAction',
  description: 'What becomes of somebody who has set up none of the authenticators that count.',
  values: {
    SKIP: 'They go on without.',
    DENY: 'They do not go on.',
    CONFIGURE: 'They set one up first, at one of the setup stages, and are then asked for it.',
  },
});

const fields = z.strictObject({
  kinds: z
    .array(authenticatorKind)
    .min(1)
    .max(authenticatorKindNames.length)
    .refine((kinds) => new Set(kinds).size === kinds.length, { error: 'Must not name anything twice.' })
    .default([...authenticatorKindNames])
    .describe('Which kinds count. Default: all.'),
  notConfiguredAction: notConfiguredAction
    .default('SKIP')
    .describe('What becomes of somebody who has none of these. Default: SKIP.'),
  setupStageIds: z
    .array(stageReference(...setupStageKinds))
    .max(MOST_SETUP_STAGES)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'Must not name anything twice.' })
    .default([])
    .describe(
      'For CONFIGURE: the setup stages of which the person may choose one. Of several, those are offered whose kind counts. Default: none.',
    ),
  rememberFor: durationText
    .default('PT0S')
    .describe(
      'For how long a browser may pass without a second factor once its person has shown one there, and has asked to be remembered. PT0S does not offer it. Default: PT0S.',
    ),
  userVerification: userVerification
    .default('PREFERRED')
    .describe('How strictly passkeys have to be unlocked by their person. Default: PREFERRED.'),
  passkeyHints: passkeyHintList
    .default([])
    .describe(
      'In what form browsers are to look for passkeys, the dearest first. Default: none in particular.',
    ),
  allowedModels: modelList
    .default([])
    .describe('The models of passkeys that count, by their AAGUID; empty for any. Default: any.'),
});

export type ValidateConfig = z.infer<typeof fields>;

export const validateConfig = fields
  .refine(({ notConfiguredAction: action, setupStageIds: ids }) => action !== 'CONFIGURE' || ids.length > 0, {
    path: ['setupStageIds'],
    error: 'CONFIGURE needs a setup stage.',
    params: { code: 'REQUIRED' },
  })
  .meta({
    examples: [
      {},
      {
        kinds: ['TOTP', 'WEBAUTHN'],
        notConfiguredAction: 'CONFIGURE',
        setupStageIds: ['b4c1b1a0-0000-4000-8000-000000000001'],
        rememberFor: 'P30D',
        userVerification: 'REQUIRED',
        passkeyHints: ['CLIENT_DEVICE', 'SECURITY_KEY'],
        allowedModels: ['08987058-cadc-4b81-b6e1-30de50dcbe96'],
      },
    ],
  });
