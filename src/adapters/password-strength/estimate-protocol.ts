/** One password to be looked at, as it is sent to the worker. */
export interface EstimateTask {
  readonly password: string;
  readonly contextWords: readonly string[];
}

/** What the worker says of it. */
export interface EstimateAnswer {
  readonly score: 0 | 1 | 2 | 3 | 4;
  readonly advice: readonly string[];
}
