import type { JsonObject } from '../kernel/json.js';
import type { Language } from '../kernel/language.js';
import type { Secret } from '../kernel/secret.js';
import type { AttributeWrite } from './attributes.js';
import type { AuthenticatorEffect } from './authenticator-effects.js';
import type { CustomEventAction, EventAction } from './event-actions.js';
import type { ReputationName } from './reputation.js';
import type { MailTemplate } from './services/mail-texts.js';
import type { UserGroup, UserKind } from './services/users.js';
import type { Proof } from './proof.js';

/**
 * What a stage wants to have happened. Effects are data: they are applied all together, in the transaction
 * that stores the execution, or not at all.
 */
export type Effect =
  | CreateUser
  | UpdateUser
  | DeleteUser
  | SetPassword
  | RehashPassword
  | OpenSession
  | EndSession
  | EndOtherSessions
  | ShutOutOthers
  | ForgetGuesses
  | ChangeReputation
  | ConsumeFlowToken
  | ConsumeInvitation
  | SendMail
  | IssueMailLink
  | ConfirmMailLink
  | VerifyEmail
  | GrantConsent
  | UseOnce
  | AuthenticatorEffect
  | SendText
  | RecordEvent;

export interface CreateUser {
  readonly type: 'createUser';
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  /** Not active only because it has yet to be confirmed, by mail: that makes it active. */
  readonly awaitsVerification: boolean;
  /** When somebody has shown that mail to the address reaches them; null where nobody has. */
  readonly emailVerifiedAt: Date | null;
  readonly kind: UserKind;
  /** Where it stands among others, such as `users/external`. */
  readonly path: string;
  readonly attributes: JsonObject;
  readonly createdAt: Date;
  /** The group that it joins. */
  readonly group: UserGroup | null;
  /** That group, and those around it. */
  readonly groups: readonly UserGroup[];
}

export interface UpdateUser {
  readonly type: 'updateUser';
  readonly id: string;
  readonly changes: UserChanges;
}

export interface UserChanges {
  readonly username?: string;
  readonly email?: string | null;
  readonly name?: string;
  /** Each is written into what there is by then. */
  readonly attributes?: readonly AttributeWrite[];
  readonly emailVerifiedAt?: Date | null;
}

/** Refused, and all else with it, where nobody would be left who may do everything. Happens after all else. */
export interface DeleteUser {
  readonly type: 'deleteUser';
  readonly id: string;
}

export interface SetPassword {
  readonly type: 'setPassword';
  readonly userId: string;
  readonly hash: Secret;
  /** How many passwords before this one are to be remembered, so that they are not used again. */
  readonly remembered: number;
}

/** The same password under a newer scheme; not written where the password has been changed meanwhile. */
export interface RehashPassword {
  readonly type: 'rehashPassword';
  readonly userId: string;
  readonly from: Secret;
  readonly to: Secret;
}

export interface OpenSession {
  readonly type: 'openSession';
  readonly sessionId: string;
  readonly userId: string;
  readonly token: Secret;
  readonly expiresAt: Date;
  /** Whether the browser keeps the cookie when it is closed. */
  readonly persistent: boolean;
  /** Authentication methods (RFC 8176) that were verified for this user in this execution. */
  readonly amr: readonly Proof[];
  readonly aal: number;
  /**
   * Whether the flow's administrator has said that nobody is asked for a second factor here. Else the session is refused,
   * and all else with it, where the person has one by then that they have not shown.
   */
  readonly waivesSecondFactor: boolean;
}

export interface EndSession {
  readonly type: 'endSession';
  readonly sessionId: string;
}

export interface EndOtherSessions {
  readonly type: 'endOtherSessions';
  readonly userId: string;
  readonly keptSessionId: string | null;
}

/**
 * Ends every way in that others may have open: sessions, but for one and those that this execution has opened; flows
 * that the person is in the middle of, but for this one; and links that have not been used.
 */
export interface ShutOutOthers {
  readonly type: 'shutOutOthers';
  readonly userId: string;
  readonly keptSessionId: string | null;
}

/** A guess that was right is forgotten: the failures before it no longer count. */
export interface ForgetGuesses {
  readonly type: 'forgetGuesses';
  readonly receipt: GuessReceipt;
}

/** Names the counters that one guess has incremented. */
export interface GuessReceipt {
  readonly accountKeys: readonly string[];
  readonly addressKey: string;
}

