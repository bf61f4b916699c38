import { Catalogue } from '../../src/flow/catalogue.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  StageBindingDefinition,
  StageDefinition,
} from '../../src/flow/definition.js';
import type { Installation } from '../../src/flow/installation.js';
import type { FlowUser } from '../../src/flow/services/users.js';
import type { Viewer } from '../../src/flow/stage-kind.js';

/** What administrators have decided, where nothing depends on it. */
export const INSTALLATION: Installation = {
  version: 1,
  eventRetentionDays: 365,
  recentAuthenticationSeconds: 900,
  brandName: 'Stagedoor',
  language: 'EN',
};

/** A stage of this kind, under this name. */
export function stage(name: string, kind: string, config: StageDefinition['config'] = {}): StageDefinition {
  return { id: `stage-${name}`, version: 1, name, kind, config };
}

/** The stage's place in the flow `flow-under-test`. */
export function placed(
  of: StageDefinition,
  also: Partial<StageBindingDefinition> = {},
): StageBindingDefinition {
  return {
    id: `place-${of.name}`,
    version: 1,
    flowId: 'flow-under-test',
    stage: of,
    order: 0,
    evaluateOnPlan: false,
    reEvaluatePolicies: true,
    invalidResponseAction: 'RETRY',
    policyEngineMode: 'ANY',
    policyBindings: [],
    ...also,
  };
}

export function flow(
  stageBindings: readonly StageBindingDefinition[],
  also: Partial<FlowDefinition> = {},
): FlowDefinition {
  return {
    id: 'flow-under-test',
    version: 1,
    slug: 'under-test',
    name: 'under test',
    currentVersion: 1,
    title: 'Under test',
    designation: 'ENROLLMENT',
    layout: 'STACKED',
    backgroundUrl: null,
    deniedAction: 'MESSAGE',
    authentication: 'NONE',
    policyEngineMode: 'ANY',
    policyBindings: [],
    stageBindings,
    ...also,
  };
}

/** A policy of the kind `fake`, which looks up what to do under the policy's name. */
export function policy(name: string, kind = 'fake'): PolicyDefinition {
  return { id: `policy-${name}`, version: 1, name, kind, config: {}, executionLogging: false, calls: [] };
}

export function bound(
  subject: PolicyBindingDefinition['subject'] | PolicyDefinition,
  also: Partial<PolicyBindingDefinition> = {},
): PolicyBindingDefinition {
  const whole = 'type' in subject ? subject : { type: 'policy' as const, policy: subject };
  const name =
    whole.type === 'policy'
      ? whole.policy.name
      : `${whole.type}-${whole.type === 'user' ? whole.userId : whole.groupId}`;
  return {
    id: `binding-${name}`,
    version: 1,
    target: { type: 'flow', flowId: 'flow-under-test' },
    subject: whole,
    order: 0,
    enabled: true,
    negate: false,
    timeoutSeconds: 30,
    failureResult: false,
    expiresAt: null,
    ...also,
  };
}

/** A catalogue of these flows, with everything that they bind. */
export function catalogueOf(...flows: readonly FlowDefinition[]): Catalogue {
  const places = flows.flatMap(({ stageBindings }) => stageBindings);
  const policies = [...flows, ...places].flatMap(({ policyBindings }) =>
    policyBindings.flatMap(({ subject }) => (subject.type === 'policy' ? [subject.policy] : [])),
  );
  const stages = places.map((place) => place.stage);
  return new Catalogue({
    installation: INSTALLATION,
    ...{ version: 1, flows, stages, policies, promptFields: [] },
    ...{ defaultFlows: new Map(), referringStages: new Map() },
  });
}

export function person(id: string, also: Partial<FlowUser> = {}): FlowUser {
  return {
    id,
    username: `name-of-${id}`,
    email: null,
    name: '',
    active: true,
    awaitsVerification: false,
    emailVerifiedAt: null,
    kind: 'INTERNAL',
    path: 'users',
    createdAt: new Date('2029-01-01T00:00:00Z'),
    attributes: {},
    superuser: false,
    groups: [],
    hasPassword: true,
    authenticators: [],
    ...also,
  };
}

export function viewer(user: FlowUser): Viewer {
  return {
    sessionId: `session-of-${user.id}`,
    user,
    createdAt: new Date('2030-01-01T00:00:00Z'),
    expiresAt: new Date('2030-01-02T00:00:00Z'),
    amr: ['pwd'],
    aal: 1,
  };
}
