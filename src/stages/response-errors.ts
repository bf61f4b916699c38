import type { z } from 'zod';

import { responseError } from '../flow/outcome.js';
import type { ResponseError } from '../flow/outcome.js';

/** Codes that any answer can be refused with, whatever the stage kind. */
export const commonErrorCodes = {
  REQUIRED: 'The field must be filled in.',
  INVALID: 'The field does not have the form that is asked for.',
  TOO_LONG: 'The field is longer than is accepted.',
  UNKNOWN_FIELD: 'The answer has a field that this challenge does not ask for.',
} as const;

/** What a schema found wrong with an answer, one error for each field. The answer itself is never quoted. */
export function responseErrors(error: z.ZodError): [ResponseError, ...ResponseError[]] {
  const [first, ...rest] = error.issues.map((issue) => {
    const field = issue.path.length === 0 ? null : issue.path.join('.');
    const code = codeOf(issue);
    return responseError(field, code, commonErrorCodes[code]);
  });
  return [first ?? responseError(null, 'INVALID', commonErrorCodes.INVALID), ...rest];
}

const codes: Readonly<Partial<Record<z.core.$ZodIssue['code'], keyof typeof commonErrorCodes>>> = {
  too_big: 'TOO_LONG',
  too_small: 'REQUIRED',
  unrecognized_keys: 'UNKNOWN_FIELD',
};

function codeOf(issue: z.core.$ZodIssue): keyof typeof commonErrorCodes {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'REQUIRED' : 'INVALID';
  return codes[issue.code] ?? 'INVALID';
}
