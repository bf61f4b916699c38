import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { FlowDefinition, StageBindingDefinition } from '../../flow/definition.js';
import { asksItsPolicies, stageBindingFields } from '../../flow/definition-rules.js';
import { Needs } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, edit, found, versionBefore } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import { StageBindingPlace } from '../types/stage-binding-place.js';
import type { ManagementTypes } from '../types/management.js';

const IF_FLOW_VERSION = {
  nullable: true,
  description:
    'Refuse as CONFLICT where the flow has another version than this by now. Default: any will do.',
};

/** The places of stages in flows, for administrators. */
export function stageBindingManagement({ Flow, FlowStageBinding }: ManagementTypes): ClassType {
  @InputType({ description: 'Which stage to bind to which flow, and where.' })
  class BindStageInput extends StageBindingPlace {
    @Field(() => ID, { description: 'The flow.' })
    flowId!: string;

    @Field(() => ID, { description: 'The stage.' })
    stageId!: string;
  }

  const UpdateStageBindingInput = inputType(
    'UpdateStageBindingInput',
    'What to change; the rest is left alone.',
    stageBindingFields,
    { partial: true },
  );

  @Resolver()
  class StageBindingManagement {
    @Needs('STAGE_BINDING_VIEW')
    @Query(() => FlowStageBinding, { nullable: true, description: "A stage's place in a flow, by id." })
    async stageBinding(
      @Arg('id', () => ID, { description: 'Its id.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<StageBindingDefinition | null> {
      return (await context.catalogue()).stageBinding(id) ?? null;
    }

    @Needs('STAGE_BINDING_ADD', 'FLOW_VIEW', 'STAGE_VIEW')
    @Mutation(() => FlowStageBinding, { description: 'Bind an existing stage.' })
    async bindStage(
      @Arg('input', () => BindStageInput, { description: 'What, where and how.' }) input: BindStageInput,
      @Ctx() context: RequestContext,
    ): Promise<StageBindingDefinition> {
      const { flowId, stageId, ...place } = plain(input);
      const before = await context.catalogue();
      const flow = found('flow', before.flow(String(flowId)));
      const stage = found('stage', before.stage(String(stageId)));
      const fields = checked(stageBindingFields, place);
      refuseSilence(fields);
      const { result: id, catalogue } = await edit(context, (editor) =>
        editor.bindStage(flow.id, stage.id, fields),
      );
      return found('stage binding', catalogue.stageBinding(id));
    }

    @Needs('STAGE_BINDING_CHANGE')
    @Mutation(() => FlowStageBinding, { description: "Change a stage's place, or how it behaves there." })
    async updateStageBinding(
      @Arg('id', () => ID, { description: 'Which binding.' }) id: string,
      @Arg('input', () => UpdateStageBindingInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<StageBindingDefinition> {
      const before = found('stage binding', (await context.catalogue()).stageBinding(id));
      const changes = checkedChanges(stageBindingFields, input);
      refuseSilence({ ...before, ...changes });
      // Two changes at once must not switch off one moment each.
      const decidesWhenToAsk = 'evaluateOnPlan' in changes || 'reEvaluatePolicies' in changes;
      const expected = decidesWhenToAsk ? versionBefore('stage binding', before, ifVersion) : ifVersion;
      const { catalogue } = await edit(context, (editor) => editor.updateStageBinding(id, changes, expected));
      return found('stage binding', catalogue.stageBinding(id));
    }

    @Needs('STAGE_BINDING_CHANGE', 'FLOW_VIEW')
    @Mutation(() => Flow, {
      description:
        'Put the stages of a flow into another order: all of its bindings, each once. They are numbered anew, in tens.',
    })
    async reorderStageBindings(
      @Arg('flowId', () => ID, { description: 'Which flow.' }) flowId: string,
      @Arg('bindingIds', () => [ID], {
        description: 'Its stage bindings, in the order in which they are to come.',
      })
      bindingIds: string[],
      @Arg('ifVersion', () => Int, IF_FLOW_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition> {
      found('flow', (await context.catalogue()).flow(flowId));
      const { catalogue } = await edit(context, (editor) =>
        editor.reorderStageBindings(flowId, bindingIds, ifVersion),
      );
      return found('flow', catalogue.flow(flowId));
    }

    @Needs('STAGE_BINDING_DELETE')
    @Mutation(() => ID, { description: 'Take a stage out of a flow. The stage itself stays.' })
    async unbindStage(
      @Arg('id', () => ID, { description: 'Which binding.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found('stage binding', (await context.catalogue()).stageBinding(id));
      await edit(context, (editor) => editor.unbindStage(id));
      return id;
    }
  }
  return StageBindingManagement;
}

/** Refuses a binding whose policies would never be asked. */
export function refuseSilence(binding: { evaluateOnPlan: boolean; reEvaluatePolicies: boolean }): void {
  if (asksItsPolicies(binding)) return;
  const message = 'Policies must be asked when the flow is planned, when the stage is run, or both.';
  throw Refusal.badInput([{ path: 'input.reEvaluatePolicies', code: 'NEVER_EVALUATED', message }]);
}
