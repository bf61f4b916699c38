import type { Json, JsonObject } from '../../kernel/json.js';

/** Where an expression cannot be parsed; both positions count from 1, in the text as the author wrote it. */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/**
 * How running an expression ended. A failure's message is for administrators and logs: it may quote the
 * expression, never the input.
 */
export type ExpressionOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: ExpressionFailure; readonly message: string };

/**
 * `BUSY`: too many evaluations were already waiting, or this one waited as long as its deadline; it was never started.
 * `UNUSABLE_RESULT`: it ended without an error, but what it returned is not JSON, or too much.
 */
export type ExpressionFailure = 'ERROR' | 'TIMEOUT' | 'MEMORY' | 'UNUSABLE_RESULT' | 'BUSY';

/** Runs JavaScript that administrators wrote, where it can reach nothing but its input. */
export interface Expressions {
  /** What is wrong with the syntax, or undefined. Nothing is run. */
  check(source: string): SyntaxProblem | undefined;
  /**
   * Runs `source` with each property of `input` as a variable of that name. It is either one expression or the
   * body of a function, and its result must be JSON. It is synchronous: a promise is an unusable result. It is a
   * function of its input: it has neither clock nor chance, and nothing is left from other evaluations.
   *
   * Never rejects, and always settles: it may wait for its turn as long as its deadline, and then run as long.
   */
  evaluate(source: string, input: JsonObject, deadlineMilliseconds: number): Promise<ExpressionOutcome>;
  /** Ends the workers; evaluations under way settle as failures. */
  close(): Promise<void>;
}
