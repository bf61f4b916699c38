/** What is done only so often. */
export interface RateLimit {
  /** Whose doings are counted together. Each kind has counters of its own. */
  readonly by:
    | 'recipient'
    | 'account'
    | 'address'
    | 'installation'
    | 'match-code'
    /** Who is sent codes, whose account asks for them, and how often one of them is tried. */
    | 'code-recipient'
    | 'code-account'
    | 'sent-code';
  /** Who or what that is: an address of a client stands for the network that it is in. */
  readonly name: string;
  readonly most: number;
  /** The window begins with the first time, and ends after so long. */
  readonly seconds: number;
}

export type RateVerdict =
  /** `left`: how many times more in this window; `nextAt`: from when on it may be done again. */
  | { readonly allowed: true; readonly left: number; readonly nextAt: Date }
  | { readonly allowed: false; readonly nextAt: Date };

export interface Rates {
  /** Counts one time, atomically and across all processes, before it is done; refuses, and counts nothing, where there were too many. */
  count(limit: RateLimit): Promise<RateVerdict>;
}
