import type { JsonObject } from '../kernel/json.js';

export const designations = [
  'AUTHENTICATION',
  'AUTHORIZATION',
  'INVALIDATION',
  'ENROLLMENT',
  'UNENROLLMENT',
  'RECOVERY',
  'STAGE_CONFIGURATION',
] as const;
export type FlowDesignation = (typeof designations)[number];

export const layouts = ['STACKED', 'CONTENT_LEFT', 'CONTENT_RIGHT', 'SIDEBAR_LEFT', 'SIDEBAR_RIGHT'] as const;
export type FlowLayout = (typeof layouts)[number];

export const deniedActions = ['MESSAGE_CONTINUE', 'MESSAGE', 'CONTINUE'] as const;
export type DeniedAction = (typeof deniedActions)[number];

export const authenticationRequirements = [
  'NONE',
  'REQUIRE_AUTHENTICATED',
  'REQUIRE_UNAUTHENTICATED',
  'REQUIRE_SUPERUSER',
  'REQUIRE_REDIRECT',
  'REQUIRE_TOKEN',
] as const;
export type AuthenticationRequirement = (typeof authenticationRequirements)[number];

export const invalidResponseActions = ['RETRY', 'RESTART', 'RESTART_WITH_CONTEXT'] as const;
export type InvalidResponseAction = (typeof invalidResponseActions)[number];

export const policyEngineModes = ['ANY', 'ALL'] as const;
export type PolicyEngineMode = (typeof policyEngineModes)[number];

/** What a client may know about a flow without being an administrator. */
export interface FlowInfo {
  readonly slug: string;
  readonly title: string;
  readonly designation: FlowDesignation;
  readonly layout: FlowLayout;
  readonly backgroundUrl: string | null;
}

/** Goes up with every change, so that whoever changes something can say which state of it they have seen. */
interface Versioned {
  readonly version: number;
}

/** Its version goes up as well where a stage is bound to it, taken out of it, or put elsewhere in it. */
export interface FlowDefinition extends FlowInfo, Versioned {
  readonly id: string;
  readonly name: string;
  /** The number of its newest version; 0 for a flow that none has been made of yet. */
  readonly currentVersion: number;
  readonly deniedAction: DeniedAction;
  readonly authentication: AuthenticationRequirement;
  readonly policyEngineMode: PolicyEngineMode;
  /** In evaluation order. */
  readonly policyBindings: readonly PolicyBindingDefinition[];
  /** In execution order. */
  readonly stageBindings: readonly StageBindingDefinition[];
}

export interface StageDefinition extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly config: JsonObject;
}

/** A stage's place in a flow. */
export interface StageBindingDefinition extends Versioned {
  readonly id: string;
  readonly flowId: string;
  readonly stage: StageDefinition;
  readonly order: number;
  readonly evaluateOnPlan: boolean;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
  readonly policyEngineMode: PolicyEngineMode;
  /** In evaluation order. */
  readonly policyBindings: readonly PolicyBindingDefinition[];
}

export interface PolicyDefinition extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly config: JsonObject;
  readonly executionLogging: boolean;
  /** The ids of the policies that its configuration names. */
  readonly calls: readonly string[];
}

export type PolicySubject =
  | { readonly type: 'policy'; readonly policy: PolicyDefinition }
  | { readonly type: 'group'; readonly groupId: string }
  | { readonly type: 'user'; readonly userId: string };

export type PolicyTarget =
  | { readonly type: 'flow'; readonly flowId: string }
  | { readonly type: 'stageBinding'; readonly stageBindingId: string };

export interface PolicyBindingDefinition extends Versioned {
  readonly id: string;
  readonly target: PolicyTarget;
  readonly subject: PolicySubject;
  readonly order: number;
  readonly enabled: boolean;
  readonly negate: boolean;
  readonly timeoutSeconds: number;
  readonly failureResult: boolean;
  /** From when on it is as if it were not there; null for never. */
  readonly expiresAt: Date | null;
}
