import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import type { FieldProblem } from '../kernel/refusal.js';
import { schemaProblems } from '../kernel/schema-problems.js';
import { unstorableTexts } from '../kernel/storable.js';
import type { PolicyServices } from '../flow/policy-kind.js';
import type { PolicyKindDefinition } from './define.js';

/** A configuration that has been checked, or everything that is wrong with it. */
export type CheckedPolicyConfig =
  | { readonly ok: true; readonly config: JsonObject }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Checks a policy's configuration, with defaults for what it does not mention. Paths start in the configuration. */
export function checkPolicyConfig(
  kind: PolicyKindDefinition,
  raw: unknown,
  services: PolicyServices,
): CheckedPolicyConfig {
  const parsed = kind.config.safeParse(raw);
  if (!parsed.success) return { ok: false, problems: schemaProblems(parsed.error) };
  const unstorable = unstorableTexts(parsed.data);
  if (unstorable.length > 0) return { ok: false, problems: unstorable };
  const problems = kind.problems(parsed.data, services);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, config: z.record(z.string(), z.json()).parse(parsed.data) };
}
