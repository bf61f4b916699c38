import type { z } from 'zod';

import type { FieldProblem } from './refusal.js';

/** What zod found wrong, one entry for each place; values are not quoted. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    code: issue.code.toUpperCase(),
    message: issue.message,
  }));
}
