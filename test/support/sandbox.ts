import type { ExpressionTerms } from '../../src/flow/services/expressions.js';

/** So long, and without any policies to call. */
export function within(deadlineMilliseconds: number): ExpressionTerms {
  return {
    deadlineMilliseconds,
    call: async (name) => {
      throw new Error(`there is no policy ${name}`);
    },
  };
}

/** What comes with the value of an expression that uses no function of the sandbox. */
export const NOTHING_SAID = { messages: [], log: [], writes: [], events: [] };
