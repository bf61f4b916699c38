import type { Actor } from './change.js';

/** How an address has behaved towards a name. */
export interface ReputationRecord {
  /** The account's name; null where only a hash is kept, because what was typed was no account's name. */
  readonly identifier: string | null;
  /** An IPv4 address, or an IPv6 network of 64 bits. */
  readonly address: string;
  readonly score: number;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  /** Tells it from the others, and tells nothing else. */
  readonly key: string;
}

/** Which records are meant; both conditions hold, and null is none. */
export interface ReputationFilter {
  /** A name as it was typed, or the username of the account that was meant. */
  readonly identifier: string | null;
  readonly address: string | null;
}

export type ReputationOrder = 'SCORE_ASC' | 'UPDATED_AT_DESC';

/** Where a record stands in one of the orders. */
export interface ReputationPosition {
  readonly score: number;
  readonly updatedAt: Date;
  readonly key: string;
}

export interface ReputationPageRequest {
  readonly filter: ReputationFilter;
  readonly order: ReputationOrder;
  readonly size: number;
  readonly after: ReputationPosition | null;
  readonly now: Date;
}

/** Lists and forgets reputations, for administrators. What has expired is not there any more. */
export interface ReputationRecords {
  list(
    request: ReputationPageRequest,
  ): Promise<{ readonly items: readonly ReputationRecord[]; readonly hasMore: boolean }>;
  count(filter: ReputationFilter, now: Date): Promise<number>;
  /** How many were forgotten; one event tells of all. */
  forget(filter: ReputationFilter, by: Actor): Promise<number>;
}
