import type { Actor } from '../flow/change.js';
import type { RequestContext } from './context.js';

/** Whoever sent this request, for the event log; refuses where nobody is known. */
export async function actor(context: RequestContext): Promise<Actor> {
  const { userId, apiTokenId } = await context.access();
  const { address, userAgent, location } = context.client;
  return { userId, apiTokenId, address, userAgent, location, now: context.now };
}
