import type { JsonObject } from '../kernel/json.js';
import type { AttributeWrite } from './attributes.js';
import type { Effect } from './effect.js';

/** What an effect does, for a trace: who and what, never a secret. */
export function effectView(effect: Effect): JsonObject {
  switch (effect.type) {
    case 'createUser': {
      const { id, username, email, name, active, kind, path, attributes, group } = effect;
      const fields = { username, email, name, active, kind, path, attributes };
      return { userId: id, ...fields, group: group?.name ?? null };
    }
    case 'updateUser': {
      const { emailVerifiedAt, attributes, ...changes } = effect.changes;
      const verified = emailVerifiedAt === undefined ? {} : { emailVerified: emailVerifiedAt !== null };
      return {
        userId: effect.id,
        ...changes,
        ...verified,
        ...(attributes && { attributes: byPath(attributes) }),
      };
    }
    case 'deleteUser':
      return { userId: effect.id };
    case 'setPassword':
    case 'rehashPassword':
      return { userId: effect.userId };
    case 'openSession': {
      const { sessionId, userId, expiresAt, amr, aal, waivesSecondFactor } = effect;
      const level = { amr: [...amr], aal, waivesSecondFactor };
      return { sessionId, userId, expiresAt: expiresAt.toISOString(), ...level };
    }
    case 'endSession':
      return { sessionId: effect.sessionId };
    case 'endOtherSessions':
    case 'shutOutOthers':
      return { userId: effect.userId };
    case 'forgetGuesses':
      return { accounts: effect.receipt.accountKeys.length };
    case 'changeReputation':
      return { known: effect.name.known, behaved: effect.behaved };
    case 'consumeFlowToken':
      return { flowTokenId: effect.id };
    case 'consumeInvitation':
      return { invitationId: effect.id, userId: effect.userId };
    case 'sendMail':
      return { mailId: effect.id, template: effect.template, userId: effect.userId };
    case 'issueMailLink':
      return { linkId: effect.id };
    case 'confirmMailLink':
      return { linkId: effect.id, executionId: effect.executionId };
    case 'verifyEmail':
      return { userId: effect.userId, activates: effect.activates };
    case 'grantConsent':
      return { userId: effect.userId, stageId: effect.stageId, permissions: [...effect.permissions] };
    case 'useOnce':
      return {};
    case 'addAuthenticator': {
      const { id, userId, kind, name, replaces } = effect;
      return { authenticatorId: id, userId, kind, name, replaces };
    }
    case 'useAuthenticator':
      return { authenticatorId: effect.id, userId: effect.userId };
    case 'expectAuthenticators':
      return { userId: effect.userId, known: [...effect.known] };
    case 'rememberBrowser':
      return { userId: effect.userId, expiresAt: effect.expiresAt.toISOString() };
    case 'sendText':
      return { textId: effect.id, stageId: effect.stageId, userId: effect.userId };
    case 'recordEvent':
      return { action: effect.action, userId: effect.userId, details: effect.details };
  }
}

function byPath(writes: readonly AttributeWrite[]): JsonObject {
  return Object.fromEntries(writes.map(({ path, value }) => [path.join('.'), value]));
}
