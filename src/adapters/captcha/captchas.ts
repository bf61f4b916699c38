import type { Secret } from '../../kernel/secret.js';
import type { Captchas } from '../../flow/services/captchas.js';
import { checkSolution, createPuzzle } from './altcha.js';
import { siteVerify } from './site-verify.js';
import { systemResolve } from '../web-service/address.js';

const LONGEST_MILLISECONDS = 5000;
/** So many questions may be open at once; a provider that does not answer must not hold everything up. */
const MOST_AT_ONCE = 100;

export interface CaptchaParts {
  readonly production: boolean;
  /** The origins of the pages where widgets are shown. */
  readonly origins: readonly string[];
  /** What our own puzzles are signed with. */
  readonly puzzleSecret: Secret;
}

/** Puzzles of our own, and what providers say about theirs. */
export function createCaptchas({ production, origins, puzzleSecret }: CaptchaParts): Captchas {
  const hostnames = origins.map((origin) => new URL(origin).hostname);
  const terms = { production, hostnames, timeoutMilliseconds: LONGEST_MILLISECONDS, resolve: systemResolve };
  let open = 0;
  return {
    puzzle: (difficulty) => createPuzzle(difficulty, puzzleSecret),
    solution: (puzzle, token) => checkSolution(puzzle, token, puzzleSecret),
    async verify(question) {
      if (open >= MOST_AT_ONCE) return { type: 'unavailable' };
      open += 1;
      try {
        return await siteVerify(question, terms);
      } finally {
        open -= 1;
      }
    },
  };
}
