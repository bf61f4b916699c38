import type { Json, JsonObject } from '../kernel/json.js';
import { storableText } from '../kernel/text.js';
import type { PolicyDefinition } from './definition.js';
import { PolicyCalls } from './policy-calls.js';
import type { CalledPolicy, PolicyMatter } from './policy-calls.js';
import { contextAfter } from './policy-context.js';
import type { PolicyEngineParts } from './policy-engine.js';
import type { PolicyEvent } from './policy-kind.js';

/** As long as a binding gives a policy that says nothing else. */
const TIMEOUT_SECONDS = 30;

/** What a policy came to when it was tried out. */
export interface PolicyTest {
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** What it came to before that was read as a verdict; null where it came to nothing. */
  readonly rawResult: Json;
  readonly log: readonly string[];
  /** Why there was no verdict. */
  readonly error: string | null;
  readonly read: JsonObject;
  readonly decidedBy: readonly string[];
  readonly calls: readonly CalledPolicy[];
  /** What would have been recorded. */
  readonly events: readonly PolicyEvent[];
  /** What the open context would be afterwards, as far as it would be another. */
  readonly written: JsonObject;
  readonly milliseconds: number;
}

/**
 * Asks one policy, saved or not, as a binding without negation would whose errors count as failed. Nothing of what it
 * wants to be remembered or recorded happens.
 */
export async function testPolicy(
  parts: PolicyEngineParts,
  policy: PolicyDefinition,
  question: PolicyMatter,
): Promise<PolicyTest> {
  const elapsed = parts.stopwatch();
  const calls = new PolicyCalls(parts, question, TIMEOUT_SECONDS);
  try {
    const judged = await parts.within(TIMEOUT_SECONDS, calls.evaluate(policy));
    const { passing, messages, rawResult, log, read, decidedBy } = judged;
    const changes = [...calls.changes, ...judged.changes];
    const before = question.input.context;
    const after = Object.entries(contextAfter(before, changes));
    return {
      ...{ passing, messages, rawResult, log, read, decidedBy, error: null, calls: calls.made },
      events: [...calls.events, ...judged.events],
      written: Object.fromEntries(after.filter(([key, value]) => before[key] !== value)),
      milliseconds: elapsed(),
    };
  } catch (error) {
    return {
      ...{ passing: false, messages: [], rawResult: null, log: [], read: {}, decidedBy: [], events: [] },
      error: storableText(error instanceof Error ? error.message : 'the policy failed'),
      // Copied: what has run out of time may go on calling.
      calls: [...calls.made],
      written: {},
      milliseconds: elapsed(),
    };
  }
}
