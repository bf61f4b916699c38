import type { JsonObject } from '../kernel/json.js';
import type { Effect } from './effect.js';

/** What an effect does, for a trace: who and what, never a secret. */
export function effectView(effect: Effect): JsonObject {
  switch (effect.type) {
    case 'createUser': {
      const { id, username, email, name, active, group } = effect;
      return { userId: id, username, email, name, active, group: group?.name ?? null };
    }
    case 'updateUser':
      return { userId: effect.id, ...effect.changes };
    case 'setPassword':
    case 'rehashPassword':
      return { userId: effect.userId };
    case 'openSession': {
      const { sessionId, userId, expiresAt, amr, aal } = effect;
      return { sessionId, userId, expiresAt: expiresAt.toISOString(), amr, aal };
    }
    case 'endSession':
      return { sessionId: effect.sessionId };
    case 'endOtherSessions':
      return { userId: effect.userId };
    case 'forgetGuesses':
      return { accounts: effect.receipt.accountKeys.length };
    case 'changeReputation':
      return { known: effect.name.known, behaved: effect.behaved };
    case 'consumeFlowToken':
      return { flowTokenId: effect.id };
    case 'consumeInvitation':
      return { invitationId: effect.id, userId: effect.userId };
    case 'recordEvent':
      return { action: effect.action, userId: effect.userId, details: effect.details };
  }
}
