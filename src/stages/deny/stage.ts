import { z } from 'zod';

import { denyMessageKey } from '../../flow/context-keys.js';
import { deny } from '../../flow/outcome.js';
import { defineSilentStage } from '../define.js';

export const denyStage = defineSilentStage({
  name: 'deny',
  description: 'Ends the flow with a denial.',
  config: z.strictObject({
    message: z.string().max(500).default('').describe('What the person is told; empty for a general text.'),
  }),
  facts: () => ({ ends: true }),
  services: [],
  run: async ({ config, context }) =>
    deny(
      'STAGE_DENIED',
      context.get(denyMessageKey) ?? (config.message === '' ? 'You may not go on here.' : config.message),
    ),
});
