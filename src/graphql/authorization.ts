import type { AuthCheckerFn } from 'type-graphql';

import type { Viewer } from '../flow/stage-kind.js';
import { Refusal } from '../kernel/refusal.js';
import type { RequestContext } from './context.js';

/** The role that a field can ask for with `@Authorized(ADMINISTRATOR)`. */
export const ADMINISTRATOR = 'ADMINISTRATOR';

/** Lets administrators through; tells everybody else what is missing. */
export const authChecker: AuthCheckerFn<RequestContext, typeof ADMINISTRATOR> = async ({ context }) => {
  const viewer = await expectViewer(context);
  if (!viewer.user.superuser) throw new Refusal('FORBIDDEN', 'This is for administrators.');
  return true;
};

/** Whoever is signed in; refuses where nobody is. */
export async function expectViewer(context: RequestContext): Promise<Viewer> {
  const viewer = await context.viewer();
  if (!viewer) throw new Refusal('UNAUTHENTICATED', 'Sign in first.');
  return viewer;
}
