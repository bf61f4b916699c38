import type { Authenticator, AuthenticatorDemand } from './authenticator-kind.js';
import { Context } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { FlowDefinition, StageBindingDefinition } from './definition.js';
import { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import { newExecution } from './executor.js';
import { PeopleOfThisSubmit } from './people.js';
import { planFlow } from './planner.js';
import { PolicyAsker } from './policy-asker.js';
import { Recorder } from './recorder.js';
import { asksForViewer } from './requirement.js';
import type { FlowUser } from './services/users.js';

/** A stage of a flow for signing in that would turn somebody away. */
export interface Demand {
  readonly flow: FlowDefinition;
  readonly stage: StageBindingDefinition['stage'];
}

/**
 * Where somebody could not sign in any more without this authenticator of theirs: stages of flows for signing in that
 * apply to them, turn away whoever has nothing of what they take, and take nothing else that the person has. Policies
 * are asked about the person as they will be, who has shown their password, from where the request comes. One that
 * comes to no verdict counts as if it applied.
 */
export async function demandsFor(
  parts: EngineParts,
  visit: Visit,
  user: FlowUser,
  authenticatorId: string,
): Promise<Demand[]> {
  const owned = await parts.services.authenticators.of(user.id);
  const removed = owned.find(({ id }) => id === authenticatorId);
  // What lets nobody by is missed by nobody.
  if (removed?.disabledAt !== null) return [];
  const left = owned.filter(({ id, disabledAt }) => id !== authenticatorId && disabledAt === null);
  const isLast = ({ stage }: StageBindingDefinition): boolean => {
    const demand = parts.stageKinds.get(stage.kind)?.demands(stage.config);
    if (!demand) return false;
    return meets(parts, demand)(removed) && !left.some(meets(parts, demand));
  };
  const remaining = user.authenticators.filter(({ id }) => id !== authenticatorId);
  const after: FlowUser = { ...user, authenticators: remaining };
  const demands: Demand[] = [];
  for (const flow of visit.catalogue.flowsFor('AUTHENTICATION')) {
    const bindings = flow.stageBindings.filter(isLast);
    if (bindings.length === 0) continue;
    for (const { stage } of await applying(parts, visit, after, flow, bindings))
      demands.push({ flow, stage });
  }
  return demands;
}

function meets({ services }: EngineParts, { kinds, passkeys }: AuthenticatorDemand) {
  return (authenticator: Authenticator): boolean =>
    kinds.includes(authenticator.kind) &&
    services.authenticators
      .kind(authenticator.kind)
      ?.meets(authenticator, passkeys, services.authenticators.tools) === true;
}

/** Which of these stages somebody would meet in the flow. */
async function applying(
  parts: EngineParts,
  visit: Visit,
  user: FlowUser,
  flow: FlowDefinition,
  bindings: readonly StageBindingDefinition[],
): Promise<readonly StageBindingDefinition[]> {
  const asker = askerAbout(parts, visit, user, flow);
  const admitted = await asker.aboutFlow(flow);
  if (!admitted.passing && !admitted.broken) return [];
  const plan = await planFlow(flow, (binding) => asker.aboutStage('PLAN', flow, binding));
  if (plan.type === 'broken') return bindings;
  const met: StageBindingDefinition[] = [];
  for (const binding of bindings) {
    const place = plan.stages.find(({ bindingId }) => bindingId === binding.id);
    if (!place) continue;
    const decision = place.reEvaluatePolicies && (await asker.aboutStage('RUN', flow, binding));
    if (!decision || decision.passing || decision.broken) met.push(binding);
  }
  return met;
}

/** Asks policies about somebody who is in the middle of signing in; nothing comes of what they want to have recorded. */
function askerAbout(parts: EngineParts, visit: Visit, user: FlowUser, flow: FlowDefinition): PolicyAsker {
  const { services } = parts;
  const viewer = asksForViewer(flow.authentication) && visit.viewer ? { ...visit.viewer, user } : null;
  const signingIn: Visit = { ...visit, viewer };
  const begun = newExecution(parts, signingIn, flow);
  const context = Context.empty.with([pendingUserKey.to({ id: user.id, identifier: user.username })]);
  const shown = { bindingId: begun.id, outcome: 'passed', userId: user.id, proofs: ['pwd'] } as const;
  const draft = new Draft({ ...begun, context, trail: user.hasPassword ? [shown] : [] }, signingIn);
  const people = new PeopleOfThisSubmit(services.users, services.authenticators, draft.effects, [user]);
  return new PolicyAsker(parts, signingIn, draft, people, new Recorder());
}
