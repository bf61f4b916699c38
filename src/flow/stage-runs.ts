import type { Context } from './context.js';
import type { FlowDefinition, StageDefinition } from './definition.js';
import type { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import type { PeopleOfThisSubmit } from './people.js';
import type { PolicyAsker } from './policy-asker.js';
import type { PolicyDecision } from './policy-engine.js';
import { passwordsRemembered } from './passwords-remembered.js';
import type { EmbeddedStage, Judgement, StageRun } from './stage-kind.js';

/** Makes what stages get to see of an execution as it stands. */
export class StageRuns {
  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    private readonly draft: Draft,
    private readonly people: PeopleOfThisSubmit,
    private readonly policies: PolicyAsker,
  ) {}

  of(
    flow: FlowDefinition,
    bindingId: string,
    stage: StageDefinition,
    context: Context = this.draft.execution.context,
  ): StageRun {
    const { services, chance } = this.parts;
    const { client, viewer, now, catalogue } = this.visit;
    const userId = this.draft.userId(context);
    return {
      stage,
      flow,
      bindingId,
      context,
      services: { ...services, definitions: catalogue },
      client,
      viewer,
      now,
      chance,
      proofs: this.draft.proofsOf(userId),
      passwordsRemembered: () => passwordsRemembered(this.parts.policies.kinds, catalogue.policies),
      user: () => this.people.about(userId, context),
      authenticators: () => this.people.authenticatorsOf(userId),
      judge: async (policyIds, changes) =>
        judgement(await this.policies.aboutAnswer(flow, { bindingId, stage }, policyIds, changes)),
      compute: (place, expression, read) => this.policies.compute(flow, stage, { place, expression, read }),
      embed: (stageId) => this.#embedded(flow, bindingId, stageId, context),
    };
  }

  #embedded(
    flow: FlowDefinition,
    bindingId: string,
    stageId: string,
    context: Context,
  ): EmbeddedStage | undefined {
    const stage = this.visit.catalogue.stage(stageId);
    const kind = stage && this.parts.stageKinds.get(stage.kind);
    const answer = kind?.answer;
    if (!stage || !answer) return undefined;
    return {
      kind: kind.name,
      present: () => kind.present(this.of(flow, bindingId, stage, context)),
      answer: (response, changes) => answer(this.of(flow, bindingId, stage, context.with(changes)), response),
    };
  }
}

function judgement({ passing, broken, evaluations }: PolicyDecision): Judgement {
  const heard = evaluations.filter((evaluation) => passing || !evaluation.passing);
  return {
    passing,
    broken,
    messages: heard.flatMap(({ messages, field }) => messages.map((text) => ({ text, field }))),
    judgedPasswords: evaluations.flatMap(({ passing: passed, judgesPassword, field }) =>
      passed && judgesPassword && field !== null ? [field] : [],
    ),
  };
}
