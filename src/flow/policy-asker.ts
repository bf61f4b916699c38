import type { FlowDefinition, StageBindingDefinition } from './definition.js';
import type { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import type { PeopleOfThisSubmit } from './people.js';
import { evaluateBindings } from './policy-engine.js';
import type { PolicyDecision } from './policy-engine.js';
import type { Recorder } from './recorder.js';
import type { PolicyMoment } from './trace.js';

/** Asks policies about an execution as it stands, and notes what they say. */
export class PolicyAsker {
  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    private readonly draft: Draft,
    private readonly people: PeopleOfThisSubmit,
    private readonly recorder: Recorder,
  ) {}

  /** Whether somebody may use the flow. */
  aboutFlow(flow: FlowDefinition): Promise<PolicyDecision> {
    return this.#ask('ENTRY', flow, flow, undefined);
  }

  /** Whether a stage is to be part of the plan, or, once its turn has come, whether it applies. */
  aboutStage(
    moment: Exclude<PolicyMoment, 'ENTRY'>,
    flow: FlowDefinition,
    binding: StageBindingDefinition,
  ): Promise<PolicyDecision> {
    return this.#ask(moment, flow, binding, binding);
  }

  async #ask(
    moment: PolicyMoment,
    flow: FlowDefinition,
    { policyBindings, policyEngineMode }: FlowDefinition | StageBindingDefinition,
    binding: StageBindingDefinition | undefined,
  ): Promise<PolicyDecision> {
    if (!policyBindings.some(({ enabled }) => enabled)) {
      return { passing: true, broken: false, messages: [], evaluations: [] };
    }
    const { context, origin } = this.draft.execution;
    const userId = this.draft.userId();
    const input = {
      flow,
      user: userId === null ? null : ((await this.people.byId(userId)) ?? null),
      client: this.visit.client,
      context: context.open,
      proofs: this.draft.proofsOf(userId),
      signedIn: this.visit.viewer !== null,
      redirectedFrom: origin.redirectedFrom,
    };
    const decision = await evaluateBindings(this.parts.policies, policyBindings, policyEngineMode, input);
    this.recorder.policies(moment, flow, binding, input, decision);
    this.#recordEvents(decision, userId, flow.slug);
    return decision;
  }

  /** Audits errors always, and verdicts where the policy wants it. */
  #recordEvents({ evaluations }: PolicyDecision, userId: string | null, flow: string): void {
    for (const { bindingId, policy, error, recorded, passing } of evaluations) {
      if (error !== null) {
        const details = { bindingId, policy, reason: error, flow };
        this.draft.effects.push({ type: 'recordEvent', action: 'POLICY_ERROR', userId, details });
      } else if (recorded) {
        const details = { bindingId, policy, passing, flow };
        this.draft.effects.push({ type: 'recordEvent', action: 'POLICY_EVALUATED', userId, details });
      }
    }
  }
}
