import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { isStorableText } from '../../kernel/text.js';
import type { EventFilter as Filter, RecordedEvent } from '../../flow/event-log.js';
import type { FlowUser } from '../../flow/services/users.js';
import { AsReached, Needs } from '../access-rules.js';
import { AFTER, FIRST, connectionType, pageInfoOf, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { checked, plain } from '../input.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import { User } from '../types/people.js';

const MOST_ACTIONS = 50;

@AsReached()
@ObjectType({ description: 'Where an address was, as far as that was known. A hint, and no proof.' })
class Place {
  @Field(() => String, { nullable: true, description: 'The country, as ISO 3166-1 alpha-2.' })
  country!: string | null;

  @Field(() => String, { nullable: true, description: 'The continent, in two letters.' })
  continent!: string | null;

  @Field(() => String, { nullable: true, description: 'The city.' })
  city!: string | null;

  @Field(() => Float, { nullable: true, description: 'In degrees, north is positive.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'In degrees, east is positive.' })
  longitude!: number | null;

  @Field(() => Int, { nullable: true, description: 'The number of the autonomous system.' })
  asn!: number | null;

  @Field(() => String, { nullable: true, description: 'Whose network that is.' })
  organization!: string | null;
}

@Needs('EVENT_VIEW')
@ObjectType({ description: 'Something that has happened, written down in the transaction in which it did.' })
class Event {
  @Field(() => ID, { description: 'Names the event.' })
  id!: string;

  @Field(() => String, {
    description: 'What happened: see the README; CUSTOM: and a name for what policies record.',
  })
  action!: string;

  @Field(() => User, {
    nullable: true,
    description: 'Whom it is about; null also where the account is gone.',
  })
  user!: object | null;

  @Field(() => ID, { nullable: true, description: 'In which execution.' })
  executionId!: string | null;

  @Field(() => GraphQLJSONObject, { description: 'What there is to know of it; never a secret.' })
  details!: JsonObject;

  @Field(() => String, { description: 'From which address.' })
  address!: string;

  @Field(() => String, { description: 'By what client, as it calls itself.' })
  userAgent!: string;

  @Field(() => Place, { nullable: true, description: 'Where the address was then.' })
  location!: object | null;

  @Field(() => GraphQLDateTime, { description: 'When.' })
  createdAt!: Date;
}

@InputType({ description: 'Which events to list; all conditions hold.' })
class EventFilter {
  @Field(() => [String], { nullable: true, description: 'Of one of these actions.' })
  actions?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'About this person.' })
  userId?: string | null;

  @Field(() => String, { nullable: true, description: 'From this address.' })
  address?: string | null;

  @Field(() => ID, { nullable: true, description: 'In this execution.' })
  executionId?: string | null;
}

const text = z.string().max(320).refine(isStorableText);
const filterForm = z.strictObject({
  actions: z.array(text).min(1).max(MOST_ACTIONS).nullable().default(null),
  userId: text.nullable().default(null),
  address: text.nullable().default(null),
  executionId: text.nullable().default(null),
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
    @Query(() => EventConnection, { description: 'A page of the event log, the newest first.' })
    async events(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => EventFilter, { nullable: true, description: 'Which ones.' })
      filter: EventFilter | null,
      @Ctx() { eventLog }: RequestContext,
    ): Promise<Page> {
      const wanted = checked(filterForm, plain(filter ?? {}), 'filter');
      const position = after == null ? null : positionIn(after);
      const { events, hasMore } = await eventLog.list({
        filter: wanted,
        size: pageSize(first),
        after: position,
      });
      const edges = events.map((node) => ({ node, cursor: cursorOf(node) }));
      const pageInfo = pageInfoOf(edges, hasMore, after != null);
      return { edges, pageInfo, filter: wanted };
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
    async user(
      @Root() { userId }: RecordedEvent,
      @Ctx() { users }: RequestContext,
    ): Promise<FlowUser | null> {
      return userId === null ? null : ((await users.load(userId)) ?? null);
    }
  }

  return [EventResolver, EventConnectionFields, EventFields];
}
