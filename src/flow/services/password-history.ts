import type { Secret } from '../../kernel/secret.js';

/** What is known of a person's passwords of the past. */
export interface PasswordHistory {
  /** When the password was last set; null for somebody without one. */
  changedAt(userId: string): Promise<Date | null>;
  /**
   * Whether this is the person's current password or one of those before it, `count` in all. Throws the refusal
   * UNAVAILABLE where too many passwords wait to be checked.
   */
  isOneOfLast(userId: string, password: Secret, count: number): Promise<boolean>;
}
