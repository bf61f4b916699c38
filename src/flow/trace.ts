import type { JsonObject } from '../kernel/json.js';
import type { Effect } from './effect.js';

/**
 * What happened while a request took an execution on, in order, for those who have to explain it afterwards. It is
 * made of parts that cannot hold a secret.
 */
export type TraceEntry = PolicyTrace | StageTrace | FlowTrace | EffectTrace;

export const policyMoments = ['ENTRY', 'PLAN', 'RUN', 'ANSWER'] as const;
/**
 * Whether it was asked who may use the flow, what it is to consist of, whether a stage's turn has come, or whether an
 * answer to a stage is good enough.
 */
export type PolicyMoment = (typeof policyMoments)[number];

/** One binding was evaluated. */
export interface PolicyTrace {
  readonly type: 'policy';
  readonly moment: PolicyMoment;
  /** The slug of the flow. */
  readonly flow: string;
  /** The name of the stage that the binding guards; null where it guards the flow. */
  readonly stage: string | null;
  readonly bindingId: string;
  /** The policy's name, or which person or group was asked for. */
  readonly policy: string;
  readonly passing: boolean;
  readonly messages: readonly string[];
  /** Why there was no verdict; then `passing` is the binding's failure result. */
  readonly error: string | null;
  readonly milliseconds: number;
  /** What it has looked at to decide, by name. */
  readonly read: JsonObject;
  /** Where in its configuration it was decided, as paths. */
  readonly decidedBy: readonly string[];
  /** The policies that it has called, in order. */
  readonly calls: readonly PolicyCallTrace[];
  /** All that the policy could read. */
  readonly input: JsonObject;
}

/** One policy was asked by another. */
export interface PolicyCallTrace {
  readonly policy: string;
  readonly passing: boolean;
  readonly messages: readonly string[];
  readonly error: string | null;
  readonly read: JsonObject;
  readonly decidedBy: readonly string[];
}

export const stageEvents = [
  'REMOVED',
  'SKIPPED',
  'PRECEDED',
  'ASKED',
  'PASSED',
  'STAYED',
  'REFUSED',
  'DENIED',
] as const;

/** Removed: by a policy when the flow was planned. Skipped: by one when its turn came. Preceded: it has put others before itself. Stayed: it was asked for something else than to pass. Refused: its answer was wrong. */
export interface StageTrace {
  readonly type: 'stage';
  readonly event: (typeof stageEvents)[number];
  readonly flow: string;
  readonly stage: string;
  readonly kind: string;
  readonly bindingId: string;
  /** Of the errors, or of the denial. */
  readonly codes: readonly string[];
}

export const flowEvents = [
  'PLANNED',
  'RESUMED',
  'RESTARTED',
  'ENTERED',
  'RETURNED',
  'COMPLETED',
  'DENIED',
  'CANCELLED',
] as const;

/** Entered: a stage has led to this flow. Returned: to this one, where it left off. */
export interface FlowTrace {
  readonly type: 'flow';
  readonly event: (typeof flowEvents)[number];
  /** The slug; null where the flow has been deleted. */
  readonly flow: string | null;
  /** Of the denial. */
  readonly code: string | null;
  readonly message: string | null;
}

/** Something that was to happen together with the new state. */
export interface EffectTrace {
  readonly type: 'effect';
  readonly effect: Effect['type'];
  readonly details: JsonObject;
}
