import { z } from 'zod';

import { responseError, retry } from '../../flow/outcome.js';
import {
  answerSetup,
  presentSetup,
  setupConfig,
  setupFacts,
  setupResponse,
  setupServices,
} from '../authenticator-setup.js';
import { defineStage } from '../define.js';

const KIND = 'STATIC';

const challenge = z.strictObject({
  codes: z.array(z.string()).describe('The codes, each good once. They are shown here, and never again.'),
  printable: z
    .string()
    .describe('The same as plain text, with whose they are and where they are good: to print or to save.'),
});

const errors = { NOT_ACKNOWLEDGED: 'Keep the codes first, then say that you have.' } as const;

export const staticSetupStage = defineStage({
  name: 'static-setup',
  description:
    'Gives the person recovery codes, each good once. They take the place of all that there were before.',
  config: z.strictObject({
    tokenCount: z
      .int()
      .min(1)
      .max(50)
      .default(10)
      .describe('How many codes there are, from 1 to 50. Default: 10.'),
    ...setupConfig,
  }),
  challenge,
  response: z.strictObject({
    acknowledge: z
      .boolean()
      .meta({ examples: [true] })
      .describe(
        'True: the person has kept the codes. Before that, they are of no use, and others still are.',
      ),
    ...setupResponse,
  }),
  errors,
  facts: setupFacts,
  services: setupServices,

  async present(run) {
    const outcome = await presentSetup(run, KIND, { count: run.config.tokenCount });
    return outcome.type === 'ask' ? { ...outcome, challenge: challenge.parse(outcome.challenge) } : outcome;
  },

  async answer(run, response) {
    if (!response.acknowledge) {
      const code = 'NOT_ACKNOWLEDGED';
      return retry([responseError('acknowledge', code, errors[code])]);
    }
    return answerSetup(run, KIND, { count: run.config.tokenCount }, response);
  },
});
