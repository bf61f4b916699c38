import type { PromptFieldFields } from '../flow/definition-store.js';
import { promptFieldProblems } from '../flow/prompt-field-problems.js';
import type { RequestContext } from './context.js';
import { refusedAt } from './input.js';

/** Refuses a field whose attributes do not fit together, or whose expressions cannot be run. */
export function expectSound(
  fields: PromptFieldFields,
  path: string,
  { policyServices }: Pick<RequestContext, 'policyServices'>,
): void {
  const problems = promptFieldProblems(fields, policyServices.expressions);
  if (problems.length > 0) throw refusedAt(path, problems);
}
