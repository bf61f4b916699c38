import type { Json, JsonObject } from '../../kernel/json.js';

/** Where an expression cannot be used as it is; both positions count from 1, in the text as the author wrote it. */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** What an expression that ended well has come to. Everything is bounded in number and size. */
export interface ExpressionResult {
  readonly value: Json;
  /** For the person, in order. */
  readonly messages: readonly string[];
  /** For administrators: what was handed to each call of `log`. */
  readonly log: readonly (readonly Json[])[];
  /** What it wants to have written into the context. Nobody has looked yet whether that may be. */
  readonly writes: readonly { readonly target: string; readonly value: Json }[];
  /** What it wants to have in the event log. */
  readonly events: readonly { readonly name: string; readonly details: JsonObject }[];
}

/**
 * How running an expression ended. A failure's message is for administrators and logs: it may quote the
 * expression, never the input.
 */
export type ExpressionOutcome =
  | ({ readonly ok: true } & ExpressionResult)
  | { readonly ok: false; readonly reason: ExpressionFailure; readonly message: string };

/**
 * `BUSY`: too many evaluations were already waiting, or this one waited as long as its deadline; it was never started.
 * `UNUSABLE_RESULT`: it ended without an error, but what it returned is not JSON, or too much.
 */
export type ExpressionFailure = 'ERROR' | 'TIMEOUT' | 'MEMORY' | 'UNUSABLE_RESULT' | 'BUSY';

/** What an expression learns of a policy that it has called. */
export interface CalledResult {
  readonly passing: boolean;
  readonly messages: readonly string[];
  readonly rawResult: Json;
}

export interface ExpressionTerms {
  /** How long it may run, without the time that the policies take that it calls. */
  readonly deadlineMilliseconds: number;
  /** Asks the policy that the expression calls by this name. */
  readonly call: (name: string) => Promise<CalledResult>;
}

/** What the text of an expression says about it. Nothing is known of a text with a mistake in it. */
export interface Mentions {
  /** The names of the policies that it calls. */
  readonly calls: readonly string[];
  /** The variables and members that it names, such as `['user', 'email']`, as far as they can be read off. */
  readonly paths: readonly (readonly string[])[];
}

/** Runs JavaScript that administrators wrote, where it can reach nothing but its input. */
export interface Expressions {
  /** What is wrong with the text, or undefined. Nothing is run. */
  check(source: string): SyntaxProblem | undefined;
  mentions(source: string): Mentions;
  /**
   * Runs `source` with each property of `input` as a variable of that name. It is either one expression or the
   * body of a function, and its result must be JSON. It is synchronous: a promise is an unusable result. It is a
   * function of its input and of what the policies say that it calls: it has neither clock nor chance, and nothing
   * is left from other evaluations. Each policy is called once, however often the expression asks for it.
   *
   * Always settles once the calls do, and rejects only where one of them does: it may wait for its turn as long as
   * its deadline, and then run as long.
   */
  evaluate(source: string, input: JsonObject, terms: ExpressionTerms): Promise<ExpressionOutcome>;
  /** Ends the workers; evaluations under way settle as failures. */
  close(): Promise<void>;
}
