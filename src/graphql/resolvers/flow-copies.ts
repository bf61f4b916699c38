import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { FlowDefinition } from '../../flow/definition.js';
import { flowFields } from '../../flow/definition-rules.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { copyFlow } from '../../stages/flow-copy.js';
import { Needs } from '../access-rules.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { edit, found } from '../edit.js';
import { checked, plain } from '../input.js';
import type { ManagementTypes } from '../types/management.js';

@InputType({ description: 'What the copy of a flow is called, and how much is copied.' })
class DuplicateFlowInput {
  @Field(() => String, { description: 'Names the copy in startFlow and in addresses; unique.' })
  slug!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What administrators call the copy. Default: as the original.',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to call the copy on screen. Default: as the original.',
  })
  title?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Copy its stages as well, with those that they show within themselves, under names of their own: what is changed in one flow then does not concern the other.',
  })
  copyStages!: boolean;
}

const names = flowFields.pick({ slug: true, name: true, title: true });

/** Flows made from others, for administrators. */
export function flowCopying({ Flow }: ManagementTypes, kinds: readonly StageKindDefinition[]): ClassType {
  @Resolver()
  class FlowCopying {
    @Needs('FLOW_ADD', 'STAGE_VIEW', 'STAGE_BINDING_ADD', 'POLICY_BINDING_ADD')
    @Mutation(() => Flow, {
      description:
        'Make a flow like another one, with its bindings and what guards them. Copying its stages as well needs the permission STAGE_ADD.',
    })
    async duplicateFlow(
      @Arg('id', () => ID, { description: 'Which flow to copy.' }) id: string,
      @Arg('input', () => DuplicateFlowInput, { description: 'How to copy it.' }) input: DuplicateFlowInput,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition> {
      const { copyStages } = input;
      if (copyStages) await expectPermissions(context, ['STAGE_ADD']);
      const before = await context.catalogue();
      const original = found('flow', before.flow(id));
      const { slug, name, title } = plain(input);
      const wanted = { slug, name: name ?? original.name, title: title ?? original.title };
      const copy = { original, names: checked(names, wanted), copyStages };
      const { result: copyId, catalogue } = await edit(context, (editor) =>
        copyFlow(copy, before, kinds, editor),
      );
      return found('flow', catalogue.flow(copyId));
    }
  }
  return FlowCopying;
}
