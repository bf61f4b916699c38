import type { Secret } from '../../kernel/secret.js';

export interface GuessEstimate {
  /** From 0 (guessed at once) to 4 (hardly guessed at all). */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** What is wrong with it and how to do better, in sentences that never quote the password. */
  readonly advice: readonly string[];
}

/** Says how easily a password is guessed. */
export interface PasswordStrength {
  /** Whether the k-anonymity service is configured: without it, `breaches` only throws. */
  readonly knowsBreaches: boolean;
  /** Whether it is on the list of common and breached passwords that comes with the product. Never leaves the process. */
  isCommon(password: Secret): Promise<boolean>;
  /**
   * How many guesses it stands. `contextWords` are what somebody would try first who knows the person. Throws where
   * that takes too long.
   */
  estimate(password: Secret, contextWords: readonly string[]): Promise<GuessEstimate>;
  /**
   * How often it was found in breaches, by the k-anonymity service: only the first five digits of its SHA-1 are
   * sent. Throws where the service is not configured or does not answer.
   */
  breaches(password: Secret): Promise<number>;
}
