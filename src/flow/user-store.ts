import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { ListPosition } from './list-position.js';
import type { FlowUser, UserKind } from './services/users.js';
import type { UserFields } from './user-rules.js';

/** A person as administrators see one. */
export interface Account extends FlowUser {
  /** Goes up with each change. */
  readonly version: number;
}

export interface UserFilter {
  /** Only people with a username or e-mail address that begins like this, in canonical form. */
  readonly search: string | null;
  readonly active: boolean | null;
  readonly awaitsVerification: boolean | null;
  readonly kind: UserKind | null;
  /** Only accounts that stand there, or below. */
  readonly path: string | null;
  /** Only people who are in this group directly. */
  readonly groupId: string | null;
}

/** By username, or with a search by the word that it has found; or by when accounts were made. */
export type UserOrder =
  | {
      readonly by: 'WORD';
      readonly descending: boolean;
      /** The word after which to begin. */
      readonly after: string | null;
    }
  | { readonly by: 'CREATED_AT'; readonly descending: boolean; readonly after: ListPosition | null };

export interface UserPageRequest {
  readonly filter: UserFilter;
  readonly order: UserOrder;
  readonly size: number;
}

export interface ListedUser {
  readonly user: Account;
  /** The username in canonical form; with a search, what it has found. */
  readonly word: string;
}

export interface UserPage {
  readonly users: readonly ListedUser[];
  readonly hasMore: boolean;
}

/** What is known of a person's password. */
export interface PasswordState {
  readonly changedAt: Date;
  readonly compromised: boolean;
}

/** Reads accounts, for administrators. */
export interface UserList {
  /** With a search each person is listed once, at the first of their words that it has found. */
  list(request: UserPageRequest): Promise<UserPage>;
  count(filter: UserFilter): Promise<number>;
  /** For each id the groups that the person is in directly, by name. */
  groupIdsOf(ids: readonly string[]): Promise<string[][]>;
  /** For each id; undefined for somebody without a password. */
  passwordStates(ids: readonly string[]): Promise<(PasswordState | undefined)[]>;
}

/**
 * Changes accounts; each call is one transaction that records what it has changed. A change to what is not there is
 * refused as NOT_FOUND; names that are taken, another version than the one that was read, and what would leave no active
 * person who is a superuser, as CONFLICT; and an account, or groups, that may do what the actor may not, as FORBIDDEN.
 */
export interface UserEditor {
  /** Without a password, unless one is given. Once an administrator was made, no secret of a start makes the first one. */
  create(fields: UserFields, groupIds: readonly string[], by: Actor, password?: NewPassword): Promise<string>;
  /**
   * Somebody who is disabled is signed out everywhere, the links that they were sent are good no longer, and the flows
   * that they are in the middle of have expired. The same, but for one session, where the e-mail address is changed;
   * they are told so at the one before.
   */
  update(
    id: string,
    changes: Partial<UserFields>,
    ifVersion: number | null,
    keptSessionId: string | null,
    by: Actor,
  ): Promise<void>;
  /** The person is told by mail. */
  delete(id: string, by: Actor): Promise<void>;
  /** Ends all sessions but one, the flows that the person is in the middle of, and links; they are told by mail. */
  setPassword(id: string, password: NewPassword, keptSessionId: string | null, by: Actor): Promise<void>;
  /** Ends all sessions, and the flows that the person is in the middle of. */
  markPasswordCompromised(id: string, by: Actor): Promise<void>;
}

export interface NewPassword {
  readonly hash: Secret;
  /** How many passwords before this one are to be remembered. */
  readonly remembered: number;
}
