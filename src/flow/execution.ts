import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import type { Context } from './context.js';
import { flowTokenKey } from './context-keys.js';
import type { InvalidResponseAction } from './definition.js';
import type { BuiltInStage } from './inserted-stage.js';
import type { DenialCode, FlowMessage, ResponseError } from './outcome.js';
import type { ClientKind } from './stage-kind.js';
import type { Proof } from './proof.js';

/** How far one flow has been walked. */
export interface FlowPosition {
  readonly flowId: string;
  /** The version of the flow that was planned; null where a plan is older than versions, or a link's alone. */
  readonly flowVersion: number | null;
  /** What is still to come; the first entry is the current stage. */
  readonly plan: readonly PlannedStage[];
  /** Every binding of the plan as it was made, in order. */
  readonly planned: readonly string[];
  /** What has become of the planned stages so far, in order: the record that a session rests on. */
  readonly trail: readonly TrailEntry[];
  /** What the policies said that removed a stage which would have signed the person in. */
  readonly loginBlocked: readonly string[] | null;
  /** With what this flow began. A restart begins with it again. */
  readonly origin: Origin;
}

/** What another flow has handed over to the one that it led to. */
export interface Origin {
  /** The slug of the flow that led here; null where the client started this one itself. */
  readonly redirectedFrom: string | null;
  /** What had been verified before. */
  readonly proven: readonly ProvenFact[];
  /** A login that had been blocked before, and that nothing comes back to. */
  readonly loginBlocked: readonly string[] | null;
}

export interface ProvenFact {
  readonly userId: string;
  readonly proofs: readonly Proof[];
}

/** A flow that waits at its current stage for another one to end. */
export interface OuterFlow extends FlowPosition {
  /** What it had learnt, where the other flow is not to know of it; null where they share. */
  readonly context: Context | null;
}

/** What can be put aside, and taken up again by whoever brings a flow token. */
export interface Suspension extends FlowPosition {
  /** The flows that this one returns to, the outermost first. */
  readonly outer: readonly OuterFlow[];
  readonly context: Context;
  /** Said by stages and policies, and not yet delivered with a step. */
  readonly messages: readonly FlowMessage[];
  /** Where the person was going: already found acceptable. */
  readonly next: string | null;
}

/** One run of one flow, as it is kept between two requests. */
export interface Execution extends Suspension {
  readonly id: string;
  /** Under which an administrator finds the run; says nothing and opens nothing. */
  readonly supportId: string;
  readonly client: ClientKind;
  /** Who was signed in when it began. */
  readonly startedBy: string | null;
  readonly session: SessionFacts | null;
  /** The secret of that session, until the client has been given it. */
  readonly undelivered: IssuedToken | null;
  readonly step: FlowStep;
  readonly expiresAt: Date;
}

export interface PlannedStage {
  readonly bindingId: string;
  readonly stageId: string;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
  /** The stage itself, where it is none of the installation's; else null. */
  readonly builtIn: BuiltInStage | null;
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

/** By which a browser is known from now on to have shown a second factor. */
export interface BrowserToken {
  readonly token: Secret;
  readonly expiresAt: Date;
}

/** Everything that this execution has verified, about whomever. */
export function provenIn({ trail, origin }: FlowPosition): ProvenFact[] {
  const own = trail.flatMap(({ userId, proofs }) =>
    userId === null || proofs.length === 0 ? [] : [{ userId, proofs }],
  );
  return [...origin.proven, ...own];
}

/** What has been verified about one person; proofs of somebody else do not count. */
export function proofsOf(execution: FlowPosition & { context: Context }, userId: string | null): Proof[] {
  if (userId === null) return [];
  const own = provenIn(execution).filter((fact) => fact.userId === userId);
  const byToken = execution.context.get(flowTokenKey)?.user?.id === userId;
  return [...new Set([...(byToken ? (['token'] as const) : []), ...own.flatMap((fact) => fact.proofs)])];
}
