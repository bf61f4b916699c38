import { Secret } from '../../src/kernel/secret.js';
import { verdict } from '../../src/flow/policy-kind.js';
import type { PolicyInput, PolicyRun, PolicyServices, PolicyVerdict } from '../../src/flow/policy-kind.js';
import type { PolicyKindDefinition } from '../../src/policies/define.js';
import { flow, policy } from './definitions.js';
import { NOW, servicesOfNobody } from './engine.js';

/** What nobody has told a policy anything in particular. */
export const nobodysInput: PolicyInput = {
  flow: flow([]),
  user: null,
  viewer: null,
  client: { kind: 'NATIVE', address: '192.0.2.1', userAgent: 'test', location: null },
  now: NOW,
  context: {},
  newPasswords: {},
  proofs: [],
  redirectedFrom: null,
  restored: false,
  mayWrite: true,
};

/** What a policy of this kind comes to, with this configuration and besides its defaults. */
export function judged(
  kind: PolicyKindDefinition,
  config: PolicyRun['policy']['config'],
  input: Partial<PolicyInput> = {},
  services: Partial<PolicyServices> = {},
): Promise<PolicyVerdict> {
  return kind.evaluate({
    policy: { ...policy('under test', kind.name), config },
    input: { ...nobodysInput, ...input },
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
