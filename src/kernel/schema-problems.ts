import { z } from 'zod';

import { isProblemCode } from './problem-codes.js';
import type { ProblemCode } from './problem-codes.js';
import type { FieldProblem } from './refusal.js';

/** What zod found wrong, one entry for each place, also for each member that does not belong there; values are not quoted. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const code = problemCodeOf(issue);
    if (issue.code !== 'unrecognized_keys')
      return [{ path: issue.path.join('.'), code, message: issue.message }];
    const message = 'There is no such member here.';
    return issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), code, message }));
  });
}

const ownCode = z.object({ code: z.string().refine(isProblemCode) });

/** A rule of ours may name a code: `params: { code }`. */
export function problemCodeOf(issue: z.core.$ZodIssue): ProblemCode {
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
