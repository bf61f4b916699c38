import type { Secret } from '../../kernel/secret.js';

export interface GuessEstimate {
  /** From 0 (guessed at once) to 4 (hardly guessed at all). */
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** What is wrong with it and how to do better, in sentences that never quote the password. */
  readonly advice: readonly string[];
}

/** Says how easily a password is guessed. */
export interface PasswordStrength {
  /** Whether it is in the list of common and breached passwords that comes with the product. Never leaves the process. */
  isCommon(password: Secret): boolean;
  /** How many guesses it stands. `contextWords` are what somebody would try first who knows the person. */
  estimate(password: Secret, contextWords: readonly string[]): GuessEstimate;
  /**
   * How often it was found in breaches, by the k-anonymity service: only the first five digits of its SHA-1 are
   * sent. Throws where the service is not configured or does not answer.
   */
  breaches(password: Secret): Promise<number>;
}
