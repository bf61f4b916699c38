import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { Effect } from './effect.js';
import type { BrowserToken, Execution, FlowStep, IssuedToken, Suspension } from './execution.js';
import type { Location } from './location.js';
import type { ClientKind } from './stage-kind.js';
import type { TraceEntry } from './trace.js';

/** What a client is given back for a request, kept so that the same answer gets the same result again. */
export interface GivenResult {
  readonly step: FlowStep;
  readonly issued: IssuedToken | null;
  /** The session that the client was signed in with has ended. */
  readonly signedOut: boolean;
  /** By which the browser is remembered from now on; null where that does not change. */
  readonly remembered: BrowserToken | null;
}

/** An answer as it is recorded: what it said is kept only as a keyed hash. */
export interface AnswerRecord {
  readonly challengeId: string;
  readonly mac: string;
}

/** Who may continue an execution: the hash of a secret that only the client has. */
export interface ExecutionAddress {
  readonly executionId: string;
  /** A browser's execution cannot be continued as a native one, nor the reverse: each keeps its secrets its own way. */
  readonly client: ClientKind;
  readonly ownerHash: string;
}

export interface ClaimedExecution {
  readonly execution: Execution;
  readonly version: number;
  readonly claim: string;
}

export type Claim =
  /** The caller, and nobody else, is to look at the answer. */
  | { readonly type: 'claimed'; readonly claimed: ClaimedExecution }
  /** This very answer has been given to this challenge before. */
  | { readonly type: 'answered'; readonly execution: Execution; readonly given: GivenResult }
  /** The challenge is not the current one. */
  | { readonly type: 'stale'; readonly execution: Execution }
  | { readonly type: 'expired'; readonly execution: Execution }
  /** Somebody is looking at an answer to this challenge just now. */
  | { readonly type: 'busy' }
  | { readonly type: 'unknown' };

export interface ClaimRequest extends ExecutionAddress {
  readonly answer: AnswerRecord;
  readonly now: Date;
  /** When the claim lapses, should its holder die. */
  readonly until: Date;
}

/** What one request changes, all of it or nothing. */
export interface Commit {
  readonly execution: Execution;
  readonly effects: readonly Effect[];
  readonly trace: readonly TraceEntry[];
  readonly now: Date;
  /** From where the request came, for the record. */
  readonly address: string;
  readonly userAgent: string;
  readonly location: Location | null;
}

/**
 * Keeps executions. Everything that one request changes is written in one transaction; a state that somebody
 * else has moved on from is never written over.
 */
export interface ExecutionStore {
  insert(commit: Commit, ownerHash: string): Promise<void>;
  find(address: ExecutionAddress): Promise<Execution | undefined>;
  claim(request: ClaimRequest): Promise<Claim>;
  /** Whether it was written; false where the claim had lapsed and somebody else was faster. */
  commit(
    claimed: ClaimedExecution,
    commit: Commit,
    answer: AnswerRecord,
    given: GivenResult,
  ): Promise<boolean>;
  /** Gives a claim back without having changed anything. */
  release(claimed: ClaimedExecution): Promise<void>;
  /**
   * Changes an execution whatever its current challenge is, unless `change` returns nothing, and forgets what was
   * given for earlier answers; undefined where there is none.
   */
  replace(
    address: ExecutionAddress,
    change: (execution: Execution) => Commit | undefined,
  ): Promise<Execution | undefined>;
}

/** A flow token that is good now. */
export interface FoundFlowToken {
  readonly id: string;
  readonly flowId: string;
  /** Whom it was made for; null where it is for whoever has it. */
  readonly user: { readonly id: string; readonly identifier: string } | null;
  /** Whether it comes from a mail that somebody waits to see confirmed: then it is good for that alone. */
  readonly isMailLink: boolean;
  /** Where to go on; null where the flow is to be begun. */
  readonly suspension: Suspension | null;
}

export interface NewFlowToken {
  readonly token: Secret;
  readonly userId: string;
  readonly suspension: Suspension;
  readonly expiresAt: Date;
}

/** Secrets that open flows. */
export interface FlowTokens {
  /** Nothing is consumed. */
  find(token: Secret, now: Date): Promise<FoundFlowToken | undefined>;
  /**
   * Makes a token for recovering an account. Those that were made for it before are good no longer. Refused as CONFLICT
   * where the account is disabled, and as FORBIDDEN where it may do what the actor may not.
   */
  issueForRecovery(token: NewFlowToken, by: Actor): Promise<void>;
}
