import type { ProblemCode } from './problem-codes.js';

/**
 * Every way in which a request can be refused. The client's developer or the administrator has to act;
 * what the person at the keyboard can mend is a verdict of the flow and never travels as a refusal.
 */
export const refusalCodes = {
  UNAUTHENTICATED: 'Nobody is signed in, and this needs somebody.',
  FORBIDDEN: 'The caller may not do this, or the request came from an origin that is not allowed.',
  NOT_FOUND: 'No such object, or the caller may not know of it: the two look alike.',
  BAD_USER_INPUT: 'Something in the input is wrong; `extensions.fields` names each place.',
  CONFLICT: 'The state of things does not allow this now, for example because a name is taken.',
  STEP_UP_REQUIRED:
    'This asks for a recent authentication: run the flow that `extensions.flow` names, and try again.',
  STALE_CHALLENGE: 'The execution has ended, and this answer was not the one that ended it. Nothing changed.',
  UNAVAILABLE: 'The service cannot answer at the moment. Nothing was decided; try again.',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

/** One place in the input, as a path such as `config.userFields`, and what is wrong with it. */
export interface FieldProblem {
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
}

export interface RefusalDetails {
  readonly fields?: readonly FieldProblem[];
  /** The version that the object has now, where the caller has read another one. */
  readonly version?: number;
  /** The flow to run first; null where there is none that the caller may use. */
  readonly flow?: { readonly slug: string } | null;
  /** What still uses the object, as far as the caller may know of it. */
  readonly usedBy?: readonly { readonly type: string; readonly id: string | null; readonly name: string }[];
}

/** Thrown where a request cannot be carried out as sent. The message is shown to the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }

  static badInput(fields: readonly [FieldProblem, ...FieldProblem[]]): Refusal {
    const message = fields.map((field) => `${field.path}: ${field.message}`).join(' ');
    return new Refusal('BAD_USER_INPUT', message, { fields });
  }

  /** For whoever changes another version of an object than the one that there is now. */
  static outdated(what: string, version: number): Refusal {
    const message = `The ${what} has been changed since that version: read it again, and decide anew.`;
    return new Refusal('CONFLICT', message, { version });
  }

  static notFound(what: string): Refusal {
    return new Refusal('NOT_FOUND', `There is no such ${what}.`);
  }
}
