import { isRecent } from '../flow/ownership.js';
import type { Viewer } from '../flow/stage-kind.js';
import { may } from '../identity/access.js';
import type { Permission } from '../identity/permissions.js';
import { Refusal } from '../kernel/refusal.js';
import type { RequestContext } from './context.js';

/** Whoever is signed in, by a session; refuses where nobody is, and API tokens, which never are. */
export async function expectViewer(context: RequestContext): Promise<Viewer> {
  const viewer = await context.viewer();
  if (viewer) return viewer;
  // Refuses by itself where nobody is known.
  await context.access();
  throw new Refusal('FORBIDDEN', 'No API token may do this: it is for people who have signed in.');
}

/** Refuses whoever lacks one of these permissions. */
export async function expectPermissions(
  context: RequestContext,
  needed: readonly Permission[],
): Promise<void> {
  const access = await context.access();
  if (needed.every((permission) => may(access, permission))) return;
  throw new Refusal('FORBIDDEN', `This needs permissions that you do not have: ${needed.join(', ')}.`);
}

/**
 * Refuses whoever has not proved for a while who they are, or not as strongly as they can, and names the flow by which
 * they do.
 */
export async function expectRecentAuthentication(context: RequestContext): Promise<void> {
  const { authenticatedAt, isStrongest } = await context.access();
  if (authenticatedAt === null) return;
  const { installation } = await context.catalogue();
  if (isStrongest && isRecent(authenticatedAt, context.now, installation)) return;
  const flow = await context.runner.defaultFlow(await context.ownVisit(), 'AUTHENTICATION');
  const message = flow
    ? 'Prove again that it is you, by the flow that is named, and try once more.'
    : 'This asks for a recent authentication, and no flow for it lets you in. An administrator has to make one: its designation AUTHENTICATION, its requirement REQUIRE_AUTHENTICATED. Until then, sign out and in again.';
  throw new Refusal('STEP_UP_REQUIRED', message, { flow: flow ? { slug: flow.slug } : null });
}
