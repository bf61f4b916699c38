import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { CustomEventAction, EventAction } from '../flow/event-actions.js';
import type { RecordedEvent } from '../flow/event-log.js';
import type { SqlTransaction } from './tables.js';

const EVENT_SECONDS = 365 * 24 * 3600;

export interface NewEvent extends Omit<RecordedEvent, 'id' | 'createdAt'> {
  readonly action: EventAction | CustomEventAction;
  readonly now: Date;
}

/** Writes into the event log, in the transaction of what it tells of. */
export async function insertEvent(trx: SqlTransaction, event: NewEvent): Promise<void> {
  const { action, userId, executionId, details, address, userAgent, location, now } = event;
  await trx
    .insertInto('event')
    .values({
      id: randomUUID(),
      action,
      user_id: userId,
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
