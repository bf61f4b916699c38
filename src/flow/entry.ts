import { flowTokenKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import { BAD_LINK, NOT_APPLICABLE } from './denials.js';
import type { Visit } from './engine.js';
import type { Execution } from './execution.js';
import type { Deny } from './outcome.js';
import type { PolicyAsker } from './policy-asker.js';
import { meetsRequirement } from './requirement.js';

export type EntryDenial = Pick<Deny, 'code' | 'message'>;

/** Why a flow does not let a visitor in, or null: its authentication requirement first, then its policies. */
export async function entryDenial(
  policies: PolicyAsker,
  { viewer }: Visit,
  { context, origin }: Execution,
  flow: FlowDefinition,
): Promise<EntryDenial | null> {
  const restored = context.get(flowTokenKey) !== undefined;
  const redirected = origin.redirectedFrom !== null;
  if (!meetsRequirement(flow.authentication, { viewer, restored, redirected })) {
    return flow.authentication === 'REQUIRE_TOKEN' ? BAD_LINK : NOT_APPLICABLE;
  }
  const decision = await policies.aboutFlow(flow);
  if (decision.passing) return null;
  return { code: 'POLICY_DENIED', message: decision.messages.join('\n') || NOT_APPLICABLE.message };
}
