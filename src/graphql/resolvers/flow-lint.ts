import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { lintFlow } from '../../flow/lint.js';
import type { FlowWarningCode as Code, FlowWarning as Warning } from '../../flow/lint.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { AsReached, Needs } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { found } from '../edit.js';
import { FlowWarningCode } from '../enums.js';
import type { ManagementTypes } from '../types/management.js';

/** What is worth a second look in a flow, for administrators. */
export function flowLinting(
  { FlowStageBinding }: ManagementTypes,
  kinds: readonly StageKindDefinition[],
): ClassType {
  const kindsByName = new Map(kinds.map((kind) => [kind.name, kind]));

  @AsReached()
  @ObjectType({ description: 'Something that is worth a second look in a flow.' })
  class FlowWarning {
    @Field(() => FlowWarningCode, { description: 'What it is.' })
    code!: Code;

    @Field(() => String, { description: 'What it is, in words.' })
    message!: string;

    @Field(() => FlowStageBinding, {
      description: 'The place that it is about, in the flow itself or in one that it leads to.',
    })
    binding!: object;

    @Field(() => [String], {
      description:
        'The slugs of the flows on the way there, from the flow itself to the one that has the place.',
    })
    path!: readonly string[];
  }

  @Resolver()
  class FlowLinting {
    @Needs('FLOW_VIEW')
    @Query(() => [FlowWarning], {
      description:
        'What is worth a second look in a flow, by id or by slug, and in those that redirect stages lead to: above all each way to a session on which a second factor is not asked for. It forbids nothing. Which flow a policy alone leads to is not looked at.',
    })
    async lintFlow(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('slug', () => String, { nullable: true, description: 'Its slug.' }) slug: string | null,
      @Ctx() context: RequestContext,
    ): Promise<readonly Warning[]> {
      const catalogue = await context.catalogue();
      const flow = id == null ? catalogue.flowBySlug(slug ?? '') : catalogue.flow(id);
      return lintFlow(found('flow', flow), catalogue, kindsByName);
    }
  }
  return FlowLinting;
}
