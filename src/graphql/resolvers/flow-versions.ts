import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { differences } from '../../blueprints/differences.js';
import type { Difference } from '../../blueprints/differences.js';
import { documentText } from '../../blueprints/document-text.js';
import type { FlowDefinition } from '../../flow/definition.js';
import { calledIn } from '../../flow/flow-versions.js';
import type { FlowRecord, FlowVersion as Version } from '../../flow/flow-versions.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { JsonObject } from '../../kernel/json.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, connectionType, decodeCursor, encodeCursor, foreignCursor } from '../connection.js';
import { pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { found } from '../edit.js';
import { readableDocument, recordOf } from '../flow-documents.js';
import { keysetPage } from '../keyset-page.js';
import { FlowDifference, FlowVersion, ITS_SUBJECTS, WHAT_IS_IN_IT } from '../types/flow-version.js';
import type { ManagementTypes } from '../types/management.js';

/** What a flow was like before there was any of it. */
const nothing: FlowRecord = { document: {}, objects: new Map() };

/** What flows were like, for administrators. */
export function flowVersioning(
  { Flow }: ManagementTypes,
  stageKinds: readonly StageKindDefinition[],
): readonly ClassType[] {
  const FlowVersionConnection = connectionType('FlowVersion', () => FlowVersion);

  const documentOf = (record: FlowRecord, context: RequestContext): Promise<JsonObject> =>
    readableDocument(record, stageKinds, context);

  async function compared(before: FlowRecord, after: FlowRecord, context: RequestContext) {
    const documents = await Promise.all([documentOf(before, context), documentOf(after, context)] as const);
    return differences(...documents, calledIn(before, after));
  }

  @Resolver(() => Flow)
  class FlowVersionsOfFlow {
    @FieldResolver(() => FlowVersionConnection, {
      description: 'A page of what it was like, the newest version first.',
    })
    async versions(
      @Root() { id: flowId, currentVersion: totalCount }: FlowDefinition,
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Ctx() { flowVersionPages }: RequestContext,
    ): Promise<Connection<Version>> {
      const request = { flowId, size: pageSize(first), after: after == null ? null : numberIn(after) };
      const { versions, hasMore } = await flowVersionPages.load(request);
      const page = keysetPage({ items: versions, hasMore }, ({ number }) => encodeCursor(`${number}`), after);
      return { ...page, totalCount };
    }
  }

  @Resolver(() => FlowVersion)
  class FlowVersionFields {
    @FieldResolver()
    async author(@Root() { authorId }: Version, @Ctx() { users }: RequestContext): Promise<FlowUser | null> {
      return authorId === null ? null : ((await users.load(authorId)) ?? null);
    }

    @FieldResolver()
    async document(@Root() version: Version, @Ctx() context: RequestContext): Promise<string> {
      return documentText(await documentOf(await recordOf(version, context), context), 'YAML');
    }

    @FieldResolver()
    async changes(
      @Root() { flowId, number }: Version,
      @Ctx() context: RequestContext,
    ): Promise<Difference[]> {
      const [before, after] = await Promise.all([
        number === 1 ? nothing : recordOf({ flowId, number: number - 1 }, context),
        recordOf({ flowId, number }, context),
      ]);
      return compared(before, after, context);
    }
  }

  @Resolver()
  class FlowVersionComparison {
    @Needs(...WHAT_IS_IN_IT)
    @Query(() => [FlowDifference], {
      description: `In what a flow differs in one version from what it was in another. ${ITS_SUBJECTS}`,
    })
    async compareFlowVersions(
      @Arg('flowId', () => ID, { description: 'Which flow.' }) flowId: string,
      @Arg('from', () => Int, { description: 'The number of the version to begin with.' }) from: number,
      @Arg('to', () => Int, { description: 'The number of the version to compare it with.' }) to: number,
      @Ctx() context: RequestContext,
    ): Promise<Difference[]> {
      const { id } = found('flow', (await context.catalogue()).flow(flowId));
      const [before, after] = await Promise.all([
        recordOf({ flowId: id, number: from }, context),
        recordOf({ flowId: id, number: to }, context),
      ]);
      return compared(before, after, context);
    }
  }

  return [FlowVersionsOfFlow, FlowVersionFields, FlowVersionComparison];
}

function numberIn(cursor: string): number {
  const number = decodeCursor(cursor);
  if (/^[1-9]\d{0,8}$/.test(number)) return Number(number);
  throw foreignCursor();
}
