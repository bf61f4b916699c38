import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { StageBindingDefinition } from '../../flow/definition.js';
import { asksItsPolicies, stageBindingFields } from '../../flow/definition-rules.js';
import { Needs } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { edit, found } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import type { ManagementTypes } from '../types/management.js';

/** The places of stages in flows, for administrators. */
export function stageBindingManagement({ FlowStageBinding }: ManagementTypes): ClassType {
  const Place = inputType(
    'StageBindingPlace',
    'Where a stage stands in a flow, and how it behaves there.',
    stageBindingFields,
  );

  @InputType({ description: 'Which stage to bind to which flow, and where.' })
  class BindStageInput extends Place {
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
    @Needs('STAGE_BINDING_ADD')
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
      @Ctx() context: RequestContext,
    ): Promise<StageBindingDefinition> {
      const before = found('stage binding', (await context.catalogue()).stageBinding(id));
      const changes = checkedChanges(stageBindingFields, input);
      refuseSilence({ ...before, ...changes });
      const { catalogue } = await edit(context, (editor) => editor.updateStageBinding(id, changes));
      return found('stage binding', catalogue.stageBinding(id));
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

function refuseSilence(binding: { evaluateOnPlan: boolean; reEvaluatePolicies: boolean }): void {
  if (asksItsPolicies(binding)) return;
  const message = 'Policies must be asked when the flow is planned, when the stage is run, or both.';
  throw Refusal.badInput([{ path: 'input.reEvaluatePolicies', code: 'NEVER_EVALUATED', message }]);
}
