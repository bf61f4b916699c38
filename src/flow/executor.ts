import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import type { ContextChange } from './context.js';
import { flowTokenKey, loginHintKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import type { Answered, EngineParts, Stepped, Visit } from './engine.js';
import type { Execution } from './execution.js';
import { Walk } from './walk.js';

export interface StartRequest {
  readonly flow: FlowDefinition;
  readonly next: string | null;
  readonly loginHint: string | null;
  /** The flow token that the client brought, found valid for this flow. */
  readonly flowTokenId: string | null;
  readonly expiresAt: Date;
}

/** Plans a flow and goes on to its first challenge or its end. */
export async function startExecution(parts: EngineParts, visit: Visit, request: StartRequest): Promise<Stepped> {
  const changes: ContextChange[] = [];
  if (request.loginHint !== null) changes.push(loginHintKey.to(request.loginHint));
  if (request.flowTokenId !== null) changes.push(flowTokenKey.to({ id: request.flowTokenId, consumed: false }));
  const walk = new Walk(parts, visit, {
    id: parts.chance.id(),
    supportId: parts.chance.id(),
    flowId: request.flow.id,
    client: visit.client.kind,
    next: request.next,
    plan: [],
    planned: [],
    trail: [],
    context: Context.empty.with(changes),
    messages: [],
    loginBlocked: null,
    session: null,
    step: { type: 'cancelled', redirectTo: null },
    expiresAt: request.expiresAt,
  });
  await walk.begin();
  return walk.result();
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
