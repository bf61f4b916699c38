import type { JsonObject } from '../kernel/json.js';
import type { ListPosition } from './list-position.js';
import type { ClientKind } from './stage-kind.js';
import type { PolicyTrace, TraceEntry } from './trace.js';

export const executionStatuses = ['RUNNING', 'COMPLETED', 'DENIED', 'CANCELLED'] as const;
/** Where an execution stands. Whether one that runs has expired meanwhile is a matter of the clock. */
export type ExecutionStatus = (typeof executionStatuses)[number];

export const executionStates = [...executionStatuses, 'EXPIRED'] as const;
/** Where an execution stands at a certain moment. */
export type ExecutionState = (typeof executionStates)[number];

export const stageOutcomes = ['PASSED', 'SKIPPED', 'CURRENT', 'AHEAD'] as const;
export type StageOutcome = (typeof stageOutcomes)[number];

export const stepKinds = ['CHALLENGE', 'COMPLETED', 'DENIED', 'CANCELLED'] as const;
export type StepKind = (typeof stepKinds)[number];

/** What an administrator may see of an execution: everything that explains it, and nothing that is secret. */
export interface InspectedExecution {
  readonly id: string;
  readonly supportId: string;
  readonly client: ClientKind;
  readonly state: ExecutionState;
  readonly flowId: string;
  /** Of which version of the flow the plan is; null where that was not kept yet. */
  readonly flowVersion: number | null;
  /** Whom it is about, else who was signed in when it began; null also for somebody who only pretends to exist. */
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** How many requests it is made of. */
  readonly requests: number;
  readonly step: InspectedStep;
  /** The plan of the flow that runs now, in order. */
  readonly stages: readonly InspectedStage[];
  /** The flows that this one returns to, the outermost first. */
  readonly outerFlows: readonly InspectedOuterFlow[];
  /** The slug of the flow that led to the one that runs now. */
  readonly redirectedFrom: string | null;
  readonly context: JsonObject;
}

/** What the client was told to do next, less what the challenge shows. */
export interface InspectedStep {
  readonly kind: StepKind;
  /** The stage that asks; null where none does. */
  readonly stageName: string | null;
  readonly stageKind: string | null;
  /** Of what was wrong with the last answer, or of the denial. */
  readonly codes: readonly string[];
  readonly message: string | null;
}

export interface InspectedStage {
  readonly bindingId: string;
  /** Null where the stage has been left behind: then its binding knows it. */
  readonly stageId: string | null;
  readonly outcome: StageOutcome;
}

export interface InspectedOuterFlow {
  readonly flowId: string;
  readonly flowVersion: number | null;
  /** The stage that it waits at. */
  readonly stageId: string | null;
}

/** An entry as it is kept: what a policy could read would make the record as large as policies are many. */
export type KeptEntry = Exclude<TraceEntry, PolicyTrace> | Omit<PolicyTrace, 'input'>;

/** What one request did to an execution, in order. */
export interface RecordedRequest {
  readonly at: Date;
  /** From where it came. */
  readonly address: string;
  readonly entries: readonly KeptEntry[];
}

/** Which executions are wanted; all conditions hold, and null is none. */
export interface ExecutionFilter {
  readonly state: ExecutionState | null;
  readonly flowId: string | null;
  readonly userId: string | null;
  readonly supportId: string | null;
}

export interface PageRequest {
  readonly filter: ExecutionFilter;
  readonly size: number;
  /** The page begins after this one; null where it is the first. */
  readonly after: ListPosition | null;
  readonly newestFirst: boolean;
  readonly now: Date;
}

export interface ExecutionPage {
  readonly executions: readonly InspectedExecution[];
  readonly hasMore: boolean;
}

/** What an execution is opened by: one of the two, or both. */
export type ExecutionName =
  | { readonly id: string; readonly supportId: string | null }
  | { readonly id: null; readonly supportId: string };

/** Looks at executions from outside. Nothing is run, and nothing is changed. */
export interface ExecutionInspection {
  list(request: PageRequest): Promise<ExecutionPage>;
  count(filter: ExecutionFilter, now: Date): Promise<number>;
  open(name: ExecutionName, now: Date): Promise<InspectedExecution | undefined>;
  /** The last hundred requests of each execution, in the order of the ids. */
  histories(executionIds: readonly string[]): Promise<readonly (readonly RecordedRequest[])[]>;
}
