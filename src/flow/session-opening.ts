import type { Draft } from './draft.js';
import { assuranceLevel } from './assurance.js';
import type { Effect, OpenSession } from './effect.js';
import type { PeopleOfThisSubmit } from './people.js';
import { isSecondFactorDue } from './second-factor.js';
import type { FlowUser } from './services/users.js';
import { mayOpenSession } from './session-rule.js';

interface OpeningStage {
  readonly place: { readonly bindingId: string };
  readonly kind: { readonly opensSession: boolean };
  readonly stage: { readonly name: string };
}

/** Gathers the effects of a stage that was passed: a session goes its only way, and ends with its account. */
export async function bringAbout(
  draft: Draft,
  stage: OpeningStage,
  effects: readonly Effect[],
  people: Pick<PeopleOfThisSubmit, 'byId'>,
  now: Date,
): Promise<void> {
  for (const effect of effects) {
    if (effect.type === 'openSession')
      openSession(draft, stage, effect, await people.byId(effect.userId), now);
    if (effect.type === 'deleteUser') draft.dropSession();
    draft.effects.push(effect);
  }
}

/** The only way to a session. A stage that asks for one where it may not have one is a fault of ours. */
function openSession(
  draft: Draft,
  { place, kind, stage }: OpeningStage,
  effect: OpenSession,
  user: FlowUser | undefined,
  now: Date,
): void {
  const { userId, sessionId: id, expiresAt, amr, aal, token, persistent, waivesSecondFactor } = effect;
  const proofs = draft.proofsOf(userId);
  const isTheirs = kind.opensSession && userId === draft.userId() && userId === user?.id;
  const isAsked = waivesSecondFactor || (user && !isSecondFactorDue(user, proofs));
  // No stage can say of a session more than was verified.
  const isHonest = aal <= assuranceLevel(proofs) && amr.every((proof) => proofs.includes(proof));
  if (!isTheirs || !isAsked || !isHonest || !mayOpenSession(draft.execution, place.bindingId, userId)) {
    throw new Error(`stage ${stage.name} may not open a session here`);
  }
  const session = { id, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), amr, aal };
  draft.openSession(session, { token, expiresAt, persistent });
}
