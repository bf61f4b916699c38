import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { JsonObject } from '../kernel/json.js';
import type { Actor, Change, ChangedObject } from '../flow/change.js';
import type { CustomEventAction, EventAction } from '../flow/event-actions.js';
import type { RecordedEvent } from '../flow/event-log.js';
import type { SqlTransaction } from './tables.js';

/** Few enough for the number of parameters that a statement can have. */
const BATCH = 500;

export interface NewEvent
  extends Omit<RecordedEvent, 'id' | 'createdAt' | 'actorId' | 'apiTokenId' | 'object'> {
  readonly action: EventAction | CustomEventAction;
  readonly now: Date;
  /** Somebody else than the person of the flow did it. */
  readonly by?: Pick<RecordedEvent, 'actorId' | 'apiTokenId'>;
  readonly object?: ChangedObject;
}

/** Records what somebody has changed, in the transaction in which they do. */
export async function recordChange(trx: SqlTransaction, by: Actor, change: Change): Promise<void> {
  await recordChanges(trx, by, [change]);
}

/** The same for any number of changes. */
export async function recordChanges(
  trx: SqlTransaction,
  by: Actor,
  changes: readonly Change[],
): Promise<void> {
  const { userId: actorId, apiTokenId, ...circumstances } = by;
  const events = changes.map(({ action, object, userId = null, fields, details, change }): NewEvent => {
    return {
      ...circumstances,
      by: { actorId, apiTokenId },
      ...{ action, object, userId, executionId: null },
      details: { change, fields: [...fields], ...details },
    };
  });
  for (let done = 0; done < events.length; done += BATCH)
    await insertEvents(trx, events.slice(done, done + BATCH));
}

/** Writes into the event log, in the transaction of what it tells of. */
export async function insertEvent(trx: SqlTransaction, event: NewEvent): Promise<void> {
  await insertEvents(trx, [event]);
}

async function insertEvents(trx: SqlTransaction, events: readonly NewEvent[]): Promise<void> {
  await trx.insertInto('event').values(events.map(eventRow)).execute();
}

function eventRow(event: NewEvent) {
  const { action, userId, executionId, details, address, userAgent, location, now, by, object } = event;
  return {
    id: randomUUID(),
    action,
    user_id: userId,
    actor_id: by?.actorId ?? null,
    api_token_id: by?.apiTokenId ?? null,
    object_type: object?.type ?? null,
    object_id: object?.id ?? null,
    object_name: object?.name ?? null,
    execution_id: executionId,
    details,
    address,
    user_agent: userAgent,
    location: location === null ? null : sql<JsonObject>`${JSON.stringify(location)}::jsonb`,
    created_at: now,
    // One row by its key, in the same statement: how long events are kept may have changed a moment ago.
    expires_at: sql<Date>`${now}::timestamptz
      + (select event_retention_days from installation where id = 1) * interval '24 hours'`,
  };
}
