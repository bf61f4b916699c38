import type { Location } from '../location.js';

/** A login of the past. */
export interface PastLogin {
  readonly at: Date;
  /** From where, as far as that was known; null where nothing was. */
  readonly location: Location | null;
}

/** Which events are counted; all conditions hold, and null is none. */
export interface EventCriteria {
  /** One of these actions; empty for any. Custom events are called `CUSTOM:` and their name. */
  readonly actions: readonly string[];
  readonly userId: string | null;
  readonly address: string | null;
  readonly since: Date;
}

/** Reads what has happened. */
export interface AuditLog {
  /** The person's latest logins, the newest first. */
  lastLogins(userId: string, count: number): Promise<readonly PastLogin[]>;
  /** How many events there are, counted up to `most`. */
  count(criteria: EventCriteria, most: number): Promise<number>;
}
