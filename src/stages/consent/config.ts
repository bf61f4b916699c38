import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';

const MOST_PERMISSIONS = 50;

const consentMode = z.enum(['ALWAYS', 'PERMANENT', 'EXPIRING']).meta({
  typeName: 'ConsentMode',
  description: 'How long a consent stage remembers what somebody has agreed to.',
  values: {
    ALWAYS: 'Not at all: everybody is asked each time.',
    PERMANENT: 'Until it is revoked, or more is asked for.',
    EXPIRING: 'For a time, unless it is revoked, or more is asked for.',
  },
});

/** Something to agree to. */
export const consentPermission = z
  .strictObject({
    id: z.string().min(1).max(100).describe('Names it for good: by this it is remembered.'),
    name: z.string().min(1).max(500).describe('What the person reads.'),
  })
  .meta({ typeName: 'ConsentPermission', description: 'Something that a consent stage asks for.' });

export const consentConfig = z.strictObject({
  mode: consentMode
    .default('EXPIRING')
    .describe('How long it is remembered what somebody has agreed to. Default: EXPIRING.'),
  expireIn: durationText
    .refine((text) => durationSeconds(text) >= 1, { error: 'Must be at least PT1S.' })
    .default('P28D')
    .describe('How long, where the mode is EXPIRING. Default: P28D.'),
  header: z
    .string()
    .max(1000)
    .default('')
    .describe('What to say above the permissions, as plain text. Default: nothing.'),
  permissions: z
    .array(consentPermission)
    .max(MOST_PERMISSIONS)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
      error: 'Must not have two of one id.',
    })
    .default([])
    .describe('What the person is to agree to; at most 50. Default: nothing but what the header says.'),
});

export type ConsentConfig = z.infer<typeof consentConfig>;
