import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import { momentText } from '../../kernel/moment.js';
import { isStorableText } from '../../kernel/text.js';
import { isChangeKind, isObjectType } from '../../flow/change.js';
import type { ChangeKind } from '../../flow/change.js';
import type { EventFilter as Filter, RecordedEvent } from '../../flow/event-log.js';
import type { FlowUser } from '../../flow/services/users.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, connectionType, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { checked, plain } from '../input.js';
import { keysetPage } from '../keyset-page.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import type { MomentOrder } from '../moment-order.js';
import { Event, EventFilter, EventOrder } from '../types/event.js';

const MOST_ACTIONS = 50;

const text = z.string().max(320).refine(isStorableText).nullable().default(null);
const moment = momentText
  .transform((value) => new Date(value))
  .nullable()
  .default(null);
const filterForm = z.strictObject({
  actions: z
    .array(z.string().max(320).refine(isStorableText))
    .min(1)
    .max(MOST_ACTIONS)
    .nullable()
    .default(null),
  userId: text,
  actorId: text,
  objectType: z.string().refine(isObjectType).nullable().default(null),
  objectId: text,
  address: text,
  executionId: text,
  from: moment,
  until: moment,
});

/** A change is recorded like this, and other events that tell of fields do too. */
const changeDetails = z.object({
  change: z.string().refine(isChangeKind).nullable().catch(null),
  fields: z.array(z.string()).catch([]),
});

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<RecordedEvent>, 'totalCount'> {
  readonly filter: Filter;
}

/** What has happened, for administrators. */
export function eventManagement(): readonly ClassType[] {
  const EventConnection = connectionType('Event', () => Event);

  @Resolver()
  class EventResolver {
    @Needs('EVENT_VIEW')
    @Query(() => Event, { nullable: true, description: 'An event by its id.' })
    async event(
      @Arg('id', () => ID, { description: 'Its id.' }) id: string,
      @Ctx() { eventLog }: RequestContext,
    ): Promise<RecordedEvent | null> {
      return (await eventLog.byId(id)) ?? null;
    }

    @Needs('EVENT_VIEW')
    @Query(() => EventConnection, { description: 'A page of the event log.' })
    async events(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => EventFilter, { nullable: true, description: 'Which ones.' })
      filter: EventFilter | null,
      @Arg('orderBy', () => EventOrder, {
        nullable: true,
        description: 'In what order. Default: CREATED_AT_DESC.',
      })
      orderBy: MomentOrder | null,
      @Ctx() { eventLog }: RequestContext,
    ): Promise<Page> {
      const wanted = checked(filterForm, plain(filter ?? {}), 'filter');
      const { events, hasMore } = await eventLog.list({
        filter: wanted,
        size: pageSize(first),
        after: after == null ? null : positionIn(after),
        newestFirst: orderBy !== 'CREATED_AT_ASC',
      });
      return { ...keysetPage({ items: events, hasMore }, cursorOf, after), filter: wanted };
    }
  }

  @Resolver(() => EventConnection)
  class EventConnectionFields {
    @FieldResolver()
    totalCount(@Root() { filter }: Page, @Ctx() { eventLog }: RequestContext): Promise<number> {
      return eventLog.count(filter);
    }
  }

  @Resolver(() => Event)
  class EventFields {
    @FieldResolver()
    user(@Root() { userId }: RecordedEvent, @Ctx() context: RequestContext): Promise<FlowUser | null> {
      return person(userId, context);
    }

    @FieldResolver()
    actor(@Root() { actorId }: RecordedEvent, @Ctx() context: RequestContext): Promise<FlowUser | null> {
      return person(actorId, context);
    }

    @FieldResolver()
    change(@Root() { details }: RecordedEvent): ChangeKind | null {
      return changeDetails.parse(details).change;
    }

    @FieldResolver()
    fields(@Root() { details }: RecordedEvent): readonly string[] {
      return changeDetails.parse(details).fields;
    }
  }

  return [EventResolver, EventConnectionFields, EventFields];
}

async function person(id: string | null, { users }: RequestContext): Promise<FlowUser | null> {
  return id === null ? null : ((await users.load(id)) ?? null);
}
