import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import { flowTokenKey, pendingUserKey } from './context-keys.js';
import type { FlowDefinition, StageBindingDefinition, StageDefinition } from './definition.js';
import { BAD_LINK, BROKEN_POLICY, NOT_APPLICABLE } from './denials.js';
import { Draft } from './draft.js';
import type { OpenSession } from './effect.js';
import { proofsOf } from './execution.js';
import type { Execution, PlannedStage } from './execution.js';
import type { AnswerFate, EngineParts, Stepped, Visit } from './engine.js';
import type { Deny, Pass, ResponseError } from './outcome.js';
import { PeopleOfThisSubmit } from './people.js';
import { planFlow } from './planner.js';
import type { RemovedStage } from './planner.js';
import { evaluateBindings } from './policy-engine.js';
import type { PolicyDecision } from './policy-engine.js';
import { meetsRequirement } from './requirement.js';
import { mayOpenSession } from './session-rule.js';
import type { EmbeddedStage, StageKind, StageRun } from './stage-kind.js';

interface CurrentStage {
  readonly place: PlannedStage;
  readonly stage: StageDefinition;
  readonly kind: StageKind;
}

/**
 * One request's way through a flow: from where the execution stands to the next challenge or the end, gathering
 * effects on the way. What one answer has brought about, the next one of the same request finds.
 */
