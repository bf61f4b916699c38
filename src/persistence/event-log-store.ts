import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';

import { isObjectType } from '../flow/change.js';
import type { ChangedObject } from '../flow/change.js';
import { location } from '../flow/location.js';
import type { EventFilter, EventLog, EventPageRequest, RecordedEvent } from '../flow/event-log.js';
import { isBehind } from './keyset.js';
import { isId, moment } from './tables.js';
import type { Sql, Tables } from './tables.js';

type Row = Selectable<Tables['event']>;
type Where = ExpressionBuilder<Tables, 'event'>;

export class SqlEventLog implements EventLog {
  constructor(private readonly db: Sql) {}

  async byId(id: string): Promise<RecordedEvent | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirst();
    return row && recorded(row);
  }

  async list(request: EventPageRequest): Promise<{ events: RecordedEvent[]; hasMore: boolean }> {
    const { size, newestFirst } = request;
    const direction = newestFirst ? 'desc' : 'asc';
    const rows = await candidates(this.db, request)
      .orderBy('created_at', direction)
      .orderBy('id', direction)
      .limit(size + 1)
      .execute();
    return { events: rows.slice(0, size).map(recorded), hasMore: rows.length > size };
  }

  async count(filter: EventFilter): Promise<number> {
    const { actions } = filter;
    const { count } = await this.db
      .selectFrom('event')
      .select((select) => select.fn.countAll().as('count'))
      .where((where) => matches(where, filter))
      .where((where) =>
        actions === null ? where.lit(true) : where('action', '=', where.fn.any(where.val([...actions]))),
      )
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}

/**
 * What the page can hold: of each wanted action a page by itself. The index has each action's events in order, and no
 * index has those of several.
 */
function candidates(db: Sql, request: EventPageRequest) {
  const page = pageOf(db, request);
  const { actions } = request.filter;
  const pages =
    actions === null ? [page] : [...new Set(actions)].map((one) => page.where('action', '=', one));
  return pages
    .map((one) => db.selectFrom(one.as('event')).selectAll())
    .reduce((all, one) => all.unionAll(one));
}

function pageOf(db: Sql, { filter, size, after, newestFirst }: EventPageRequest) {
  const direction = newestFirst ? 'desc' : 'asc';
  return (
    db
      .selectFrom('event')
      .selectAll()
      .where((where) => matches(where, filter))
      .where((where) => (after ? isBehind(after, newestFirst) : where.lit(true)))
      .orderBy('created_at', direction)
      .orderBy('id', direction)
      // One more than is shown tells whether that is all.
      .limit(size + 1)
  );
}

/** All conditions but that on the action. */
function matches(where: Where, filter: EventFilter): Expression<SqlBool> {
  const { userId, actorId, objectType, objectId, address, executionId, from, until } = filter;
  return where.and([
    ...named(where, 'user_id', userId),
    ...named(where, 'actor_id', actorId),
    ...named(where, 'object_id', objectId),
    ...named(where, 'execution_id', executionId),
    ...(objectType === null ? [] : [where('object_type', '=', objectType)]),
    ...(address === null ? [] : [where('address', '=', address)]),
    ...(from === null ? [] : [where('created_at', '>=', from)]),
    ...(until === null ? [] : [where('created_at', '<', until)]),
  ]);
}

/**
 * What cannot be an id names nothing. The planner is not told which id it is: of one that is in many events it would
 * take it that they are among the newest, and read all that came after them.
 */
function named(
  where: Where,
  column: 'user_id' | 'actor_id' | 'object_id' | 'execution_id',
  id: string | null,
): Expression<SqlBool>[] {
  if (id === null) return [];
  return [isId(id) ? where(column, '=', sql<string>`(select ${id}::uuid)`) : where.lit(false)];
}

function recorded(row: Row): RecordedEvent {
  return {
    id: row.id,
    action: row.action,
    userId: row.user_id,
    actorId: row.actor_id,
    apiTokenId: row.api_token_id,
    object: objectOf(row),
    executionId: row.execution_id,
    details: row.details,
    address: row.address,
    userAgent: row.user_agent,
    location: row.location === null ? null : location.parse(row.location),
    createdAt: moment(row.created_at),
  };
}

function objectOf({ object_type: type, object_id: id, object_name: name }: Row): ChangedObject | null {
  return type === null || !isObjectType(type) ? null : { type, id, name: name ?? '' };
}
