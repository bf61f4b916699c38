import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import type { Context } from './context.js';
import type { InvalidResponseAction } from './definition.js';
import type { DenialCode, FlowMessage, Proof, ResponseError } from './outcome.js';
import type { ClientKind } from './stage-kind.js';

/** One run of one flow, as it is kept between two requests. */
export interface Execution {
  readonly id: string;
  /** Under which an administrator finds the run; says nothing and opens nothing. */
  readonly supportId: string;
  readonly flowId: string;
  readonly client: ClientKind;
  /** Where the person was going: already found acceptable. */
  readonly next: string | null;
  /** What is still to come; the first entry is the current stage. */
  readonly plan: readonly PlannedStage[];
  /** Every binding of the plan as it was made, in order. */
  readonly planned: readonly string[];
  /** What has become of the planned stages so far, in order: the record that a session rests on. */
  readonly trail: readonly TrailEntry[];
  readonly context: Context;
  /** Said by stages and policies, and not yet delivered with a step. */
  readonly messages: readonly FlowMessage[];
  /** What the policies said that removed a stage which would have signed the person in. */
  readonly loginBlocked: readonly string[] | null;
  readonly session: SessionFacts | null;
  readonly step: FlowStep;
  readonly expiresAt: Date;
}

export interface PlannedStage {
  readonly bindingId: string;
  readonly stageId: string;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
}

export interface TrailEntry {
  readonly bindingId: string;
  /** Skipped: a policy said, when its turn came, that the stage does not apply. */
  readonly outcome: 'passed' | 'skipped';
  /** Whom the flow was about afterwards. */
  readonly userId: string | null;
  readonly proofs: readonly Proof[];
}

/** A session that was opened, less its secret. */
export interface SessionFacts {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly amr: readonly string[];
  readonly aal: number;
}

/** What the client is to do next. All of it is JSON. */
export type FlowStep = ChallengeStep | CompletedStep | DeniedStep | CancelledStep;

export interface ChallengeStep {
  readonly type: 'challenge';
  readonly id: string;
  readonly kind: string;
  readonly stageName: string;
  readonly errors: readonly ResponseError[];
  readonly messages: readonly FlowMessage[];
  readonly user: { readonly displayName: string; readonly avatarUrl: string | null } | null;
  /** What the kind shows, beyond what every challenge has. */
  readonly data: JsonObject;
}

export interface CompletedStep {
  readonly type: 'completed';
  readonly redirectTo: string | null;
  readonly messages: readonly FlowMessage[];
  readonly session: SessionFacts | null;
}

export interface DeniedStep {
  readonly type: 'denied';
  readonly code: DenialCode;
  readonly message: string;
  readonly redirectTo: string | null;
  readonly supportId: string;
}

export interface CancelledStep {
  readonly type: 'cancelled';
  readonly redirectTo: string | null;
}

/** A session's secret on its way to the client, once. */
export interface IssuedToken {
  readonly token: Secret;
  readonly expiresAt: Date;
  readonly persistent: boolean;
}

/** What has been verified about the person whom the flow is about now; proofs of somebody else do not count. */
export function proofsOf(trail: readonly TrailEntry[], userId: string | null): readonly Proof[] {
  if (userId === null) return [];
  const own = trail.filter((entry) => entry.userId === userId);
  return [...new Set(own.flatMap((entry) => entry.proofs))];
}
