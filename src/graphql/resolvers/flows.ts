import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { FlowDefinition, FlowDesignation as Designation } from '../../flow/definition.js';
import { flowFields } from '../../flow/definition-rules.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, byName, connectionType, pageOf } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { FlowDesignation } from '../enums.js';
import { IF_VERSION, deletingUnused, edit, found } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import type { ManagementTypes } from '../types/management.js';

const FlowOrder = {
  SLUG_ASC: 'SLUG_ASC',
  SLUG_DESC: 'SLUG_DESC',
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
} as const;
registerEnumType(FlowOrder, {
  name: 'FlowOrder',
  description: 'How to order flows.',
  valuesConfig: {
    SLUG_ASC: { description: 'By slug.' },
    SLUG_DESC: { description: 'By slug, backwards.' },
    NAME_ASC: { description: 'By name.' },
    NAME_DESC: { description: 'By name, backwards.' },
  },
});

@InputType({ description: 'Which flows to list; all conditions hold.' })
class FlowFilter {
  @Field(() => FlowDesignation, { nullable: true, description: 'With this designation.' })
  designation?: Designation | null;

  @Field(() => String, {
    nullable: true,
    description: 'With this in slug, name or title, whatever the case.',
  })
  search?: string | null;
}

/** Flows, for administrators. */
export function flowManagement({ Flow }: ManagementTypes): ClassType {
  const FlowConnection = connectionType('Flow', () => Flow);
  const CreateFlowInput = inputType('CreateFlowInput', 'A new flow.', flowFields);
  const UpdateFlowInput = inputType(
    'UpdateFlowInput',
    'What to change; the rest is left alone.',
    flowFields,
    {
      partial: true,
    },
  );

  @Resolver()
  class FlowManagement {
    @Needs('FLOW_VIEW')
    @Query(() => Flow, { nullable: true, description: 'A flow by id or by slug.' })
    async flow(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('slug', () => String, { nullable: true, description: 'Its slug.' }) slug: string | null,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition | null> {
      const catalogue = await context.catalogue();
      if (id != null) return catalogue.flow(id) ?? null;
      return slug == null ? null : (catalogue.flowBySlug(slug) ?? null);
    }

    @Needs('FLOW_VIEW')
    @Query(() => FlowConnection, { description: 'A page of flows.' })
    async flows(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => FlowFilter, { nullable: true, description: 'Which ones.' })
      filter: FlowFilter | null,
      @Arg('orderBy', () => FlowOrder, { nullable: true, description: 'In what order. Default: SLUG_ASC.' })
      orderBy: keyof typeof FlowOrder | null,
      @Ctx() context: RequestContext,
    ): Promise<Connection<FlowDefinition>> {
      const { flows } = await context.catalogue();
      const wanted = flows.filter((flow) => matches(flow, filter ?? {}));
      const order = orderBy ?? 'SLUG_ASC';
      const keyOf = (flow: FlowDefinition) => (order.startsWith('SLUG') ? flow.slug : byName(flow));
      return pageOf(wanted, { first, after }, keyOf, order.endsWith('DESC'));
    }

    @Needs('FLOW_ADD')
    @Mutation(() => Flow, { description: 'Make a flow, without stages.' })
    async createFlow(
      @Arg('input', () => CreateFlowInput, { description: 'The flow.' }) input: object,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition> {
      const fields = checked(flowFields, plain(input));
      const { result: id, catalogue } = await edit(context, (editor) => editor.createFlow(fields));
      return found('flow', catalogue.flow(id));
    }

    @Needs('FLOW_CHANGE')
    @Mutation(() => Flow, {
      description: 'Change a flow. Executions under way go on with the plan that they have.',
    })
    async updateFlow(
      @Arg('id', () => ID, { description: 'Which flow.' }) id: string,
      @Arg('input', () => UpdateFlowInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition> {
      found('flow', (await context.catalogue()).flow(id));
      const changes = checkedChanges(flowFields, input);
      const { catalogue } = await edit(context, (editor) => editor.updateFlow(id, changes, ifVersion));
      return found('flow', catalogue.flow(id));
    }

    @Needs('FLOW_DELETE')
    @Mutation(() => ID, { description: 'Delete a flow with its bindings. Its stages and policies stay.' })
    async deleteFlow(
      @Arg('id', () => ID, { description: 'Which flow.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found('flow', (await context.catalogue()).flow(id));
      await deletingUnused({ type: 'FLOW', id }, context, () =>
        edit(context, (editor) => editor.deleteFlow(id)),
      );
      return id;
    }
  }
  return FlowManagement;
}

function matches(flow: FlowDefinition, { designation, search }: FlowFilter): boolean {
  if (designation != null && flow.designation !== designation) return false;
  if (search == null) return true;
  const text = search.toLowerCase();
  return [flow.slug, flow.name, flow.title].some((field) => field.toLowerCase().includes(text));
}
