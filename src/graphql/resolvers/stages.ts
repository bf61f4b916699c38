import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { StageBindingDefinition, StageDefinition } from '../../flow/definition.js';
import { stageBindingFields, stageName } from '../../flow/definition-rules.js';
import type { StageFields } from '../../flow/definition-store.js';
import { checkStageConfig, targetsIn } from '../../stages/configuration.js';
import { isThere } from '../../stages/referable.js';
import type { StageKindDefinition } from '../../stages/define.js';
import type { ReferenceTarget } from '../../stages/reference.js';
import { secretsToldOthers } from '../../stages/secret.js';
import type { Permission } from '../../identity/permissions.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, byName, connectionType, pageOf } from '../connection.js';
import type { Connection } from '../connection.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { IF_VERSION, deletingUnused, edit, found, versionBefore } from '../edit.js';
import { checked, plain, refusedAt } from '../input.js';
import { filtered, readConfigInput } from '../kind-input.js';
import { nameOrder } from '../name-order.js';
import { StageBindingPlace } from '../types/stage-binding-place.js';
import { refuseSilence } from './stage-bindings.js';
import type { ConfigTypes } from '../types/config.js';
import type { ManagementTypes } from '../types/management.js';

/** Stages, for administrators. */
export function stageManagement(
  { Stage, FlowStageBinding }: ManagementTypes,
  configs: ConfigTypes,
  kinds: readonly StageKindDefinition[],
): ClassType {
  const StageConnection = connectionType('Stage', () => Stage);
  const StageOrder = nameOrder('StageOrder');

  @InputType({ description: 'Which stages to list; all conditions hold.' })
  class StageFilter {
    @Field(() => configs.kindEnum, { nullable: true, description: 'Of this kind.' })
    kind?: string | null;

    @Field(() => String, { nullable: true, description: 'With this in the name, whatever the case.' })
    search?: string | null;
  }

  @InputType({ description: 'A new stage.' })
  class CreateStageInput {
    @Field(() => String, { description: 'What administrators call it; unique.' })
    name!: string;

    @Field(() => configs.input, { description: 'Its kind, and what to decide about it.' })
    config!: object;
  }

  @InputType({ description: 'What to change; the rest is left alone.' })
  class UpdateStageInput {
    @Field(() => String, { nullable: true, description: 'What administrators call it; unique.' })
    name?: string | null;

    @Field(() => configs.input, { nullable: true, description: 'Of the same kind as before.' })
    config?: object | null;
  }

  @InputType({ description: 'A new stage, and its place in a flow.' })
  class CreateAndBindStageInput extends StageBindingPlace {
    @Field(() => String, { description: 'What administrators call it; unique.' })
    name!: string;

    @Field(() => configs.input, { description: 'Its kind, and what to decide about it.' })
    config!: object;

    @Field(() => ID, { description: 'The flow to bind it to.' })
    flowId!: string;
  }

  @Resolver()
  class StageManagement {
    @Needs('STAGE_VIEW')
    @Query(() => Stage, { nullable: true, description: 'A stage by id or by name.' })
    async stage(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('name', () => String, { nullable: true, description: 'Its name.' }) name: string | null,
      @Ctx() context: RequestContext,
    ): Promise<StageDefinition | null> {
      const catalogue = await context.catalogue();
      if (id != null) return catalogue.stage(id) ?? null;
      return catalogue.stages.find((stage) => stage.name === name) ?? null;
    }

    @Needs('STAGE_VIEW')
    @Query(() => StageConnection, { description: 'A page of stages.' })
    async stages(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => StageFilter, { nullable: true, description: 'Which ones.' })
      filter: StageFilter | null,
      @Arg('orderBy', () => StageOrder, { nullable: true, description: 'In what order. Default: NAME_ASC.' })
      orderBy: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Connection<StageDefinition>> {
      const wanted = filtered((await context.catalogue()).stages, filter);
      return pageOf(wanted, { first, after }, byName, orderBy === 'NAME_DESC');
    }

    @Needs('STAGE_ADD')
    @Mutation(() => Stage, { description: 'Make a stage, to be bound to flows.' })
    async createStage(
      @Arg('input', () => CreateStageInput, { description: 'The stage.' }) input: CreateStageInput,
      @Ctx() context: RequestContext,
    ): Promise<StageDefinition> {
      const fields = await newStage(input, context);
      const { result: id, catalogue } = await edit(context, (editor) => editor.createStage(fields));
      return found('stage', catalogue.stage(id));
    }

    @Needs('STAGE_ADD', 'STAGE_BINDING_ADD', 'FLOW_VIEW')
    @Mutation(() => FlowStageBinding, { description: 'Create a stage and bind it, in one step.' })
    async createAndBindStage(
      @Arg('input', () => CreateAndBindStageInput, { description: 'The stage and its place.' })
      input: CreateAndBindStageInput,
      @Ctx() context: RequestContext,
    ): Promise<StageBindingDefinition> {
      const { name: _name, config: _config, flowId, ...place } = plain(input);
      const flow = found('flow', (await context.catalogue()).flow(String(flowId)));
      const binding = checked(stageBindingFields, place);
      refuseSilence(binding);
      const fields = await newStage(input, context);
      const { result: id, catalogue } = await edit(context, async (editor) =>
        editor.bindStage(flow.id, await editor.createStage(fields), binding),
      );
      return found('stage binding', catalogue.stageBinding(id));
    }

    @Needs('STAGE_CHANGE')
    @Mutation(() => Stage, { description: 'Change a stage, wherever it is bound.' })
    async updateStage(
      @Arg('id', () => ID, { description: 'Which stage.' }) id: string,
      @Arg('input', () => UpdateStageInput, { description: 'What to change.' }) input: UpdateStageInput,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<StageDefinition> {
      const stage = found('stage', (await context.catalogue()).stage(id));
      const { name, config } = plain(input);
      const changes: Partial<StageFields> = {
        ...(name !== undefined && { name: checked(stageName, name, 'input.name') }),
        ...(config !== undefined && (await configured(input.config ?? {}, context, stage))),
      };
      const expected = config === undefined ? ifVersion : versionBefore('stage', stage, ifVersion);
      const { catalogue } = await edit(context, (editor) => editor.updateStage(id, changes, expected));
      return found('stage', catalogue.stage(id));
    }

    @Needs('STAGE_DELETE')
    @Mutation(() => ID, { description: 'Delete a stage that nothing uses any more.' })
    async deleteStage(
      @Arg('id', () => ID, { description: 'Which stage.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found('stage', (await context.catalogue()).stage(id));
      await deletingUnused({ type: 'STAGE', id }, context, () =>
        edit(context, (editor) => editor.deleteStage(id)),
      );
      return id;
    }
  }

  async function newStage(
    { name, config }: Pick<CreateStageInput, 'name' | 'config'>,
    context: RequestContext,
  ): Promise<StageFields> {
    return { name: checked(stageName, name, 'input.name'), ...(await configured(config, context)) };
  }

  /** Checks a configuration; what it does not mention stays as it was, or has its default. */
  async function configured(
    input: object,
    context: RequestContext,
    before?: StageDefinition,
  ): Promise<Omit<StageFields, 'name'>> {
    const { kind, config: wanted, mentioned, path } = readConfigInput(kinds, configs, input, before);
    await expectPermissions(
      context,
      targetsIn(kind, mentioned).map((to) => viewOf[to]),
    );
    const catalogue = await context.catalogue();
    const result = await checkStageConfig(kind, wanted, async (to, id, narrowed) =>
      to === 'group' ? (await context.groups.load(id)) !== undefined : isThere(catalogue, to, id, narrowed),
    );
    if (!result.ok) throw refusedAt(path, result.problems);
    const { config, references, secrets } = result;
    const told = before ? secretsToldOthers(kind.config, before.config, config) : [];
    if (told.length > 0) throw refusedAt(path, told);
    return { kind: kind.name, config, references, secrets };
  }

  return StageManagement;
}

/** Whoever names something has to be allowed to see it, whether it is there or not. */
const viewOf: Readonly<Record<ReferenceTarget, Permission>> = {
  stage: 'STAGE_VIEW',
  flow: 'FLOW_VIEW',
  group: 'GROUP_VIEW',
  promptField: 'PROMPT_FIELD_VIEW',
  policy: 'POLICY_VIEW',
};
