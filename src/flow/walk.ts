import type { JsonObject } from '../kernel/json.js';
import { CurrentStages } from './current-stage.js';
import type { CurrentStage } from './current-stage.js';
import type { FlowDefinition } from './definition.js';
import { BAD_LINK, BROKEN_POLICY } from './denials.js';
import { Detours } from './detours.js';
import { Draft } from './draft.js';
import { entryDenial } from './entry.js';
import type { EntryDenial } from './entry.js';
import type { Execution } from './execution.js';
import type { AnswerFate, EngineParts, Stepped, Visit } from './engine.js';
import { expectOnlyLanding, isLanding } from './landing.js';
import { retryMessage } from './outcome.js';
import type { Deny, Enter, Pass, Precede, ResponseError, Stay } from './outcome.js';
import { PeopleOfThisSubmit } from './people.js';
import { planFlow } from './planner.js';
import { PolicyAsker } from './policy-asker.js';
import { Recorder } from './recorder.js';
import { bringAbout } from './session-opening.js';
import { StageRuns } from './stage-runs.js';

/**
 * One request's way through a flow: from where the execution stands to the next challenge or the end, gathering
 * effects on the way. What one answer has brought about, the next one of the same request finds.
 */
export class Walk {
  readonly #draft: Draft;
  readonly #recorder = new Recorder();
  readonly #policies: PolicyAsker;
  readonly #people: PeopleOfThisSubmit;
  readonly #runs: StageRuns;
  readonly #stages: CurrentStages;
  readonly #isLanding: boolean;
  /** A challenge of this request is seen by nobody before the request has ended. */
  #asked = false;
  #restarted = false;
  readonly #detours = new Detours();

  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    execution: Execution,
  ) {
    const draft = new Draft(execution, visit);
    const known = visit.viewer ? [visit.viewer.user] : [];
    const people = new PeopleOfThisSubmit(
      parts.services.users,
      parts.services.authenticators,
      draft.effects,
      known,
    );
    this.#draft = draft;
    this.#people = people;
    this.#policies = new PolicyAsker(parts, visit, draft, people, this.#recorder);
    this.#runs = new StageRuns(parts, visit, draft, people, this.#policies);
    this.#stages = new CurrentStages(parts, visit, draft, this.#policies, this.#recorder);
    this.#isLanding = isLanding(execution);
  }

  /** The kind of the stage that has asked, if one has. */
  get awaitedKind(): string | undefined {
    const { step } = this.#draft.execution;
    return step.type === 'challenge' ? step.kind : undefined;
  }

  result(): Stepped {
    this.#draft.consumeFlowToken();
    const issued = this.#draft.deliver();
    const { execution, effects } = this.#draft;
    if (this.#isLanding) expectOnlyLanding(execution, effects);
    const trace = this.#recorder.entries(execution.step, this.#flow(), effects);
    return { execution, effects, issued, trace };
  }

  /** Decides whether the flow applies, plans it, and goes on to its first challenge or its end. */
  async begin(): Promise<void> {
    if (await this.plan()) await this.#advance();
  }

  /** Decides whether the flow applies, and plans it; false where that has come to an end already. */
  async plan(): Promise<boolean> {
    const flow = await this.#admitted();
    if (!flow) return false;
    const plan = await planFlow(flow, (binding) => this.#policies.aboutStage('PLAN', flow, binding));
    if (plan.type === 'broken')
      return this.#turnAway(flow, { code: 'POLICY_DENIED', message: BROKEN_POLICY });
    const planned = plan.stages.map((place) => place.bindingId);
    this.#draft.change({ flowVersion: flow.currentVersion, plan: plan.stages, planned, trail: [] });
    this.#recorder.flow('PLANNED', flow);
    for (const removed of plan.removed) {
      const { id: bindingId, stage } = removed.binding;
      this.#recorder.stage('REMOVED', { flow, place: { bindingId }, stage });
      this.#stages.noteRemoval(removed);
    }
    if (planned.length > 0 || this.#draft.execution.loginBlocked !== null) return true;
    return this.#turnAway(flow, { code: 'EMPTY_FLOW', message: 'There is nothing to do here.' });
  }

  /** Goes on with a plan that had been put aside, where the flow still applies. */
  async resume(): Promise<void> {
    const flow = await this.#admitted();
    if (flow) await this.#goOn(flow);
  }

  /**
   * Puts whoever has opened a link in a mail before the one stage that sent it. Who may enter the flow is not asked: they
   * do not enter it.
   */
  async land(): Promise<void> {
    const flow = this.#flow();
    if (flow) await this.#goOn(flow);
    else this.#draft.denyUnconfigured('The flow has been deleted.');
  }

  entryDenial(flow: FlowDefinition): Promise<EntryDenial | null> {
    return entryDenial(this.#policies, this.visit, this.#draft.execution, flow);
  }

  /** Ends the execution because the secret that should have opened it is no good. */
  refuseLink(): void {
    this.#draft.deny(BAD_LINK.code, BAD_LINK.message);
  }

  /** Gives the answer to the current stage, unless a policy has taken that stage out, and goes on. */
  async answer(response: JsonObject): Promise<AnswerFate> {
    if (this.#asked) this.#draft.takeBackMessages();
    const current = await this.#stages.find({ presented: true });
    if (current === 'ended') return 'UNUSED';
    if (current === 'skipped') {
      await this.#advance();
      return 'UNUSED';
    }
    const { kind, place, flow, stage } = current;
    if (!kind.answer) throw new Error(`stage kind ${kind.name} takes no answers`);
    const outcome = await kind.answer(this.#runs.of(flow, place.bindingId, stage), response);
    switch (outcome.type) {
      case 'pass':
        await this.#pass(current, outcome);
        await this.#advance();
        return 'PASSED';
      case 'deny':
        await this.#refuse(current, outcome);
        return 'REFUSED';
      case 'precede':
        if (this.#precede(current, outcome) === 'passed') await this.#advance();
        return 'STAYED';
      case 'stay':
        this.#recorder.stage('STAYED', current);
        this.#take(outcome);
        await this.#presentAgain(current, []);
        return 'STAYED';
      case 'retry':
        this.#recorder.stage(
          'REFUSED',
          current,
          outcome.errors.map(({ code }) => code),
        );
        this.#draft.effects.push(...outcome.effects);
        this.#draft.change({ context: this.#draft.execution.context.with(outcome.changes) });
        if (place.invalidResponseAction === 'RETRY') await this.#presentAgain(current, outcome.errors);
        else await this.#restart(current, { code: 'STAGE_DENIED', message: retryMessage(outcome) });
        return 'REFUSED';
    }
  }

  async #goOn(flow: FlowDefinition): Promise<void> {
    this.#recorder.flow('RESUMED', flow);
    await this.#advance();
  }

  /** Walks from stage to stage until one asks or the flow ends, and from there on in the flow that waits for it. */
  async #advance(): Promise<void> {
    for (;;) {
      if (this.#draft.execution.plan.length === 0) {
        if (!this.#draft.finish()) return;
        this.#recorder.flow('RETURNED', this.#flow());
        continue;
      }
      const current = await this.#stages.find({ presented: false });
      if (current === 'ended') return;
      if (current !== 'skipped' && (await this.#present(current, [])) === 'stopped') return;
    }
  }

  /** A stage that needs no answer after a wrong one has changed its mind: it is passed like any other. */
  async #presentAgain(current: CurrentStage, errors: readonly ResponseError[]): Promise<void> {
    if ((await this.#present(current, errors)) === 'passed') await this.#advance();
  }

  async #present(current: CurrentStage, errors: readonly ResponseError[]): Promise<'passed' | 'stopped'> {
    const outcome = await current.kind.present(
      this.#runs.of(current.flow, current.place.bindingId, current.stage),
    );
    switch (outcome.type) {
      case 'pass':
        await this.#pass(current, outcome);
        return 'passed';
      case 'enter':
        await this.#enter(current, outcome);
        return 'stopped';
      case 'precede':
        return this.#precede(current, outcome);
      case 'deny':
        await this.#refuse(current, outcome);
        return 'stopped';
      case 'ask':
        this.#recorder.stage('ASKED', current);
        this.#asked = true;
        this.#take(outcome);
        this.#draft.ask(this.parts.chance.id(), current, outcome.challenge, errors);
        return 'stopped';
    }
  }

  async #pass(current: CurrentStage, outcome: Pass): Promise<void> {
    const { proofs, effects, messages } = outcome;
    this.#recorder.stage('PASSED', current);
    this.#draft.change({ context: this.#draft.execution.context.with(outcome.changes) });
    this.#draft.leave(current.place, 'passed', proofs);
    await bringAbout(this.#draft, current, effects, this.#people, this.visit.now);
    this.#draft.say(messages);
  }

  /** Notes what a stage has done that goes on asking. */
  #take({ changes, effects, messages }: Pick<Stay, 'changes' | 'effects' | 'messages'>): void {
    this.#draft.change({ context: this.#draft.execution.context.with(changes) });
    this.#draft.effects.push(...effects);
    this.#draft.say(messages);
  }

  /** Puts stages before the current one. */
  #precede(current: CurrentStage, { stages, changes, effects }: Precede): 'passed' | 'stopped' {
    this.#recorder.stage('PRECEDED', current);
    if (!this.#detours.mayInsert(stages.length)) {
      this.#draft.denyUnconfigured('A stage of this flow asks for others without end.');
      return 'stopped';
    }
    this.#take({ changes, effects, messages: [] });
    this.#draft.insert(stages, () => this.parts.chance.id());
    return 'passed';
  }

  /** Goes on with another flow. */
  async #enter({ flow: from, stage }: CurrentStage, how: Enter): Promise<void> {
    const flow = this.visit.catalogue.flow(how.flowId);
    if (!flow) return this.#draft.denyUnconfigured(`The flow that ${stage.name} leads to has been removed.`);
    if (!this.#detours.mayEnter(this.#draft.execution.outer.length)) {
      return this.#draft.denyUnconfigured('This flow leads to itself without end.');
    }
    this.#draft.change({ context: this.#draft.execution.context.with(how.changes) });
    this.#draft.enter(flow, from, how);
    this.#recorder.flow('ENTERED', flow);
    await this.begin();
  }

  async #refuse(current: CurrentStage, denial: Deny): Promise<void> {
    this.#recorder.stage('DENIED', current, [denial.code]);
    this.#draft.effects.push(...denial.effects);
    if (current.place.invalidResponseAction === 'RETRY') this.#draft.deny(denial.code, denial.message);
    else await this.#restart(current, denial);
  }

  /** Plans the flow anew. Once in a request is enough: a stage that refuses again then means it. */
  async #restart({ place, flow }: CurrentStage, reason: EntryDenial): Promise<void> {
    if (this.#restarted) return this.#draft.deny(reason.code, reason.message);
    this.#restarted = true;
    this.#recorder.flow('RESTARTED', flow);
    this.#draft.say([{ level: 'ERROR', text: reason.message }]);
    this.#draft.restart(place.invalidResponseAction === 'RESTART_WITH_CONTEXT');
    await this.begin();
  }

  /** The flow, where it lets the visitor in; a signed-in person who is to sign in simply goes on. */
  async #admitted(): Promise<FlowDefinition | undefined> {
    const flow = this.#flow();
    if (!flow) {
      this.#draft.denyUnconfigured('The flow has been deleted.');
      return undefined;
    }
    const denial = await this.entryDenial(flow);
    if (!denial) return flow;
    await this.#turnAway(flow, denial);
    return undefined;
  }

  async #turnAway(flow: FlowDefinition, { code, message }: EntryDenial): Promise<false> {
    if (flow.designation === 'AUTHENTICATION' && this.visit.viewer) {
      this.#draft.change({ plan: [], loginBlocked: null });
      await this.#advance();
    } else {
      this.#draft.denyEntry(flow, code, message);
    }
    return false;
  }

  #flow(): FlowDefinition | undefined {
    return this.visit.catalogue.flow(this.#draft.execution.flowId);
  }
}
