import { z } from 'zod';

import { consentPermission } from './config.js';

export const consentChallenge = z.strictObject({
  header: z.string().describe('What to say above the permissions, as plain text; may be empty.'),
  permissions: z
    .array(consentPermission)
    .describe(
      'What to agree to. Where the person has agreed to some of it before, that part: it is asked for again.',
    ),
  additionalPermissions: z
    .array(consentPermission)
    .describe('What is asked for beyond that; empty where the person has agreed to nothing before.'),
});

export const consentResponse = z
  .strictObject({ accept: z.boolean().describe('Whether the person agrees to all of it, or to none.') })
  .meta({ examples: [{ accept: true }] });
