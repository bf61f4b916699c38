import type { Context } from './context.js';
import type { FlowDefinition, StageDefinition } from './definition.js';
import type { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import type { PeopleOfThisSubmit } from './people.js';
import type { EmbeddedStage, StageRun } from './stage-kind.js';

/** Makes what stages get to see of an execution as it stands. */
export class StageRuns {
  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    private readonly draft: Draft,
    private readonly people: PeopleOfThisSubmit,
  ) {}

  of(
    flow: FlowDefinition,
    stage: StageDefinition,
    context: Context = this.draft.execution.context,
  ): StageRun {
    const { services, chance } = this.parts;
    const { client, viewer, now, catalogue } = this.visit;
    const userId = this.draft.userId(context);
    return {
      stage,
      flow,
      context,
      services: { ...services, definitions: catalogue },
      client,
      viewer,
      now,
      chance,
      proofs: this.draft.proofsOf(userId),
      user: async () => (userId === null ? undefined : this.people.byId(userId)),
      embed: (stageId) => this.#embedded(flow, stageId, context),
    };
  }

  #embedded(flow: FlowDefinition, stageId: string, context: Context): EmbeddedStage | undefined {
    const stage = this.visit.catalogue.stage(stageId);
    const kind = stage && this.parts.stageKinds.get(stage.kind);
    const answer = kind?.answer;
    if (!stage || !answer) return undefined;
    return {
      kind: kind.name,
      answer: (response, changes) => answer(this.of(flow, stage, context.with(changes)), response),
    };
  }
}
