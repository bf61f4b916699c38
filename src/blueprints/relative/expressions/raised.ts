import type { Question } from './questions.js';

/** Thrown where the expression would end in an error, which it may catch. */
export class Raised extends Error {}

/** Thrown where it cannot be said here what the expression would come to, though it comes to something there. */
export class Unknowable extends Error {}

/** Thrown where an expression asks something that nobody has answered yet. */
export class Unanswered extends Error {
  constructor(readonly question: Question) {
    super('an expression asks for something');
  }
}
