import { z } from 'zod';

import { ask, pass } from '../../flow/outcome.js';
import { defineStage } from '../define.js';

export const dummyStage = defineStage({
  name: 'dummy',
  description: 'Asks for an acknowledgement and proves nothing; for trying out flows.',
  developmentOnly: true,
  config: z.strictObject({
    throwError: z.boolean().default(false).describe('Fail with an internal error instead of asking.'),
  }),
  challenge: z.strictObject({}),
  response: z.strictObject({
    acknowledge: z.literal(true).describe('Must be true.'),
  }),
  errors: {},
  services: [],
  async present({ config, stage }) {
    if (config.throwError) throw new Error(`the dummy stage ${stage.name} was told to fail`);
    return ask({});
  },
  answer: async () => pass(),
});
