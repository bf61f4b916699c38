/** Tells whoever follows an execution when to look at it again, in whatever process it was changed. */
export interface ExecutionChanges {
  /**
   * Watches an execution, which need not exist, until it is stopped. Refuses (`UNAVAILABLE`) where so much is watched
   * that more would be too much.
   */
  watch(executionId: string): Watch;
}

export interface Watch {
  /**
   * Resolves once the execution may have changed or expired since this was last asked: true, or false where the watch
   * was stopped. It may be said without need, but no change goes unsaid for more than a few seconds.
   */
  changed(): Promise<boolean>;
  /**
   * To be told where looking at the execution has failed: whether that is only because the store is away for now.
   * Then `changed` resolves again within seconds of its return, lest what happened meanwhile go unseen.
   */
  missed(error: unknown): boolean;
  stop(): void;
}
