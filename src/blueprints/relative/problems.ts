import type { ProblemCode } from '../../kernel/problem-codes.js';
import { errorAt, warningAt } from '../problem.js';
import type { BlueprintProblem, Path } from '../problem.js';

/** More would help nobody. */
const MOST = 500;

/** What whoever wrote a document should know of, collected on the way. Paths are those of the document as it was given. */
export class Problems {
  readonly #all: BlueprintProblem[] = [];

  /** What keeps the document from being applied. */
  error(path: Path, code: ProblemCode, message: string): void {
    this.#add(errorAt(path, code, message));
  }

  /** What there is no counterpart for, and without which the flow would be weaker. */
  unsupported(path: Path, message: string): void {
    this.error(path, 'UNSUPPORTED', message);
  }

  /** What is left out, or done in another way, and makes nothing weaker by that. */
  warning(path: Path, message: string, code: ProblemCode = 'UNSUPPORTED'): void {
    this.#add(warningAt(path, code, message));
  }

  get all(): readonly BlueprintProblem[] {
    return this.#all;
  }

  #add(problem: BlueprintProblem): void {
    if (this.#all.length < MOST) this.#all.push(problem);
    // A warning gives way: what blocks must be told.
    else if (problem.severity === 'ERROR' && this.#all.every(({ severity }) => severity === 'WARNING')) {
      this.#all[MOST - 1] = problem;
    }
  }
}
