import { z } from 'zod';

import type { FieldProblem } from './refusal.js';

/** What zod found wrong, one entry for each place; values are not quoted. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    code: codeOf(issue),
    message: issue.message,
  }));
}

const ownCode = z.object({ code: z.string() });

/** A rule of ours may name a code: `params: { code }`. */
function codeOf(issue: z.core.$ZodIssue): string {
  const own = issue.code === 'custom' ? ownCode.safeParse(issue.params).data?.code : undefined;
  return own ?? issue.code.toUpperCase();
}
