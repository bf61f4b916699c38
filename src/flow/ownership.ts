import type { Installation } from './installation.js';
import type { ExpectAuthenticators } from './authenticator-effects.js';
import { demandedLevel } from './assurance.js';
import { proofKinds } from './proof.js';
import { authenticatorOf } from './second-factor.js';
import type { FlowUser } from './services/users.js';
import type { StageRun, Viewer } from './stage-kind.js';

/**
 * How sure it is that somebody is the owner of an account: they have proved it in this execution, or lately, by signing
 * in; they are signed in, but that was a while ago; or it is not sure at all.
 */
export type Ownership = 'PROVEN' | 'SIGNED_IN' | 'NONE';

type OwnersRun = Pick<StageRun, 'proofs' | 'viewer' | 'now'> & {
  readonly services: Pick<StageRun['services'], 'definitions'>;
};

/** Of the person whom the flow is about. Whoever is disabled owns nothing. */
export function ownership({ proofs, viewer, now, services }: OwnersRun, user: FlowUser): Ownership {
  if (!user.active) return 'NONE';
  if (proofs.length > 0) return 'PROVEN';
  if (viewer?.user.id !== user.id) return 'NONE';
  return isRecent(viewer.createdAt, now, services.definitions.installation) ? 'PROVEN' : 'SIGNED_IN';
}

/**
 * Whether somebody has yet to be asked for their second factor, for what takes the strongest proof that they can give: they
 * have not shown one in this execution, nor does the session that they act by rest on one, at their highest level. That
 * one was remembered is not enough.
 */
export function isStrongerProofDue(
  { proofs, viewer }: Pick<OwnersRun, 'proofs' | 'viewer'>,
  user: FlowUser,
): boolean {
  const isShown = proofs.some((proof) => authenticatorOf(proof) !== undefined);
  if (user.authenticators.length === 0 || isShown) return false;
  const isOfSession = proofs.length === 0 && viewer?.user.id === user.id;
  return !(isOfSession && viewer.aal >= demandedLevel(user) && restsOnAuthenticator(viewer));
}

/** Holds to what was decided about the person's second factors until it is done: another process may add one meanwhile. */
export function expectingAuthenticators({ id, authenticators }: FlowUser): ExpectAuthenticators {
  return { type: 'expectAuthenticators', userId: id, known: authenticators.map((owned) => owned.id) };
}

/** Where all that a person has is disabled, or proves little, their level says nothing of whether it was shown. */
function restsOnAuthenticator({ amr }: Viewer): boolean {
  return proofKinds.some((proof) => authenticatorOf(proof) !== undefined && amr.includes(proof));
}

/** Whether that is recent enough for what asks for a recent authentication. */
export function isRecent(
  authenticatedAt: Date,
  now: Date,
  { recentAuthenticationSeconds }: Pick<Installation, 'recentAuthenticationSeconds'>,
): boolean {
  return (now.getTime() - authenticatedAt.getTime()) / 1000 < recentAuthenticationSeconds;
}
