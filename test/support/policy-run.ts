import { Secret } from '../../src/kernel/secret.js';
import { verdict } from '../../src/flow/policy-kind.js';
import type { PolicyInput, PolicyRun, PolicyServices, PolicyVerdict } from '../../src/flow/policy-kind.js';
import type { PolicyKindDefinition } from '../../src/policies/define.js';
import { policy } from './definitions.js';
import { servicesOfNobody } from './engine.js';
import { policyInputOf } from './policy-questions.js';

/** What a policy of this kind comes to, with this configuration and besides its defaults. */
export function judged(
  kind: PolicyKindDefinition,
  config: PolicyRun['policy']['config'],
  input: Partial<PolicyInput> = {},
  services: Partial<PolicyServices> = {},
): Promise<PolicyVerdict> {
  return kind.evaluate({
    policy: { ...policy('under test', kind.name), config },
    input: policyInputOf(input),
    services: { ...servicesOfNobody, ...services },
    timeoutSeconds: 1,
    call: async () => verdict(true),
  });
}

interface Asked {
  readonly config?: PolicyRun['policy']['config'];
  readonly input?: Partial<PolicyInput>;
  /** What has been typed into the field `password`. */
  readonly password?: string;
  readonly services?: Partial<PolicyServices>;
}

/** The same with what everything else is that nobody has said. */
export function asked(
  kind: PolicyKindDefinition,
  { config = {}, input = {}, password, services = {} }: Asked = {},
): Promise<PolicyVerdict> {
  const newPasswords = password === undefined ? {} : { password: new Secret(password) };
  return judged(kind, config, { newPasswords, ...input }, services);
}
