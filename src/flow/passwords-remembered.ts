import type { PolicyDefinition } from './definition.js';
import type { PolicyKind } from './policy-kind.js';

/**
 * How many passwords before the current one have to be kept, for the policies that compare with them. Bound or not: one
 * that is bound tomorrow has something to compare with.
 */
export function passwordsRemembered(
  kinds: ReadonlyMap<string, PolicyKind>,
  policies: readonly PolicyDefinition[],
): number {
  const wanted = policies.map(({ kind, config }) => kinds.get(kind)?.passwordsRemembered(config) ?? 0);
  return Math.max(0, ...wanted);
}
