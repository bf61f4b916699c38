import type { GuessReceipt } from '../effect.js';

/** What is guessed, and whose it is: what was typed, and the account behind it where there is one. */
export interface GuessTarget {
  /** Each has counters of its own: whoever finds out that a name exists has not got one step nearer to its password. */
  readonly secret: 'name' | 'password' | 'email-code';
  readonly identifier: string;
  readonly userId: string | null;
}

export type GuessVerdict =
  | { readonly allowed: true; readonly receipt: GuessReceipt }
  /** `retryAt` is null where saying it would tell that an account exists. */
  | { readonly allowed: false; readonly retryAt: Date | null };

export interface Guesses {
  /**
   * Counts one guess, atomically and across all processes, before anybody looks at it; refuses it where there
   * have been too many. A right guess is taken back with the effect `forgetGuesses`.
   */
  count(target: GuessTarget, address: string): Promise<GuessVerdict>;
}
