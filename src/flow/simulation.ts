import { secondsAfter } from '../kernel/clock.js';
import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import { Context } from './context.js';
import type { FlowDefinition } from './definition.js';
import type { Effect } from './effect.js';
import type { AnswerFate, EngineParts, FlowResponse, Stepped, Visit } from './engine.js';
import type { Execution, FlowStep } from './execution.js';
import { answerChallenge, startExecution } from './executor.js';
import type { FlowUser } from './services/users.js';
import { simulatedPolicyServices, simulatedServices } from './simulated-services.js';
import type { Viewer } from './stage-kind.js';
import type { TraceEntry } from './trace.js';

const SIMULATED_SECONDS = 3600;

export interface SimulationRequest {
  readonly flow: FlowDefinition;
  /** Who is signed in; null for nobody. */
  readonly user: FlowUser | null;
  readonly next: string | null;
  readonly loginHint: string | null;
  readonly invitationToken: Secret | null;
  /** What the execution knows beforehand. */
  readonly context: JsonObject;
  readonly responses: readonly FlowResponse[];
  /** What passwords, and codes from mails, are taken to be: none is compared with a stored one. */
  readonly passwordsAreRight: boolean;
}

export interface SimulatedStep {
  readonly step: FlowStep;
  /** How the answer before this step fared; null for the start. */
  readonly fate: AnswerFate | null;
  /** What happened on the way to this step, with each policy's input, and what would have been done. */
  readonly trace: readonly TraceEntry[];
}

export interface Simulation {
  readonly steps: readonly SimulatedStep[];
  /** The first response that does not fit its challenge ends the simulation. */
  readonly responsesUsed: number;
}

/**
 * Runs a flow as the engine would, each answer a request of its own, and does nothing of what it comes to: effects are
 * noted, and seen by the steps that follow.
 */
export async function simulateFlow(
  engine: EngineParts,
  visit: Visit,
  request: SimulationRequest,
): Promise<Simulation> {
  const effects: Effect[] = [];
  const services = simulatedServices(engine.services, effects, request.passwordsAreRight, visit.now);
  const policies = { ...engine.policies, services: simulatedPolicyServices(engine.policies.services) };
  const parts = { ...engine, services, policies };
  let viewer = request.user && signedIn(engine, visit, request.user);
  const steps: SimulatedStep[] = [];

  async function take(stepped: Stepped, fate: AnswerFate | null): Promise<Execution> {
    effects.push(...stepped.effects);
    steps.push({ step: stepped.execution.step, fate, trace: stepped.trace });
    viewer = await viewerAfter(stepped, viewer);
    return stepped.execution;
  }
  async function viewerAfter(
    { effects: done, issued }: Stepped,
    before: Viewer | null,
  ): Promise<Viewer | null> {
    const opened = done.find((effect) => effect.type === 'openSession');
    if (opened && issued && visit.client.kind === 'BROWSER') {
      const user = await services.users.byId(opened.userId);
      return user ? { ...signedIn(engine, visit, user), ...opened, user } : null;
    }
    const ended = done.some(
      (effect) => effect.type === 'endSession' && effect.sessionId === before?.sessionId,
    );
    return ended ? null : before;
  }

  const { flow, next, loginHint, invitationToken, responses } = request;
  const expiresAt = secondsAfter(visit.now, SIMULATED_SECONDS);
  const context = new Context(request.context, {});
  const brought = { next, loginHint, invitationToken, flowToken: null };
  const start = { flow, ...brought, expiresAt, responses: [], context };
  let execution = await take(await startExecution(parts, { ...visit, viewer }, start), null);
  for (const [used, { kind, data }] of responses.entries()) {
    const { step } = execution;
    if (step.type !== 'challenge' || step.kind !== kind) return { steps, responsesUsed: used };
    const answered = await answerChallenge(parts, { ...visit, viewer }, execution, data);
    execution = await take(answered, answered.fate);
  }
  return { steps, responsesUsed: responses.length };
}

/** Somebody who is signed in by a session that nobody has opened. */
function signedIn({ chance }: EngineParts, { now }: Visit, user: FlowUser): Viewer {
  const expiresAt = secondsAfter(now, SIMULATED_SECONDS);
  return { sessionId: chance.id(), user, createdAt: now, expiresAt, amr: [], aal: 1 };
}
