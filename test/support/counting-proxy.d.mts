export interface Asked {
  /** With those that begin and commit. */
  readonly statements: number;
  readonly roundTrips: number;
  /** What they say, in order; their values are apart. */
  readonly texts: readonly string[];
}

export interface CountingProxy {
  /** The address of the same database, by this way. */
  readonly url: string;
  /** What `work` made the server ask. */
  during(work: () => Promise<unknown>): Promise<Asked>;
  close(): Promise<void>;
}

export function countingProxy(databaseUrl: string): Promise<CountingProxy>;
