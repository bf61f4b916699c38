import type { PolicyBindingDefinition, PolicyDefinition } from '../../src/flow/definition.js';
import { evaluateBindings } from '../../src/flow/policy-engine.js';
import type { PolicyDecision, PolicyEngineParts, PolicyQuestion } from '../../src/flow/policy-engine.js';
import type { PolicyInput } from '../../src/flow/policy-kind.js';
import { NOW } from './engine.js';

/** What policies are told where a test says nothing else: of nobody, who may be written about. */
export function policyInputOf(also: Partial<PolicyInput> = {}): PolicyInput {
  return {
    flow: { slug: 'f', title: '', designation: 'AUTHENTICATION', layout: 'STACKED', backgroundUrl: null },
    user: null,
    viewer: null,
    signedInRecently: false,
    client: {
      kind: 'NATIVE',
      address: '192.0.2.1',
      userAgent: '',
      languages: [],
      browser: null,
      location: null,
    },
    now: NOW,
    context: {},
    newPasswords: {},
    proofs: [],
    redirectedFrom: null,
    restored: false,
    mayWrite: true,
    ...also,
  };
}

interface Question extends Partial<Omit<PolicyQuestion, 'bindings' | 'policyByName'>> {
  /** The policies that can be called. */
  readonly known?: readonly PolicyDefinition[];
}

/** What bindings decide together: by default in the mode ALL, and nobody where all of them have expired. */
export function decide(
  parts: PolicyEngineParts,
  bindings: readonly PolicyBindingDefinition[],
  { known = [], ...question }: Question = {},
): Promise<PolicyDecision> {
  return evaluateBindings(parts, {
    ...{ bindings, mode: 'ALL', input: policyInputOf(), passesWhenExpired: false },
    ...question,
    policyByName: (name) => known.find((policy) => policy.name === name),
  });
}
