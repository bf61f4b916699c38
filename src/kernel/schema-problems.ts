import { z } from 'zod';

import { isProblemCode } from './problem-codes.js';
import type { ProblemCode } from './problem-codes.js';
import type { FieldProblem } from './refusal.js';

/**
 * How to ask a schema, so that what is missing can be told from what is of another type. Issues hold the input then, and go
 * no further: problems quote nothing of it.
 */
export const TELLING_MISSING = { reportInput: true } as const;

/** What zod found wrong, one entry for each place, also for each member that does not belong there; values are not quoted. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const problem = problemOf(issue);
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path.join('.'), ...problem }];
    const message = 'There is no such member here.';
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), code: problem.code, message }));
  });
}

/** What is wrong in a place. A rule of ours may name its code: `params: { code }`. */
export function problemOf(issue: z.core.$ZodIssue): Pick<FieldProblem, 'code' | 'message'> {
  const isMissing = 'input' in issue && issue.input === undefined;
  if (isMissing && issue.code !== 'custom') return { code: 'REQUIRED', message: 'This has to be given.' };
  return { code: codeOf(issue), message: issue.message };
}

const ownCode = z.object({ code: z.string().refine(isProblemCode) });

function codeOf(issue: z.core.$ZodIssue): ProblemCode {
  switch (issue.code) {
    case 'custom':
      return ownCode.safeParse(issue.params).data?.code ?? 'INVALID';
    case 'invalid_type':
      return 'INVALID_TYPE';
    case 'invalid_value':
      return 'INVALID_VALUE';
    case 'invalid_format':
      return 'INVALID_FORMAT';
    case 'invalid_union':
      return 'INVALID_UNION';
    case 'unrecognized_keys':
      return 'UNRECOGNIZED_KEYS';
    case 'too_small':
      return 'TOO_SMALL';
    case 'too_big':
      return 'TOO_BIG';
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return 'INVALID';
  }
}
