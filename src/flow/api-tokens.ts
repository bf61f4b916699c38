import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { ListPosition } from './list-position.js';

/** A secret by which a script acts for somebody; what it is called and may do, and never the secret itself. */
export interface ApiToken extends ListPosition {
  readonly userId: string;
  readonly name: string;
  /** By name, in order. */
  readonly permissions: readonly string[];
  readonly expiresAt: Date;
  /** To the minute; null where it never was. */
  readonly lastUsedAt: Date | null;
  readonly version: number;
}

export interface NewApiToken {
  readonly userId: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly token: Secret;
  readonly expiresAt: Date;
}

export interface ApiTokenPageRequest {
  /** Whose; null for everybody's. */
  readonly userId: string | null;
  readonly size: number;
  readonly after: ListPosition | null;
  readonly now: Date;
}

/**
 * Keeps API tokens. What has expired is not there any more. A change to what is not there is refused as NOT_FOUND;
 * each is one transaction that records what it has changed.
 */
export interface ApiTokens {
  byId(id: string, now: Date): Promise<ApiToken | undefined>;
  /** The newest first. */
  list(
    request: ApiTokenPageRequest,
  ): Promise<{ readonly items: readonly ApiToken[]; readonly hasMore: boolean }>;
  count(userId: string | null, now: Date): Promise<number>;
  /** Refuses as CONFLICT where the person has as many as anybody may have. */
  create(token: NewApiToken, by: Actor): Promise<string>;
  update(
    id: string,
    changes: Partial<Pick<ApiToken, 'name' | 'permissions'>>,
    ifVersion: number | null,
    by: Actor,
  ): Promise<void>;
  /** Refuses as FORBIDDEN whoever deletes a token of somebody who may do more than they. */
  delete(id: string, by: Actor): Promise<void>;
}
