import type { FlowDefinition, StageBindingDefinition } from './definition.js';
import type { PlannedStage } from './execution.js';
import type { PolicyDecision } from './policy-engine.js';

export type Plan =
  | {
      readonly type: 'planned';
      readonly stages: readonly PlannedStage[];
      /** Bindings that a policy took out. */
      readonly removed: readonly RemovedStage[];
    }
  /** A policy that guards a stage failed, so that nobody knows whether the stage may be left out. */
  | { readonly type: 'broken' };

export interface RemovedStage {
  readonly binding: StageBindingDefinition;
  readonly messages: readonly string[];
}

/**
 * The stages of a flow that apply, in order. Policies are asked where the binding says that they decide when
 * the flow is planned.
 */
export async function planFlow(
  flow: FlowDefinition,
  evaluate: (binding: StageBindingDefinition) => Promise<PolicyDecision>,
): Promise<Plan> {
  const stages: PlannedStage[] = [];
  const removed: RemovedStage[] = [];
  for (const binding of flow.stageBindings) {
    if (binding.evaluateOnPlan) {
      const decision = await evaluate(binding);
      if (!decision.passing) {
        if (decision.broken) return { type: 'broken' };
        removed.push({ binding, messages: decision.messages });
        continue;
      }
    }
    stages.push({
      bindingId: binding.id,
      stageId: binding.stage.id,
      reEvaluatePolicies: binding.reEvaluatePolicies,
      invalidResponseAction: binding.invalidResponseAction,
      builtIn: null,
    });
  }
  return { type: 'planned', stages, removed };
}
