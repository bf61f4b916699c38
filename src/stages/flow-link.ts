import { z } from 'zod';

import { designations, layouts } from '../flow/definition.js';

/** A flow that a challenge points to, as GraphQL's FlowInfo. */
export const flowLink = z
  .object({
    slug: z.string(),
    title: z.string(),
    designation: z.enum(designations),
    layout: z.enum(layouts),
    backgroundUrl: z.string().nullable(),
  })
  .meta({ typeName: 'FlowInfo' });

/** Reads a configured link: null where none is configured. */
export function linkTo(
  definitions: { flow(id: string): z.infer<typeof flowLink> | undefined },
  flowId: string | null,
): z.infer<typeof flowLink> | null {
  const flow = flowId === null ? undefined : definitions.flow(flowId);
  return flow ? flowLink.parse(flow) : null;
}
