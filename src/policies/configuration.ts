import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { TELLING_MISSING, schemaProblems } from '../kernel/schema-problems.js';
import { unstorableTexts } from '../kernel/storable.js';
import type { PolicyDefinition } from '../flow/definition.js';
import type { PolicyReference } from '../flow/definition-store.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import type { PolicyKindDefinition } from './define.js';

/** A configuration that has been checked, or everything that is wrong with it. */
export type CheckedPolicyConfig =
  | {
      readonly ok: true;
      readonly config: JsonObject;
      /** The policies that it calls, each once. */
      readonly calls: readonly PolicyReference[];
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The policies that a configuration can call. */
export interface KnownPolicies {
  policy(id: string): PolicyDefinition | undefined;
  policyByName(name: string): PolicyDefinition | undefined;
}

/**
 * Checks a policy's configuration, with defaults for what it does not mention. Paths start in the configuration.
 * `ownName` is the policy's, where it has one already: nobody calls themselves.
 */
export function checkPolicyConfig(
  kind: PolicyKindDefinition,
  raw: unknown,
  services: PolicyServices,
  known: KnownPolicies,
  ownName?: string,
): CheckedPolicyConfig {
  const parsed = kind.config.safeParse(raw, TELLING_MISSING);
  if (!parsed.success) return { ok: false, problems: schemaProblems(parsed.error) };
  const unstorable = unstorableTexts(parsed.data);
  if (unstorable.length > 0) return { ok: false, problems: unstorable };
  const called = kind.calls(parsed.data, services);
  const problems = [
    ...kind.problems(parsed.data, services),
    ...called.flatMap(({ name, path }) =>
      callProblem(name, known, ownName).map((said) => ({ path, ...said })),
    ),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const calls = [...new Set(called.map(({ name }) => name))].flatMap((name) => {
    const id = known.policyByName(name)?.id;
    return id === undefined ? [] : [{ id, name }];
  });
  return { ok: true, config: z.record(z.string(), z.json()).parse(parsed.data), calls };
}

function callProblem(
  name: string,
  known: KnownPolicies,
  ownName: string | undefined,
): Omit<FieldProblem, 'path'>[] {
  const loop: Omit<FieldProblem, 'path'> = {
    code: 'LOOP',
    message: `${name} would call this policy again, without end.`,
  };
  if (name === ownName) return [loop];
  const policy = known.policyByName(name);
  if (!policy) return [{ code: 'NOT_FOUND', message: 'There is no policy with this name.' }];
  return ownName !== undefined && reaches(policy, ownName, known, new Set()) ? [loop] : [];
}

/** Whether a policy calls one of this name, itself or by way of others. */
function reaches(policy: PolicyDefinition, name: string, known: KnownPolicies, seen: Set<string>): boolean {
  if (policy.name === name) return true;
  if (seen.has(policy.id)) return false;
  seen.add(policy.id);
  return policy.calls.some((id) => {
    const called = known.policy(id);
    return called !== undefined && reaches(called, name, known, seen);
  });
}
