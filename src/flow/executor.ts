import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import { Context } from './context.js';
import type { ContextChange } from './context.js';
import { flowTokenKey, invitationTokenKey, loginHintKey, pendingUserKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import type { Effect } from './effect.js';
import type { Answered, EngineParts, FlowResponse, Stepped, Visit } from './engine.js';
import type { EntryDenial } from './entry.js';
import type { Execution, Suspension } from './execution.js';
import type { FoundFlowToken } from './execution-store.js';
import { Recorder } from './recorder.js';
import { Walk } from './walk.js';

export interface StartRequest {
  readonly flow: FlowDefinition;
  readonly next: string | null;
  readonly loginHint: string | null;
  /** What the client brought, where it is good for this flow; else that it is not. */
  readonly flowToken: FoundFlowToken | 'invalid' | null;
  /** What an invitation stage will look for. */
  readonly invitationToken: Secret | null;
  readonly expiresAt: Date;
  /** Answers to the first challenges, in order. */
  readonly responses: readonly FlowResponse[];
  /** What is known beforehand. */
  readonly context?: Context;
}

export interface Started extends Stepped {
  /** How many of the responses somebody has looked at. */
  readonly responsesUsed: number;
}

/**
 * Plans a flow, or takes up the plan that a flow token stands for, and goes on to the first challenge or the end,
 * giving it the answers that fit. The first one that does not fit its challenge, or is not good enough, ends that:
 * those after it are left unused.
 */
export async function startExecution(
  parts: EngineParts,
  visit: Visit,
  request: StartRequest,
): Promise<Started> {
  const { flow, flowToken, invitationToken, loginHint, expiresAt, context = Context.empty } = request;
  const found = flowToken === 'invalid' ? null : flowToken;
  if (found?.isMailLink) return land(parts, visit, request, found);
  const changes: ContextChange[] = [];
  if (loginHint !== null) changes.push(loginHintKey.to(loginHint));
  if (invitationToken) changes.push(invitationTokenKey.to(invitationToken.reveal()));
  if (found) changes.push(flowTokenKey.to({ id: found.id, consumed: false, user: found.user }));
  const fresh = newExecution(parts, visit, flow);
  const begun = { ...fresh, context, ...found?.suspension };
  const walk = new Walk(parts, visit, {
    ...begun,
    next: request.next ?? begun.next,
    context: begun.context.with(changes),
    expiresAt,
  });
  if (flowToken === 'invalid') walk.refuseLink();
  else if (found?.suspension) await walk.resume();
  else await walk.begin();
  const responsesUsed = await giveAnswers(walk, request.responses);
  return { ...walk.result(), responsesUsed };
}

/** Whoever opens a link in a mail brings nothing along, and finds nothing but the stage that sent it. */
async function land(
  parts: EngineParts,
  visit: Visit,
  { flow, next, expiresAt, responses }: StartRequest,
  { suspension }: FoundFlowToken,
): Promise<Started> {
  if (!suspension) throw new Error('a link in a mail has somewhere to land');
  const walk = new Walk(parts, visit, {
    ...newExecution(parts, visit, flow),
    ...suspension,
    ...{ next, expiresAt },
    // Whoever is signed in where the link is opened, it is not about them.
    startedBy: null,
  });
  await walk.land();
  const responsesUsed = await giveAnswers(walk, responses);
  return { ...walk.result(), responsesUsed };
}

async function giveAnswers(walk: Walk, responses: readonly FlowResponse[]): Promise<number> {
  for (const [used, response] of responses.entries()) {
    if (walk.awaitedKind !== response.kind) return used;
    const fate = await walk.answer(response.data);
    if (fate !== 'PASSED') return fate === 'UNUSED' ? used : used + 1;
  }
  return responses.length;
}

/** The first of these flows that would let the visitor in. */
export async function firstApplicable(
  parts: EngineParts,
  visit: Visit,
  flows: readonly FlowDefinition[],
): Promise<FlowDefinition | undefined> {
  for (const flow of flows) {
    if ((await new Walk(parts, visit, newExecution(parts, visit, flow)).entryDenial(flow)) === null)
      return flow;
  }
  return undefined;
}

export type PlannedAhead =
  | { readonly ok: true; readonly suspension: Suspension }
  | { readonly ok: false; readonly denial: EntryDenial };

/** Plans a flow for somebody who is not there, as if they had brought a flow token; no stage has its turn yet. */
export async function planAhead(
  parts: EngineParts,
  visit: Visit,
  flow: FlowDefinition,
  user: { readonly id: string; readonly identifier: string },
): Promise<PlannedAhead> {
  const context = Context.empty.with([
    pendingUserKey.to(user),
    flowTokenKey.to({ id: parts.chance.id(), consumed: false, user }),
  ]);
  const walk = new Walk(parts, visit, { ...newExecution(parts, visit, flow), context });
  await walk.plan();
  const { execution } = walk.result();
  const { step } = execution;
  if (step.type === 'denied') return { ok: false, denial: step };
  const { flowId, flowVersion, plan, planned, trail, loginBlocked, origin } = execution;
  const { outer, messages, next } = execution;
  const position = { flowId, flowVersion, plan, planned, trail, loginBlocked, origin };
  return {
    ok: true,
    suspension: { ...position, outer, messages, next, context: execution.context },
  };
}

/**
 * Gives an answer to the current challenge's stage, and goes on. Where a policy has taken that stage out in the
 * meantime, the answer is dropped with it: it never reaches another stage.
 */
export async function answerChallenge(
  parts: EngineParts,
  visit: Visit,
  execution: Execution,
  response: JsonObject,
): Promise<Answered> {
  const walk = new Walk(parts, visit, execution);
  const fate = await walk.answer(response);
  return { ...walk.result(), fate };
}

/** Ends an execution at its person's wish. Nothing that it collected is kept, nor a session that nobody was given. */
export function cancelExecution(
  execution: Execution,
  flow: FlowDefinition | undefined,
): Omit<Stepped, 'issued'> {
  const { undelivered, session, next } = execution;
  const step = { type: 'cancelled', redirectTo: next } as const;
  const effects: Effect[] = undelivered && session ? [{ type: 'endSession', sessionId: session.id }] : [];
  const nothing = { plan: [], outer: [], context: Context.empty, messages: [], undelivered: null };
  return {
    execution: { ...execution, ...nothing, step },
    effects,
    trace: new Recorder().entries(step, flow, effects),
  };
}

/** An execution that nobody has begun yet. */
export function newExecution(parts: EngineParts, visit: Visit, flow: FlowDefinition): Execution {
  return {
    id: parts.chance.id(),
    supportId: parts.chance.id(),
    flowId: flow.id,
    flowVersion: flow.currentVersion,
    client: visit.client.kind,
    startedBy: visit.viewer?.user.id ?? null,
    next: null,
    plan: [],
    planned: [],
    trail: [],
    origin: { redirectedFrom: null, proven: [], loginBlocked: null },
    outer: [],
    context: Context.empty,
    messages: [],
    loginBlocked: null,
    session: null,
    undelivered: null,
    step: { type: 'cancelled', redirectTo: null },
    expiresAt: visit.now,
  };
}
