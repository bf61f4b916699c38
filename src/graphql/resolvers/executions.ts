import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { FlowDefinition, StageDefinition } from '../../flow/definition.js';
import type {
  ExecutionFilter as Filter,
  ExecutionName,
  InspectedExecution as Inspected,
  InspectedStep,
} from '../../flow/inspection.js';
import type { FlowUser } from '../../flow/services/users.js';
import { Needs } from '../access-rules.js';
import { expectPermissions } from '../authorization.js';
import { AFTER, FIRST, connectionType, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { keysetPage } from '../keyset-page.js';
import { enumName } from '../kind-names.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import type { MomentOrder } from '../moment-order.js';
import { ExecutionFilter, ExecutionOrder, inspectionTypes } from '../types/inspection.js';
import type { ManagementTypes } from '../types/management.js';
import { traceEntryView } from '../types/trace.js';

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<Inspected>, 'totalCount'> {
  readonly filter: Filter;
}

/** What executions have done and where they stand, for administrators. Nothing is run by looking. */
export function executionInspection(types: ManagementTypes): readonly ClassType[] {
  const { InspectedExecution } = inspectionTypes(types);
  const ExecutionConnection = connectionType('InspectedExecution', () => InspectedExecution);

  @Resolver()
  class ExecutionInspectionResolver {
    @Needs('EXECUTION_INSPECT')
    @Query(() => InspectedExecution, {
      nullable: true,
      description:
        'An execution by its id, or by what its person was told to quote; null where there is none. Executions are forgotten a day after they have expired.',
    })
    async execution(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('supportId', () => ID, { nullable: true, description: 'Its supportId.' })
      supportId: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Inspected | null> {
      const name = nameOf(id ?? null, supportId ?? null);
      return (await context.inspection.open(name, context.now)) ?? null;
    }

    @Needs('EXECUTION_INSPECT')
    @Query(() => ExecutionConnection, { description: 'A page of executions.' })
    async executions(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => ExecutionFilter, { nullable: true, description: 'Which ones.' })
      filter: ExecutionFilter | null,
      @Arg('orderBy', () => ExecutionOrder, {
        nullable: true,
        description: 'In what order. Default: CREATED_AT_DESC.',
      })
      orderBy: MomentOrder | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      const wanted = filterOf(filter);
      if (wanted.flowId !== null) await expectPermissions(context, ['FLOW_VIEW']);
      if (wanted.userId !== null) await expectPermissions(context, ['USER_VIEW']);
      const { executions, hasMore } = await context.inspection.list({
        filter: wanted,
        size: pageSize(first),
        after: after == null ? null : positionIn(after),
        newestFirst: orderBy !== 'CREATED_AT_ASC',
        now: context.now,
      });
      return { ...keysetPage({ items: executions, hasMore }, cursorOf, after), filter: wanted };
    }
  }

  @Resolver(() => ExecutionConnection)
  class ExecutionConnectionFields {
    @FieldResolver()
    totalCount(@Root() { filter }: Page, @Ctx() { inspection, now }: RequestContext): Promise<number> {
      return inspection.count(filter, now);
    }
  }

  @Resolver(() => InspectedExecution)
  class InspectedExecutionFields {
    @FieldResolver()
    async flow(
      @Root() { flowId }: Inspected,
      @Ctx() context: RequestContext,
    ): Promise<FlowDefinition | null> {
      return (await context.catalogue()).flow(flowId) ?? null;
    }

    @FieldResolver()
    async user(@Root() { userId }: Inspected, @Ctx() { users }: RequestContext): Promise<FlowUser | null> {
      return userId === null ? null : ((await users.load(userId)) ?? null);
    }

    @FieldResolver()
    step(@Root() { step }: Inspected): InspectedStep {
      return { ...step, stageKind: step.stageKind === null ? null : enumName(step.stageKind) };
    }

    @FieldResolver()
    async stages(@Root() { stages }: Inspected, @Ctx() context: RequestContext): Promise<object[]> {
      const catalogue = await context.catalogue();
      return stages.map(({ bindingId, stageId, outcome }) => {
        const bound = catalogue.stageBinding(bindingId)?.stage;
        return { bindingId, outcome, ...stageView(stageId === null ? bound : catalogue.stage(stageId)) };
      });
    }

    @FieldResolver()
    async outerFlows(@Root() { outerFlows }: Inspected, @Ctx() context: RequestContext): Promise<object[]> {
      const catalogue = await context.catalogue();
      return outerFlows.map(({ flowId, flowVersion, stageId }) => ({
        flow: catalogue.flow(flowId) ?? null,
        flowVersion,
        stageName: stageView(catalogue.stage(stageId ?? '')).stageName,
      }));
    }

    @FieldResolver()
    async history(@Root() { id }: Inspected, @Ctx() { histories }: RequestContext): Promise<object[]> {
      const requests = await histories.load(id);
      return requests.map(({ at, address, entries }) => ({
        at,
        address,
        entries: entries.map(traceEntryView),
      }));
    }
  }

  return [ExecutionInspectionResolver, ExecutionConnectionFields, InspectedExecutionFields];
}

function nameOf(id: string | null, supportId: string | null): ExecutionName {
  if (id !== null) return { id, supportId };
  if (supportId !== null) return { id, supportId };
  throw Refusal.badInput([{ path: 'id', code: 'REQUIRED', message: 'Give id or supportId.' }]);
}

function filterOf(filter: ExecutionFilter | null): Filter {
  const { state, flowId, userId, supportId } = filter ?? {};
  return {
    state: state ?? null,
    flowId: flowId ?? null,
    userId: userId ?? null,
    supportId: supportId ?? null,
  };
}

function stageView(stage: StageDefinition | undefined) {
  return { stageName: stage?.name ?? null, stageKind: stage ? enumName(stage.kind) : null };
}
