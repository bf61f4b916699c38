import type { z } from 'zod';

import { problemOf } from '../../kernel/schema-problems.js';
import type { FieldProblem } from '../../kernel/refusal.js';

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with the form of a document, each problem where it is. Of the alternatives that there are in a place,
 * the one is meant that knows most of the fields that are there.
 */
export function formProblems({ issues }: z.ZodError, above: readonly PropertyKey[]): FieldProblem[] {
  return issues.flatMap((issue) => problemsIn(issue, above));
}

function problemsIn(issue: Issue, above: readonly PropertyKey[]): FieldProblem[] {
  const place = [...above, ...issue.path];
  const path = place.join('.');
  if (issue.code === 'unrecognized_keys') {
    const message = 'There is no such field here.';
    return issue.keys.map((key) => ({ path: `${path}.${key}`, code: 'UNKNOWN_FIELD', message }));
  }
  const problem = problemOf(issue);
  if (issue.code === 'invalid_union' && problem.code !== 'REQUIRED') {
    const [meant] = issue.errors.toSorted((one, other) => misfit(one) - misfit(other));
    if (meant && misfit(meant) < WRONG_TYPE) return meant.flatMap((inner) => problemsIn(inner, place));
    return [{ path, code: 'UNKNOWN_FORM', message: 'This is none of the forms that are possible here.' }];
  }
  return [{ path, ...problem }];
}

const WRONG_TYPE = 1_000_000;

/** How little an alternative has in common with what is there. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return sum + issue.keys.length;
    const isOfAnotherType = issue.path.length === 0 && ['invalid_type', 'invalid_union'].includes(issue.code);
    return isOfAnotherType ? WRONG_TYPE : sum;
  }, 0);
}
