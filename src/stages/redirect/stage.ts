import { z } from 'zod';

import { redirectTargetKey } from '../../flow/context-keys.js';
import { ask, deny, enter } from '../../flow/outcome.js';
import { defineOneWayStage } from '../define.js';
import { flowReference } from '../reference.js';
import { isWebAddress } from './web-address.js';

const FLOW_PREFIX = 'flow:';

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
  description:
    'Leads to another flow, with or without coming back, or out of the flow to an address; a policy can say where instead.',
  config,
  facts: ({ flowId, keepContext, returns }) =>
    flowId === null ? { ends: !returns } : { leadsTo: { flowId, keepContext, returns } },
  challenge: z.strictObject({
    to: z.string().describe('Where to go now. The flow does not go on from here.'),
  }),
  services: ['definitions', 'destinations'],
  async present({ config: { url, flowId, keepContext, returns }, context, services }) {
    const wanted = context.get(redirectTargetKey);
    const slug = slugIn(wanted);
    const nowhere = deny('CONFIGURATION_ERROR', 'It is not known where to go.');
    if (wanted !== undefined && slug === undefined) {
      // A policy may have made it out of what somebody has sent: it is no place to be sent to blindly.
      const to = services.destinations.acceptable(wanted);
      return to === undefined ? nowhere : ask({ to });
    }
    const flow = slug === undefined ? undefined : services.definitions.flowBySlug(slug)?.id;
    const entered = flow ?? flowId;
    // What a policy has set is used once.
    if (entered !== null) return enter(entered, { keepContext, returns }, [redirectTargetKey.cleared()]);
    return url === null ? nowhere : ask({ to: url });
  },
});

/** The flow that a policy wants, where it wants one. */
function slugIn(target: string | undefined): string | undefined {
  return target?.startsWith(FLOW_PREFIX) === true ? target.slice(FLOW_PREFIX.length) : undefined;
}
