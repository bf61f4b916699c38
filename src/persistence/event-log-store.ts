import type { Selectable } from 'kysely';

import { isObjectType } from '../flow/change.js';
import type { ChangedObject } from '../flow/change.js';
import { location } from '../flow/location.js';
import type { EventFilter, EventLog, EventPageRequest, RecordedEvent } from '../flow/event-log.js';
import { isBehind } from './keyset.js';
import { isId, moment } from './tables.js';
import type { Sql, Tables } from './tables.js';

export class SqlEventLog implements EventLog {
  constructor(private readonly db: Sql) {}

  async list({
    filter,
    size,
    after,
  }: EventPageRequest): Promise<{ events: RecordedEvent[]; hasMore: boolean }> {
    const rows = await this.#matching(filter)
      .selectAll()
      .where((where) => (after ? isBehind(after, true) : where.lit(true)))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    const events = rows.slice(0, size).map(
      (row): RecordedEvent => ({
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
      }),
    );
    return { events, hasMore: rows.length > size };
  }

  async count(filter: EventFilter): Promise<number> {
    const { count } = await this.#matching(filter)
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** What cannot be an id names nothing. */
  #matching({ actions, userId, address, executionId }: EventFilter) {
    let events = this.db.selectFrom('event');
    if (actions !== null)
      events = events.where('action', '=', (where) => where.fn.any(where.val([...actions])));
    if (address !== null) events = events.where('address', '=', address);
    for (const [column, id] of [
      ['user_id', userId],
      ['execution_id', executionId],
    ] as const) {
      if (id !== null)
        events = events.where((where) => (isId(id) ? where(column, '=', id) : where.lit(false)));
    }
    return events;
  }
}

function objectOf({
  object_type: type,
  object_id: id,
  object_name: name,
}: Selectable<Tables['event']>): ChangedObject | null {
  return type === null || !isObjectType(type) ? null : { type, id, name: name ?? '' };
}