export class Walk {
  readonly #draft: Draft;
  readonly #people: PeopleOfThisSubmit;
  #restarted = false;

  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    execution: Execution,
  ) {
    this.#draft = new Draft(execution);
    const known = visit.viewer ? [visit.viewer.user] : [];
    this.#people = new PeopleOfThisSubmit(parts.services.users, this.#draft.effects, known);
  }

  /** The kind of the stage that has asked, if one has. */
  get awaitedKind(): string | undefined {
    const { step } = this.#draft.execution;
    return step.type === 'challenge' ? step.kind : undefined;
  }

  result(): Stepped {
    this.#draft.consumeFlowToken();
    const { execution, effects, issued } = this.#draft;
    return { execution, effects, issued };
  }

  /** Decides whether the flow applies, plans it, and goes on to its first challenge or its end. */
  async begin(): Promise<void> {
    const flow = this.#flow();
    if (!flow) return this.#draft.denyUnconfigured('The flow has been deleted.');
    const signedIn = this.visit.viewer !== null;
    const denial = await this.entryDenial(flow);
    if (denial) return this.#draft.denyEntry(flow, signedIn, denial.code, denial.message);
    const plan = await planFlow(flow, (binding) => this.#evaluate(binding));
    if (plan.type === 'broken') {
      return this.#draft.denyEntry(flow, signedIn, 'POLICY_DENIED', BROKEN_POLICY);
    }
    const planned = plan.stages.map((place) => place.bindingId);
    this.#draft.change({ plan: plan.stages, planned, trail: [], loginBlocked: null });
    for (const removed of plan.removed) this.#noteRemoval(removed);
    if (planned.length === 0 && this.#draft.execution.loginBlocked === null) {
      return this.#draft.denyEntry(flow, signedIn, 'EMPTY_FLOW', 'There is nothing to do here.');
    }
    await this.#advance();
  }

  /** Why the flow does not let this visitor in, or null: its authentication requirement first, then its policies. */
  async entryDenial(flow: FlowDefinition): Promise<Pick<Deny, 'code' | 'message'> | null> {
    const { viewer } = this.visit;
    const restored = this.#draft.execution.context.get(flowTokenKey) !== undefined;
    if (!meetsRequirement(flow.authentication, { viewer, restored, redirected: false })) {
      return flow.authentication === 'REQUIRE_TOKEN' ? BAD_LINK : NOT_APPLICABLE;
    }
    const decision = await this.#evaluate(flow);
    if (decision.passing) return null;
    return { code: 'POLICY_DENIED', message: decision.messages.join('\n') || NOT_APPLICABLE.message };
  }

  /** Ends the execution because the secret that should have opened it is no good. */
  refuseLink(): void {
    this.#draft.deny(BAD_LINK.code, BAD_LINK.message);
  }

  /** Gives the answer to the current stage, unless a policy has taken that stage out, and goes on. */
  async answer(response: JsonObject): Promise<AnswerFate> {
    const current = await this.#currentStage();
    if (current === 'ended') return 'UNUSED';
    if (current === 'skipped') {
      await this.#advance();
      return 'UNUSED';
    }
    const { kind, place } = current;
    if (!kind.answer) throw new Error(`stage kind ${kind.name} asks, but takes no answers`);
    const outcome = await kind.answer(this.#run(current.stage), response);
    switch (outcome.type) {
      case 'pass':
        this.#pass(current, outcome);
        await this.#advance();
        return 'PASSED';
      case 'deny':
        await this.#refuse(place, outcome);
        return 'REFUSED';
      case 'retry':
        this.#draft.effects.push(...outcome.effects);
        this.#draft.change({ context: this.#draft.execution.context.with(outcome.changes) });
        if (place.invalidResponseAction === 'RETRY') await this.#presentAgain(current, outcome.errors);
        else
          await this.#restart(place, {
            code: 'STAGE_DENIED',
            message: outcome.errors.map((error) => error.message).join('\n'),
          });
        return 'REFUSED';
    }
  }

  /** Walks from stage to stage until one asks or the flow ends. */
  async #advance(): Promise<void> {
    while (this.#draft.execution.plan.length > 0) {
      const current = await this.#currentStage();
      if (current === 'ended') return;
      if (current !== 'skipped' && (await this.#present(current, [])) === 'stopped') return;
    }
    this.#draft.complete();
  }

  /** A stage that needs no answer after a wrong one has changed its mind: it is passed like any other. */
  async #presentAgain(current: CurrentStage, errors: readonly ResponseError[]): Promise<void> {
    if ((await this.#present(current, errors)) === 'passed') await this.#advance();
  }

  /** The stage whose turn it is, once its policies have been asked. */
  async #currentStage(): Promise<CurrentStage | 'skipped' | 'ended'> {
    const place = this.#draft.execution.plan[0];
    if (!place) throw new Error('the plan has no current stage');
    const stage = this.visit.catalogue.stage(place.stageId);
    const kind = stage && this.parts.stageKinds.get(stage.kind);
    if (!this.#flow() || !kind) {
      this.#draft.denyUnconfigured('Part of this flow has been removed.');
      return 'ended';
    }
    const binding = this.visit.catalogue.stageBinding(place.bindingId);
    if (!place.reEvaluatePolicies || !binding) return { place, stage, kind };
    const decision = await this.#evaluate(binding);
    this.#draft.say(decision.messages.map((text) => ({ level: 'INFO', text })));
    if (decision.passing) return { place, stage, kind };
    if (decision.broken) {
      this.#draft.deny('POLICY_DENIED', decision.messages.join('\n') || BROKEN_POLICY);
      return 'ended';
    }
    this.#noteRemoval({ binding, messages: decision.messages });
    this.#draft.leave(place, { outcome: 'skipped', userId: this.#pendingUserId(), proofs: [] });
    return 'skipped';
  }

  async #present(current: CurrentStage, errors: readonly ResponseError[]): Promise<'passed' | 'stopped'> {
    const outcome = await current.kind.present(this.#run(current.stage));
    switch (outcome.type) {
      case 'pass':
        this.#pass(current, outcome);
        return 'passed';
      case 'deny':
        await this.#refuse(current.place, outcome);
        return 'stopped';
      case 'ask':
        this.#draft.ask(this.parts.chance.id(), current, outcome.challenge, errors, this.visit.viewer);
        return 'stopped';
    }
  }

  #pass(current: CurrentStage, outcome: Pass): void {
    const { proofs, effects, messages } = outcome;
    this.#draft.change({ context: this.#draft.execution.context.with(outcome.changes) });
    this.#draft.leave(current.place, { outcome: 'passed', userId: this.#pendingUserId(), proofs });
    for (const effect of effects) {
      if (effect.type === 'openSession') this.#openSession(current, effect);
      this.#draft.effects.push(effect);
    }
    this.#draft.say(messages);
  }

  /** The only way to a session. A stage that asks for one where it may not have one is a fault of ours. */
  #openSession(current: CurrentStage, effect: OpenSession): void {
    const { planned, trail } = this.#draft.execution;
    const { bindingId } = current.place;
    const isTheirs = current.kind.opensSession && effect.userId === this.#pendingUserId();
    if (!isTheirs || !mayOpenSession(planned, bindingId, trail, effect.userId)) {
      throw new Error(`stage ${current.stage.name} may not open a session here`);
    }
    const { sessionId: id, expiresAt, amr, aal, token, persistent } = effect;
    const createdAt = this.visit.now.toISOString();
    this.#draft.change({ session: { id, createdAt, expiresAt: expiresAt.toISOString(), amr, aal } });
    this.#draft.issued = { token, expiresAt, persistent };
  }

  async #refuse(place: PlannedStage, denial: Deny): Promise<void> {
    this.#draft.effects.push(...denial.effects);
    if (place.invalidResponseAction === 'RETRY') this.#draft.deny(denial.code, denial.message);
    else await this.#restart(place, denial);
  }

  /** Plans the flow anew. Once in a request is enough: a stage that refuses again then means it. */
  async #restart(place: PlannedStage, reason: Pick<Deny, 'code' | 'message'>): Promise<void> {
    if (this.#restarted) return this.#draft.deny(reason.code, reason.message);
    this.#restarted = true;
    this.#draft.say([{ level: 'ERROR', text: reason.message }]);
    if (place.invalidResponseAction === 'RESTART') {
      const token = this.#draft.execution.context.get(flowTokenKey);
      this.#draft.change({ context: Context.empty.with(token ? [flowTokenKey.to(token)] : []) });
    }
    await this.begin();
  }

  #noteRemoval(removed: RemovedStage): void {
    const kind = this.parts.stageKinds.get(removed.binding.stage.kind);
    if (kind?.opensSession === true) this.#draft.blockLogin(removed.messages);
  }

  async #evaluate(target: FlowDefinition | StageBindingDefinition): Promise<PolicyDecision> {
    const { policyBindings, policyEngineMode } = target;
    if (!policyBindings.some((binding) => binding.enabled)) {
      return { passing: true, broken: false, messages: [], errors: [], recorded: [] };
    }
    const { context, trail } = this.#draft.execution;
    const flow = this.#knownFlow();
    const userId = this.#pendingUserId();
    const decision = await evaluateBindings(this.parts.policies, policyBindings, policyEngineMode, {
      flow,
      user: userId === null ? null : ((await this.#people.byId(userId)) ?? null),
      client: this.visit.client,
      context: context.open,
      proofs: proofsOf(trail, userId),
      signedIn: this.visit.viewer !== null,
    });
    this.#draft.record(decision, userId, flow.slug);
    return decision;
  }

  #run(stage: StageDefinition, context: Context = this.#draft.execution.context): StageRun {
    const { services, chance } = this.parts;
    const { client, viewer, now, catalogue } = this.visit;
    const userId = this.#pendingUserId(context);
    return {
      stage,
      flow: this.#knownFlow(),
      context,
      services: { ...services, definitions: catalogue },
      client,
      viewer,
      now,
      chance,
      proofs: proofsOf(this.#draft.execution.trail, userId),
      user: async () => (userId === null ? undefined : this.#people.byId(userId)),
      embed: (stageId) => this.#embed(stageId, context),
    };
  }

  #embed(stageId: string, context: Context): EmbeddedStage | undefined {
    const stage = this.visit.catalogue.stage(stageId);
    const kind = stage && this.parts.stageKinds.get(stage.kind);
    const answer = kind?.answer;
    if (!stage || !answer) return undefined;
    return {
      kind: kind.name,
      answer: (response, changes) => answer(this.#run(stage, context.with(changes)), response),
    };
  }

  /** The pending user where there is one, else whoever is signed in; null for nobody and for pretended people. */
  #pendingUserId(context: Context = this.#draft.execution.context): string | null {
    const pending = context.get(pendingUserKey);
    return pending ? pending.id : (this.visit.viewer?.user.id ?? null);
  }

  #flow(): FlowDefinition | undefined {
    return this.visit.catalogue.flow(this.#draft.execution.flowId);
  }

  #knownFlow(): FlowDefinition {
    const flow = this.#flow();
    if (!flow) throw new Error('the flow of this execution is gone');
    return flow;
  }
}
