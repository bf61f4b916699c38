import { cleansed } from '../kernel/cleansed.js';
import type { Json } from '../kernel/json.js';
import { storableText } from '../kernel/text.js';
import { computed } from './computing.js';
import type { ComputedPlace } from './compute.js';
import type { ContextChange } from './context.js';
import { promptPasswordsKey } from './context-keys.js';
import type {
  FlowDefinition,
  PolicyBindingDefinition,
  StageBindingDefinition,
  StageDefinition,
} from './definition.js';
import type { RecordEvent } from './effect.js';
import { isRecent } from './ownership.js';
import { policyInput } from './policy-input.js';
import type { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import type { PeopleOfThisSubmit } from './people.js';
import { evaluateBindings } from './policy-engine.js';
import type { PolicyDecision, PolicyEvaluation, PolicyQuestion } from './policy-engine.js';
import type { PolicyInput } from './policy-kind.js';
import { policyView } from './policy-view.js';
import type { Recorder } from './recorder.js';
import type { PolicyMoment } from './trace.js';

const NOTHING_ASKED: PolicyDecision = {
  passing: true,
  broken: false,
  messages: [],
  evaluations: [],
  changes: [],
};
const VALIDATION_TIMEOUT_SECONDS = 30;

/** A stage where it stands in a flow. */
interface StagePlace {
  readonly bindingId: string;
  readonly stage: StageDefinition;
}

/** What is to be worked out, by what, and how that is read. */
interface Computation<T> {
  readonly place: ComputedPlace;
  readonly expression: string;
  readonly read: (value: Json) => T | undefined;
}

/** What is asked when. */
interface Asking {
  readonly moment: PolicyMoment;
  readonly flow: FlowDefinition;
  /** The stage whose place is guarded, or whose answer is judged. */
  readonly stage: StageDefinition | undefined;
  readonly question: Pick<PolicyQuestion, 'bindings' | 'mode' | 'passesWhenExpired'>;
  /** What is known besides what the execution knows. */
  readonly changes: readonly ContextChange[];
}

/** Asks policies about an execution as it stands, and notes what they say. */
export class PolicyAsker {
  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    private readonly draft: Draft,
    private readonly people: PeopleOfThisSubmit,
    private readonly recorder: Recorder,
  ) {}

  /** Whether somebody may use the flow. Where that has been granted for a time that is over, nobody may. */
  aboutFlow(flow: FlowDefinition): Promise<PolicyDecision> {
    const { policyBindings: bindings, policyEngineMode: mode } = flow;
    const question = { bindings, mode, passesWhenExpired: false };
    return this.#ask({ moment: 'ENTRY', flow, stage: undefined, question, changes: [] });
  }

  /**
   * Whether a stage is to be part of the plan, or, once its turn has come, whether it applies. Where it has been left
   * out for a time that is over, it applies.
   */
  async aboutStage(
    moment: 'PLAN' | 'RUN',
    flow: FlowDefinition,
    binding: StageBindingDefinition,
  ): Promise<PolicyDecision> {
    const { policyBindings: bindings, policyEngineMode: mode } = binding;
    const question = { bindings, mode, passesWhenExpired: true };
    const decision = await this.#ask({ moment, flow, stage: binding.stage, question, changes: [] });
    this.draft.change({ context: this.draft.execution.context.with(decision.changes) });
    return decision;
  }

  /** Whether an answer to a stage is good enough, with what it would change; every policy must say so. */
  aboutAnswer(
    flow: FlowDefinition,
    place: StagePlace,
    policyIds: readonly string[],
    changes: readonly ContextChange[],
  ): Promise<PolicyDecision> {
    const bindings = policyIds.map((id) => this.#validation(id, place));
    const question = { bindings, mode: 'ALL' as const, passesWhenExpired: false };
    return this.#ask({ moment: 'ANSWER', flow, stage: place.stage, question, changes });
  }

  /** Works out an expression of a stage, which sees what policies see; undefined where it has failed, and that is recorded. */
  async compute<T>(
    flow: FlowDefinition,
    stage: StageDefinition,
    { place, expression, read }: Computation<T>,
  ): Promise<T | undefined> {
    const input = await this.#input(flow, 'ANSWER', []);
    try {
      return read(await computed(this.parts.policies.services.expressions, expression, input));
    } catch (error) {
      const reason = storableText(error instanceof Error ? error.message : 'the expression failed');
      this.draft.effects.push({
        type: 'recordEvent',
        action: 'EXPRESSION_ERROR',
        userId: input.user?.id ?? null,
        details: cleansed({ ...place, stage: stage.name, flow: flow.slug, reason }),
      });
      return undefined;
    }
  }

  async #ask({ moment, flow, stage, question, changes }: Asking): Promise<PolicyDecision> {
    if (!question.bindings.some(({ enabled }) => enabled)) return NOTHING_ASKED;
    const input = await this.#input(flow, moment, changes);
    const { catalogue } = this.visit;
    const decision = await evaluateBindings(this.parts.policies, {
      ...question,
      input,
      policyByName: (name) => catalogue.policyByName(name),
    });
    this.recorder.policies(moment, flow, stage, input, decision);
    for (const evaluation of decision.evaluations) this.#recordEvents(evaluation, input);
    return decision;
  }

  async #input(
    flow: FlowDefinition,
    moment: PolicyMoment,
    changes: readonly ContextChange[],
  ): Promise<PolicyInput> {
    const { execution } = this.draft;
    const context = execution.context.with(changes);
    const userId = this.draft.userId(context);
    const { client, now, viewer, catalogue } = this.visit;
    return policyInput(
      { client, now, viewer: viewer?.user ?? null },
      {
        flow,
        user: (await this.people.about(userId, context)) ?? null,
        signedInRecently: viewer !== null && isRecent(viewer.createdAt, now, catalogue.installation),
        context,
        newPasswords: context.get(promptPasswordsKey) ?? {},
        proofs: this.draft.proofsOf(userId),
        redirectedFrom: execution.origin.redirectedFrom,
        // What is asked who may use a flow, and what judges an answer, changes nothing by that.
        mayWrite: moment === 'PLAN' || moment === 'RUN',
      },
    );
  }

  /** One that is gone is asked all the same, and has no verdict: leaving it out would let the answer pass. */
  #validation(policyId: string, { bindingId }: StagePlace): PolicyBindingDefinition {
    const policy = this.visit.catalogue.policy(policyId) ?? {
      id: policyId,
      version: 0,
      name: policyId,
      kind: 'deleted',
      config: {},
      executionLogging: false,
      calls: [],
    };
    return {
      id: bindingId,
      version: 0,
      target: { type: 'stageBinding', stageBindingId: bindingId },
      subject: { type: 'policy', policy },
      order: 0,
      enabled: true,
      negate: false,
      timeoutSeconds: VALIDATION_TIMEOUT_SECONDS,
      failureResult: false,
      expiresAt: null,
    };
  }

  /** Audits errors always, verdicts where the policy wants it, and whatever policies want to have recorded. */
  #recordEvents(evaluation: PolicyEvaluation, input: PolicyInput): void {
    const { bindingId, policy, error, events } = evaluation;
    const userId = input.user?.id ?? null;
    const flow = input.flow.slug;
    const record = (action: RecordEvent['action'], details: object): void => {
      this.draft.effects.push({
        type: 'recordEvent',
        action,
        userId,
        details: cleansed({ ...details, flow }),
      });
    };
    if (error !== null) record('POLICY_ERROR', { bindingId, policy, reason: error });
    for (const called of [...evaluation.calls, evaluation]) {
      if (!called.recorded || called.error !== null) continue;
      const { policy: name, passing, messages } = called;
      record('POLICY_EVALUATED', { bindingId, policy: name, passing, messages, input: policyView(input) });
    }
    for (const { name, details } of events) record(`CUSTOM:${name}`, { ...details, policy });
  }
}
