import type { Draft } from './draft.js';
import type { OpenSession } from './effect.js';
import { mayOpenSession } from './session-rule.js';

interface OpeningStage {
  readonly place: { readonly bindingId: string };
  readonly kind: { readonly opensSession: boolean };
  readonly stage: { readonly name: string };
}

/** The only way to a session. A stage that asks for one where it may not have one is a fault of ours. */
export function openSession(
  draft: Draft,
  { place, kind, stage }: OpeningStage,
  effect: OpenSession,
  now: Date,
): void {
  const { userId, sessionId: id, expiresAt, amr, aal, token, persistent } = effect;
  const isTheirs = kind.opensSession && userId === draft.userId();
  if (!isTheirs || !mayOpenSession(draft.execution, place.bindingId, userId)) {
    throw new Error(`stage ${stage.name} may not open a session here`);
  }
  const session = { id, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), amr, aal };
  draft.openSession(session, { token, expiresAt, persistent });
}
