/** What holds for the whole installation, as administrators have decided. */
export interface Installation {
  readonly version: number;
  /** How long events are kept. */
  readonly eventRetentionDays: number;
  /** How long ago somebody may have signed in to do what asks for a recent authentication. */
  readonly recentAuthenticationSeconds: number;
}
