import { Secret } from '../../src/kernel/secret.js';
import { verdict } from '../../src/flow/policy-kind.js';
import type { PolicyInput, PolicyServices, PolicyVerdict } from '../../src/flow/policy-kind.js';
import type { PolicyKindDefinition } from '../../src/policies/define.js';
import { flow, policy } from './definitions.js';
import { NOW, servicesOfNobody } from './engine.js';

interface Asked {
  readonly config?: object;
  readonly input?: Partial<PolicyInput>;
  /** What has been typed into the field `password`. */
  readonly password?: string;
  readonly services?: Partial<PolicyServices>;
}

/** What a policy of this kind comes to; whatever is not said is nothing at all, and services that are not given fail. */
export function asked(
  kind: PolicyKindDefinition,
  { config = {}, input = {}, password, services = {} }: Asked = {},
): Promise<PolicyVerdict> {
  return kind.evaluate({
    policy: { ...policy('under test', kind.name), config: { ...config } },
    input: {
      flow: flow([]),
      user: null,
      viewer: null,
      client: { kind: 'NATIVE', address: '192.0.2.1', userAgent: 'test', location: null },
      now: NOW,
      context: {},
      newPasswords: password === undefined ? {} : { password: new Secret(password) },
      proofs: [],
      redirectedFrom: null,
      restored: false,
      mayWrite: true,
      ...input,
    },
    services: { ...servicesOfNobody, ...services },
    timeoutSeconds: 1,
    call: async () => verdict(true),
  });
}
