export interface Asked {
  /** With those that begin and commit. */
  readonly statements: number;
  readonly roundTrips: number;
  /** What was begun and came to its end meanwhile, in the order of its beginnings. */
  readonly transactions: readonly Transaction[];
}

/** From `begin` to the end, or else a statement by itself: of one connection, whatever others do at the same time. */
export interface Transaction {
  /** What its statements say, in order; their values are apart. */
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
