import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import { serviceItself } from '../flow/change.js';
import type { Change } from '../flow/change.js';
import { lockMemberships } from './administrators.js';
import { recordChanges } from './event-rows.js';
import { BATCH, inBatches } from './housekeeping.js';
import type { Sql, SqlTransaction } from './tables.js';

const DAYS_TO_VERIFY = 7;

/**
 * Deletes accounts that have waited too long for being confirmed, and says so in the event log; never one that has been
 * let in, or disabled, since, nor one that a policy binding names. Returns how many went.
 */
export async function removeUnverified(db: Sql, now: Date): Promise<number> {
  return (await inBatches(db, (trx) => removeSome(trx, now))).removed;
}

async function removeSome(trx: SqlTransaction, now: Date): Promise<number> {
  const waiting = await waitingFor(trx, now).limit(BATCH).execute();
  if (waiting.length === 0) return 0;
  // Of several rows at once, in the same order as everybody who puts people into groups.
  await lockMemberships(trx);
  const ids = waiting.map(({ id }) => id);
  const removed = await trx
    .deleteFrom('user_account')
    .where('id', 'in', ids)
    .where('awaits_verification', '=', true)
    .where('active', '=', false)
    .returning(['id', 'username'])
    .execute();
  const changes = removed.map(({ id, username: name }): Change => {
    const object = { type: 'USER', id, name } as const;
    const details = { reason: `Not verified within ${DAYS_TO_VERIFY} days.` };
    return { action: 'USER_DELETED', object, change: 'DELETED', fields: [], userId: id, details };
  });
  await recordChanges(trx, serviceItself(now), changes);
  return removed.length;
}

function waitingFor(trx: SqlTransaction, now: Date) {
  return trx
    .selectFrom('user_account as u')
    .select('u.id')
    .where('u.awaits_verification', '=', true)
    .where('u.active', '=', false)
    .where('u.created_at', '<=', secondsAfter(now, -DAYS_TO_VERIFY * 24 * 3600))
    .where(sql<boolean>`not exists (select 1 from policy_binding b where b.user_id = u.id)`)
    .orderBy('u.created_at');
}
