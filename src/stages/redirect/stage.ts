import { z } from 'zod';

import { ask, deny, enter } from '../../flow/outcome.js';
import { defineOneWayStage } from '../define.js';
import { flowReference } from '../reference.js';
import { isWebAddress } from './web-address.js';

const config = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .refine(isWebAddress, {
        error: 'Must be an http or https address without credentials, or a path that begins with one slash.',
      })
      .nullable()
      .default(null)
      .describe(
        'Where to send the person: an address, or a path on the public origin. Either this or flowId.',
      ),
    flowId: flowReference()
      .nullable()
      .default(null)
      .describe('Which flow to go on with, in the same execution. Either this or url.'),
    keepContext: z
      .boolean()
      .default(true)
      .describe(
        'Whether the other flow knows what this one has learnt, and this one afterwards what that one has. Default: true.',
      ),
    returns: z
      .boolean()
      .default(false)
      .describe(
        'Whether this flow goes on where it left off, once the other one has reached its end. Default: false.',
      ),
  })
  .refine(({ url, flowId }) => (url === null) !== (flowId === null), {
    path: ['url'],
    error: 'Name either an address or a flow.',
  })
  .meta({
    examples: [
      { url: 'https://www.example.com/help' },
      { flowId: '00000000-0000-4000-8000-000000000000', keepContext: false, returns: true },
    ],
  });

export const redirectStage = defineOneWayStage({
  name: 'redirect',
  description: 'Leads to another flow, with or without coming back, or out of the flow to an address.',
  config,
  challenge: z.strictObject({
    to: z.string().describe('Where to go now. The flow does not go on from here.'),
  }),
  services: [],
  async present({ config: { url, flowId, keepContext, returns } }) {
    if (flowId !== null) return enter(flowId, { keepContext, returns });
    return url === null ? deny('CONFIGURATION_ERROR', 'It is not known where to go.') : ask({ to: url });
  },
});
