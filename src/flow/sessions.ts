import type { Actor } from './change.js';
import type { ListPosition } from './list-position.js';

/** That somebody is signed in on some client. */
export interface ManagedSession extends ListPosition {
  readonly userId: string;
  readonly expiresAt: Date;
  /** How the person was verified, as RFC 8176 names it. */
  readonly amr: readonly string[];
  readonly aal: number;
  /** From where, and by what, the person signed in. */
  readonly address: string;
  readonly userAgent: string;
}

export interface SessionPageRequest {
  /** Whose; null for everybody's. */
  readonly userId: string | null;
  readonly size: number;
  readonly after: ListPosition | null;
  readonly newestFirst: boolean;
  readonly now: Date;
}

/**
 * Lists and ends sessions, beside what flows do. What has expired is not there any more. Each call that ends some is
 * one transaction, with an event for each session; ending what is not there is refused as NOT_FOUND.
 */
export interface Sessions {
  list(
    request: SessionPageRequest,
  ): Promise<{ readonly items: readonly ManagedSession[]; readonly hasMore: boolean }>;
  count(userId: string | null, now: Date): Promise<number>;
  /** Ends anybody's session. Refuses as FORBIDDEN where its person may do more than whoever ends it. */
  end(id: string, by: Actor): Promise<void>;
  /** Ends all sessions of a person, under the same rule; how many. */
  endAllOf(userId: string, by: Actor): Promise<number>;
  /** Ends a session of whoever asks; somebody else's is not there. */
  endOwn(id: string, by: Actor): Promise<void>;
  /** Ends the sessions of whoever asks, but for this one; how many. */
  endOwnOthers(keptId: string, by: Actor): Promise<number>;
}