/** How an address has behaved towards a name, for policies to decide by. */
export interface ChangeReputation {
  readonly type: 'changeReputation';
  readonly name: ReputationName;
  readonly behaved: 'WELL' | 'BADLY';
}

export interface ConsumeFlowToken {
  readonly type: 'consumeFlowToken';
  readonly id: string;
}

/** Refused, and all else with it, where the invitation is good no longer. */
export interface ConsumeInvitation {
  readonly type: 'consumeInvitation';
  readonly id: string;
  /** The flow that it was accepted in. */
  readonly flowId: string;
  /** Whose account is made with it. */
  readonly userId: string;
}

/** Puts a mail into the outbox; it is sent once the transaction is over. */
export interface SendMail {
  readonly type: 'sendMail';
  readonly id: string;
  readonly template: MailTemplate;
  /** Null where it must look as if there was a mail, and there is none. */
  readonly to: string | null;
  /** Whose mail it is, for the record. */
  readonly userId: string | null;
  readonly language: Language;
  /** What the template has places for, and may be known. */
  readonly values: Readonly<Record<string, string>>;
  /** What the template has places for, and only the mail may tell. */
  readonly secrets: Readonly<Record<string, Secret>>;
  /** After which it is not worth sending any more. */
  readonly expiresAt: Date;
}

/** Makes a link for a mail. Those that this execution had mailed before are good no longer. */
export interface IssueMailLink {
  readonly type: 'issueMailLink';
  readonly id: string;
  readonly token: Secret;
  /** Where whoever opens it lands: at the stage that mails it, alone. */
  readonly flowId: string;
  readonly bindingId: string;
  readonly stageId: string;
  /** What is shown to the person who waits, and asked of whoever opens the link. */
  readonly matchCode: Secret;
  readonly expiresAt: Date;
}

/** Uses a link in a mail up; refused, and all else with it, where the execution that mailed it waits for it no longer. */
export interface ConfirmMailLink {
  readonly type: 'confirmMailLink';
  readonly id: string;
  /** What waits for it, and is told. */
  readonly executionId: string;
}

/**
 * Notes that mail to an account's address reaches its person; refused, and all else with it, where the address is another
 * one by now.
 */
export interface VerifyEmail {
  readonly type: 'verifyEmail';
  readonly userId: string;
  readonly email: string;
  readonly verifiedAt: Date;
  /** Whether that lets an account in which has been waiting for it. One that is not active for another reason stays so. */
  readonly activates: boolean;
}

/** Remembers what somebody has agreed to. */
export interface GrantConsent {
  readonly type: 'grantConsent';
  readonly userId: string;
  /** The stage that asked. */
  readonly stageId: string;
  readonly permissions: readonly string[];
  /** Null for good. */
  readonly expiresAt: Date | null;
}

/** Uses something up that is good only once; refused, and all else with it, where it has been used. */
export interface UseOnce {
  readonly type: 'useOnce';
  /** A keyed or plain hash: what is used is not kept. */
  readonly key: string;
  /** After which it is good no longer anyway. */
  readonly expiresAt: Date;
}

/** Puts a text message into the outbox; it is sent once the transaction is over. */
export interface SendText {
  readonly type: 'sendText';
  readonly id: string;
  /** The stage that is configured with who sends it. */
  readonly stageId: string;
  /** The number, in E.164. */
  readonly to: string;
  readonly userId: string | null;
  readonly language: Language;
  readonly secrets: { readonly code: Secret };
  readonly expiresAt: Date;
}

export interface RecordEvent {
  readonly type: 'recordEvent';
  readonly action: EventAction | CustomEventAction;
  readonly userId: string | null;
  /** Never holds a secret. */
  readonly details: JsonObject;
}

/** Whether an effect changes something besides records and counters. */
export function isLasting(effect: Effect): boolean {
  switch (effect.type) {
    case 'recordEvent':
    case 'forgetGuesses':
    case 'changeReputation':
    case 'rehashPassword':
    case 'sendMail':
    case 'issueMailLink':
    case 'useOnce':
    case 'useAuthenticator':
    case 'expectAuthenticators':
    case 'rememberBrowser':
    case 'sendText':
      return false;
    case 'createUser':
    case 'updateUser':
    case 'deleteUser':
    case 'setPassword':
    case 'openSession':
    case 'endSession':
    case 'endOtherSessions':
    case 'shutOutOthers':
    case 'consumeFlowToken':
    case 'consumeInvitation':
    case 'grantConsent':
    case 'confirmMailLink':
    case 'verifyEmail':
    case 'addAuthenticator':
      return true;
  }
}
