import type { JsonObject } from '../kernel/json.js';
import type { ContextChange } from './context.js';
import type { Effect, OpenSession } from './effect.js';
import type { InsertedStage } from './inserted-stage.js';
import type { Proof } from './proof.js';

export type MessageLevel = 'INFO' | 'SUCCESS' | 'WARNING' | 'ERROR';

/** Something to tell the person, delivered with the next step. */
export interface FlowMessage {
  readonly level: MessageLevel;
  readonly text: string;
}

/** What was wrong with an answer. */
export interface ResponseError {
  /** Path of the answer's field; null where the whole answer is refused. */
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly retryAt: string | null;
}

/**
 * The stage needs an answer. What it has begun for that (a mail on its way, a puzzle to compare the answer with) is in its
 * changes and effects: asked again with those, it begins nothing anew.
 */
export interface Ask<Challenge = JsonObject> {
  readonly type: 'ask';
  readonly challenge: Challenge;
  readonly changes: readonly ContextChange[];
  readonly effects: readonly RefusalEffect[];
  readonly messages: readonly FlowMessage[];
}

/** The stage is done. */
export interface Pass {
  readonly type: 'pass';
  readonly changes: readonly ContextChange[];
  readonly effects: readonly Effect[];
  readonly messages: readonly FlowMessage[];
  /** What this stage has verified about the pending user. */
  readonly proofs: readonly Proof[];
}

/** What a refusal may leave behind. It never signs anybody in. */
export type RefusalEffect = Exclude<Effect, OpenSession>;

/** The answer was not good enough; the person may try again. */
export interface Retry {
  readonly type: 'retry';
  readonly errors: readonly [ResponseError, ...ResponseError[]];
  readonly changes: readonly ContextChange[];
  readonly effects: readonly RefusalEffect[];
}

/** The answer was no attempt: something else was asked for, such as another mail. The stage goes on asking. */
export interface Stay {
  readonly type: 'stay';
  readonly changes: readonly ContextChange[];
  readonly effects: readonly RefusalEffect[];
  readonly messages: readonly FlowMessage[];
}

/** Another flow is to be run now. */
export interface Enter {
  readonly type: 'enter';
  readonly flowId: string;
  /** Whether the other flow goes on with what this one has learnt, and this one then with what that one has. */
  readonly keepContext: boolean;
  /** Whether this flow goes on where it left off once the other one has reached its end. */
  readonly returns: boolean;
  /** What the execution is to know before the other flow begins. */
  readonly changes: readonly ContextChange[];
}

/** Other stages have their turn first. Then this one is presented again. */
export interface Precede {
  readonly type: 'precede';
  readonly stages: readonly [InsertedStage, ...InsertedStage[]];
  readonly changes: readonly ContextChange[];
  readonly effects: readonly RefusalEffect[];
}

/** The flow ends here. */
export interface Deny {
  readonly type: 'deny';
  readonly code: DenialCode;
  readonly message: string;
  readonly effects: readonly RefusalEffect[];
}

/** Why a flow was denied; each with what it means to whoever meets it. */
export const denialCodes = {
  POLICY_DENIED:
    'A policy does not let this person use the flow, or a policy that guards a stage has failed.',
  NOT_APPLICABLE: 'The flow wants the caller signed in, signed out, or with other rights.',
  EMPTY_FLOW: 'No stage of the flow applies.',
  INVALID_TOKEN: 'The link or secret that should open the flow is unknown, used or expired.',
  INVITATION_REQUIRED:
    'The flow is for invited people. The invitation is missing or unknown, used up, expired, or for another flow.',
  EXPIRED: 'The execution has taken too long. Start the flow again.',
  STAGE_DENIED: 'A stage has refused: a deny stage, or one that cannot go on with what it knows.',
  LOGIN_BLOCKED: 'A policy removed the stage that signs the person in.',
  CONSENT_DECLINED: 'The person has declined what the flow asks them to agree to.',
  REAUTHENTICATION_REQUIRED:
    'The person is signed in, but has not proved recently enough who they are. Sign in again, then start the flow again.',
  CONFIGURATION_ERROR: 'The flow cannot work as it is configured. Quote the supportId to an administrator.',
} as const;

export type DenialCode = keyof typeof denialCodes;

export type PresentOutcome<Challenge = JsonObject> = Ask<Challenge> | Pass | Enter | Precede | Deny;
export type AnswerOutcome = Pass | Retry | Stay | Precede | Deny;

export function ask<Challenge>(
  challenge: Challenge,
  also: Partial<Pick<Ask, 'changes' | 'effects' | 'messages'>> = {},
): Ask<Challenge> {
  return { type: 'ask', challenge, changes: [], effects: [], messages: [], ...also };
}

export function stay(also: Partial<Omit<Stay, 'type'>> = {}): Stay {
  return { type: 'stay', changes: [], effects: [], messages: [], ...also };
}

export function pass(also: Partial<Omit<Pass, 'type'>> = {}): Pass {
  return { type: 'pass', changes: [], effects: [], messages: [], proofs: [], ...also };
}

export function enter(
  flowId: string,
  how: Pick<Enter, 'keepContext' | 'returns'>,
  changes: Enter['changes'] = [],
): Enter {
  return { type: 'enter', flowId, ...how, changes };
}

export function precede(
  stages: Precede['stages'],
  also: Partial<Pick<Precede, 'changes' | 'effects'>> = {},
): Precede {
  return { type: 'precede', stages, changes: [], effects: [], ...also };
}

export function retry(
  errors: Retry['errors'],
  also: Partial<Pick<Retry, 'changes' | 'effects'>> = {},
): Retry {
  return { type: 'retry', errors, changes: [], effects: [], ...also };
}

/** What a refusal says in one text, where it is not shown at the stage itself. */
export function retryMessage({ errors }: Retry): string {
  return errors.map((error) => error.message).join('\n');
}

export function deny(code: DenialCode, message: string, effects: readonly RefusalEffect[] = []): Deny {
  return { type: 'deny', code, message, effects };
}

export function responseError(
  field: string | null,
  code: string,
  message: string,
  retryAt?: Date,
): ResponseError {
  return { field, code, message, retryAt: retryAt?.toISOString() ?? null };
}
