import type { AuthenticatorFacts, Authenticator } from './authenticator-kind.js';
import type { Actor } from './change.js';
import type { OwnedAuthenticator } from './services/users.js';

/** An authenticator as its person and administrators see it: no secret, and nothing by which it is found. */
export interface ManagedAuthenticator
  extends Pick<
      Authenticator,
      'id' | 'userId' | 'kind' | 'name' | 'verifiesUser' | 'createdAt' | 'lastUsedAt' | 'disabledAt'
    >,
    AuthenticatorFacts {
  /** By which its person tells it from others, such as a masked address. */
  readonly hint: string | null;
  /** How many recovery codes are left; null for other kinds. */
  readonly codesLeft: number | null;
  readonly version: number;
}

/**
 * Lists and changes what people have set up; setting up is done by flows. Each change is one transaction that records
 * it. A change to what is not there, and to what is somebody else's where only one's own may be changed, is refused as
 * NOT_FOUND.
 */
export interface AuthenticatorRecords {
  /** The authenticators of each of these people, the oldest first: disabled ones and used up recovery codes too. */
  ofUsers(userIds: readonly string[]): Promise<ManagedAuthenticator[][]>;
  byId(id: string): Promise<ManagedAuthenticator | undefined>;
  /** Calls one's own by another name. */
  renameOwn(id: string, name: string, ifVersion: number | null, by: Actor): Promise<void>;
  /**
   * Removes one's own, and ends whatever else of theirs is open but one session. Refuses as CONFLICT where they have
   * others by now than it was decided by (`seen`).
   */
  removeOwn(id: string, seen: readonly OwnedAuthenticator[], keptSessionId: string, by: Actor): Promise<void>;
  /**
   * Removes somebody else's, and ends their sessions and flows. Refuses as FORBIDDEN where they may do more than whoever
   * removes it, and where it is one's own.
   */
  delete(id: string, by: Actor): Promise<void>;
}
