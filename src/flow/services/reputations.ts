import type { ReputationName } from '../reputation.js';

/** What a score is asked for: where both are given, a row of either counts, and one of both counts once. */
export interface ReputationQuestion {
  readonly address: string | null;
  readonly name: ReputationName | null;
}

/** Reads how well an address or a name has behaved lately. */
export interface Reputations {
  /** The sum of all scores that match; below zero is bad, and nothing known is zero. */
  score(question: ReputationQuestion): Promise<number>;
}
