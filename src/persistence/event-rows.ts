import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { Actor, Change, ChangedObject } from '../flow/change.js';
import type { CustomEventAction, EventAction } from '../flow/event-actions.js';
import type { RecordedEvent } from '../flow/event-log.js';
import type { SqlTransaction } from './tables.js';

const EVENT_SECONDS = 365 * 24 * 3600;

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
  const { userId: actorId, apiTokenId, ...circumstances } = by;
  const { action, object, userId = null, fields, details } = change;
  await insertEvent(trx, {
    ...circumstances,
    by: { actorId, apiTokenId },
    ...{ action, object, userId, executionId: null },
    details: { change: change.change, fields: [...fields], ...details },
  });
}

/** Writes into the event log, in the transaction of what it tells of. */
export async function insertEvent(trx: SqlTransaction, event: NewEvent): Promise<void> {
  const { action, userId, executionId, details, address, userAgent, location, now, by, object } = event;
  await trx
    .insertInto('event')
    .values({
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
      location: location === null ? null : sql`${JSON.stringify(location)}::jsonb`,
      created_at: now,
      expires_at: secondsAfter(now, EVENT_SECONDS),
    })
    .execute();
}
