import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { ManagedSession as Managed } from '../../flow/sessions.js';
import { Needs, SignedIn } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions, expectViewer } from '../authorization.js';
import { AFTER, FIRST, connectionType, pageSize } from '../connection.js';
import type { Connection, PageArguments } from '../connection.js';
import type { RequestContext } from '../context.js';
import { keysetPage } from '../keyset-page.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import { momentOrder } from '../moment-order.js';
import { ManagedSession, SessionFilter } from '../types/managed-session.js';

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<Managed>, 'totalCount'> {
  readonly userId: string | null;
}

/** Who is signed in where: everybody's for administrators, and everybody their own. */
export function sessionManagement(): readonly ClassType[] {
  const SessionConnection = connectionType('ManagedSession', () => ManagedSession);
  const SessionOrder = momentOrder('SessionOrder');

  @Resolver()
  class SessionManagement {
    @Needs('SESSION_VIEW')
    @Query(() => SessionConnection, { description: "A page of everybody's sessions." })
    async sessions(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => SessionFilter, { nullable: true, description: 'Which ones.' })
      filter: SessionFilter | null,
      @Arg('orderBy', () => SessionOrder, {
        nullable: true,
        description: 'In what order. Default: CREATED_AT_DESC.',
      })
      orderBy: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      const userId = filter?.userId ?? null;
      if (userId !== null) await expectPermissions(context, ['USER_VIEW']);
      return pageOf(userId, { first, after }, orderBy !== 'CREATED_AT_ASC', context);
    }

    @SignedIn()
    @Query(() => SessionConnection, { description: 'A page of your own sessions, the newest first.' })
    async mySessions(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      return pageOf((await context.access()).userId, { first, after }, true, context);
    }

    @Needs('SESSION_DELETE')
    @Mutation(() => ID, {
      description:
        "End anybody's session: its next request is nobody's. Refused where its person may do what you may not.",
    })
    async endSession(
      @Arg('id', () => ID, { description: 'Which session.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      await context.sessions.end(id, await actor(context));
      return id;
    }

    @Needs('SESSION_DELETE', 'USER_VIEW')
    @Mutation(() => Int, {
      description: 'End all sessions of a person, under the same rule. Answers how many they were.',
    })
    async endUserSessions(
      @Arg('userId', () => ID, { description: 'Whose.' }) userId: string,
      @Ctx() context: RequestContext,
    ): Promise<number> {
      return context.sessions.endAllOf(userId, await actor(context));
    }

    @SignedIn()
    @Mutation(() => ID, { description: 'End one of your own sessions.' })
    async endMySession(
      @Arg('id', () => ID, { description: 'Which session.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      await context.sessions.endOwn(id, await actor(context));
      return id;
    }

    @SignedIn()
    @Mutation(() => Int, {
      description:
        'End all of your sessions but the one that this request is made with. Answers how many they were.',
    })
    async endMyOtherSessions(@Ctx() context: RequestContext): Promise<number> {
      const { sessionId } = await expectViewer(context);
      return context.sessions.endOwnOthers(sessionId, await actor(context));
    }
  }

  @Resolver(() => SessionConnection)
  class SessionConnectionFields {
    @FieldResolver()
    totalCount(@Root() { userId }: Page, @Ctx() { sessions, now }: RequestContext): Promise<number> {
      return sessions.count(userId, now);
    }
  }

  @Resolver(() => ManagedSession)
  class ManagedSessionFields {
    @FieldResolver()
    async user(@Root() { userId }: Managed, @Ctx() { users }: RequestContext): Promise<object | null> {
      return (await users.load(userId)) ?? null;
    }

    @FieldResolver()
    async current(@Root() { id }: Managed, @Ctx() context: RequestContext): Promise<boolean> {
      return (await context.viewer())?.sessionId === id;
    }
  }

  return [SessionManagement, SessionConnectionFields, ManagedSessionFields];
}

async function pageOf(
  userId: string | null,
  { first, after }: PageArguments,
  newestFirst: boolean,
  { sessions, now }: RequestContext,
): Promise<Page> {
  const position = after == null ? null : positionIn(after);
  const found = await sessions.list({ userId, size: pageSize(first), after: position, newestFirst, now });
  return { ...keysetPage(found, cursorOf, after), userId };
}
