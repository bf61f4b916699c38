import type { FlowDefinition, StageDefinition } from './definition.js';
import { BROKEN_POLICY } from './denials.js';
import type { Draft } from './draft.js';
import type { EngineParts, Visit } from './engine.js';
import type { PlannedStage } from './execution.js';
import type { RemovedStage } from './planner.js';
import type { PolicyAsker } from './policy-asker.js';
import type { Recorder } from './recorder.js';
import type { StageKind } from './stage-kind.js';

/** A stage whose turn it is, with everything around it. */
export interface CurrentStage {
  readonly place: PlannedStage;
  readonly flow: FlowDefinition;
  readonly stage: StageDefinition;
  readonly kind: StageKind;
}

/** A stage of the engine's own has no versions: nobody changes it. */
function stageOf(place: PlannedStage, catalogue: Visit['catalogue']): StageDefinition | undefined {
  return place.builtIn ? { ...place.builtIn, version: 0 } : catalogue.stage(place.stageId);
}

/** Finds the stage whose turn it is, once its policies have been asked. */
export class CurrentStages {
  constructor(
    private readonly parts: EngineParts,
    private readonly visit: Visit,
    private readonly draft: Draft,
    private readonly policies: PolicyAsker,
    private readonly recorder: Recorder,
  ) {}

  /** The first of the plan, unless they take it out or end the flow. What they say to it has been said where it was presented. */
  async find({ presented }: { readonly presented: boolean }): Promise<CurrentStage | 'skipped' | 'ended'> {
    const { draft, visit } = this;
    const place = draft.execution.plan[0];
    if (!place) throw new Error('the plan has no current stage');
    const flow = visit.catalogue.flow(draft.execution.flowId);
    const stage = stageOf(place, visit.catalogue);
    const kind = stage && this.parts.stageKinds.get(stage.kind);
    if (!flow || !kind) {
      draft.denyUnconfigured('Part of this flow has been removed.');
      return 'ended';
    }
    const current = { place, flow, stage, kind };
    const binding = visit.catalogue.stageBinding(place.bindingId);
    if (!place.reEvaluatePolicies || !binding) return current;
    const decision = await this.policies.aboutStage('RUN', flow, binding);
    if (!presented || !decision.passing) {
      draft.say(decision.messages.map((text) => ({ level: 'INFO', text })));
    }
    if (decision.passing) return current;
    if (decision.broken) {
      draft.deny('POLICY_DENIED', decision.messages.join('\n') || BROKEN_POLICY);
      return 'ended';
    }
    this.recorder.stage('SKIPPED', current);
    this.noteRemoval({ binding, messages: decision.messages });
    draft.leave(place, 'skipped', []);
    return 'skipped';
  }

  /** Without the stage that would have signed the person in, nobody is. */
  noteRemoval({ binding, messages }: RemovedStage): void {
    if (this.parts.stageKinds.get(binding.stage.kind)?.opensSession === true) this.draft.blockLogin(messages);
  }
}
