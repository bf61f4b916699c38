import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import type { ContextChange } from './context.js';
import { flowTokenKey, loginHintKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import type { Answered, EngineParts, FlowResponse, Stepped, Visit } from './engine.js';
import type { Execution } from './execution.js';
import { Walk } from './walk.js';

export interface StartRequest {
  readonly flow: FlowDefinition;
  readonly next: string | null;
  readonly loginHint: string | null;
  /** The id of the flow token that the client brought, where it is good for this flow; else that it is not. */
  readonly flowToken: { readonly id: string } | 'invalid' | null;
  readonly expiresAt: Date;
  /** Answers to the first challenges, in order. */
  readonly responses: readonly FlowResponse[];
}

export interface Started extends Stepped {
  /** How many of the responses somebody has looked at. */
  readonly responsesUsed: number;
}

/**
 * Plans a flow and goes on to its first challenge or its end, giving it the answers that fit. The first one that does
 * not fit its challenge, or is not good enough, ends that: those after it are left unused.
 */
export async function startExecution(
  parts: EngineParts,
  visit: Visit,
  request: StartRequest,
): Promise<Started> {
  const changes: ContextChange[] = [];
  if (request.loginHint !== null) changes.push(loginHintKey.to(request.loginHint));
  if (request.flowToken !== null && request.flowToken !== 'invalid') {
    changes.push(flowTokenKey.to({ id: request.flowToken.id, consumed: false }));
  }
  const walk = new Walk(parts, visit, {
    ...newExecution(parts, visit, request.flow),
    next: request.next,
    context: Context.empty.with(changes),
    expiresAt: request.expiresAt,
  });
  if (request.flowToken === 'invalid') walk.refuseLink();
  else await walk.begin();
  const responsesUsed = await giveAnswers(walk, request.responses);
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

/** Ends an execution at its person's wish. Nothing that it collected is kept. */
export function cancelExecution(execution: Execution): Execution {
  return {
    ...execution,
    plan: [],
    context: Context.empty,
    messages: [],
    step: { type: 'cancelled', redirectTo: execution.next },
  };
}

function newExecution(parts: EngineParts, visit: Visit, flow: FlowDefinition): Execution {
  return {
    id: parts.chance.id(),
    supportId: parts.chance.id(),
    flowId: flow.id,
    client: visit.client.kind,
    next: null,
    plan: [],
    planned: [],
    trail: [],
    context: Context.empty,
    messages: [],
    loginBlocked: null,
    session: null,
    step: { type: 'cancelled', redirectTo: null },
    expiresAt: visit.now,
  };
}
