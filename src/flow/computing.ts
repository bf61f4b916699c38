import type { Json } from '../kernel/json.js';
import { policyView } from './policy-view.js';
import type { PolicyInput } from './policy-kind.js';
import type { Expressions } from './services/expressions.js';

/** A form waits for all of its expressions; on a busy machine a sandbox may take a while to begin. */
const LONGEST_MILLISECONDS = 2000;

/**
 * What an expression comes to that sees what policies see, and only computes. Throws, in words for its author, where it comes
 * to no value, or wants something to be written, recorded or said.
 */
export async function computed(
  expressions: Pick<Expressions, 'evaluate'>,
  expression: string,
  input: PolicyInput,
): Promise<Json> {
  const outcome = await expressions.evaluate(expression, policyView(input), {
    deadlineMilliseconds: LONGEST_MILLISECONDS,
    call: () => Promise.reject(new Error('policies cannot be called here')),
  });
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.message}`);
  if (outcome.writes.length + outcome.events.length + outcome.messages.length > 0) {
    throw new Error('it writes, records or says something, and is only to compute');
  }
  return outcome.value;
}
