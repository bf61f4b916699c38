import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { Sql, SqlTransaction } from './tables.js';

/** So many rows are removed in one transaction: few enough to be quick, and to hold nobody up. */
export const BATCH = 500;
const MOST_BATCHES = 20;
/** Any number that no other application on the same server locks by. */
const HOUSEKEEPING_LOCK = 7_230_417_002;
/** An execution that has expired says so for a day longer, to whoever comes back to it. */
const EXECUTION_GRACE_SECONDS = 24 * 3600;
/** Where a mail went, and why it did not, can be looked up for so long. */
const MAIL_MEMORY_SECONDS = 7 * 24 * 3600;
/** What was nobody's mail tells nobody anything. */
const VOID_MAIL_MEMORY_SECONDS = 24 * 3600;
/** By a clock that is behind, what has expired here may be good there. */
const USED_ONCE_GRACE_SECONDS = 24 * 3600;

/**
 * Removes what has expired: executions with their answers, sessions, API tokens, flow tokens, remembered browsers,
 * counters of guesses and of mails, what was good once, consents, reputations and events; and mails that were sent or
 * given up a while ago.
 * Whether something has expired is checked wherever it is used; this only keeps the tables small; but events go only
 * here. Of several processes one does it at a time, and the others leave it to that one. Returns how many rows went.
 */
export async function tidy(db: Sql, now: Date): Promise<number> {
  return (await inBatches(db, (trx) => tidyOnce(trx, now))).removed;
}

/**
 * Removes hashes of earlier passwords beyond those, for each person, that some policy still compares with. Where a
 * password is set this is done for its owner; this is for the others, after the policies have changed. Returns whether
 * none is left: not where there are too many for one time, nor where another process is at it.
 */
export async function forgetOldPasswords(db: Sql, remembered: number): Promise<boolean> {
  const { left } = await inBatches(db, async (trx) => {
    const { numAffectedRows = 0n } = await sql`delete from password_history where id in
      (select id from
        (select id, row_number() over (partition by user_id order by replaced_at desc, id) as place
         from password_history) ranked
       where place > ${remembered} limit ${BATCH})`.execute(trx);
    return Number(numAffectedRows);
  });
  return !left;
}

/** By one process at a time, until nothing is left or there has been enough for now. */
export async function inBatches(
  db: Sql,
  removeSome: (trx: SqlTransaction) => Promise<number>,
): Promise<{ readonly removed: number; readonly left: boolean }> {
  let removed = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const gone = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(${HOUSEKEEPING_LOCK}::bigint) as mine`.execute(trx);
      return rows[0]?.mine === true ? removeSome(trx) : undefined;
    });
    if (gone === undefined) break;
    if (gone === 0) return { removed, left: false };
    removed += gone;
  }
  return { removed, left: true };
}

async function tidyOnce(trx: SqlTransaction, now: Date): Promise<number> {
  const remembered = secondsAfter(now, -EXECUTION_GRACE_SECONDS);
  const unused = secondsAfter(now, -USED_ONCE_GRACE_SECONDS);
  const sent = secondsAfter(now, -MAIL_MEMORY_SECONDS);
  const voided = secondsAfter(now, -VOID_MAIL_MEMORY_SECONDS);
  const results = [
    await sql`delete from execution where id in
      (select id from execution where expires_at <= ${remembered} limit ${BATCH})`.execute(trx),
    await sql`delete from session where id in
      (select id from session where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from api_token where id in
      (select id from api_token where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from flow_token where id in
      (select id from flow_token where expires_at <= ${remembered} limit ${BATCH})`.execute(trx),
    await sql`delete from remembered_browser where id in
      (select id from remembered_browser where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from guess where key in
      (select key from guess where forgotten_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from rate where key in
      (select key from rate where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from used_once where key in
      (select key from used_once where expires_at <= ${unused} limit ${BATCH})`.execute(trx),
    await sql`delete from consent where id in
      (select id from consent where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from mail where id in
      (select id from mail
       where settled_at <= ${voided} and (status = 'VOID' or settled_at <= ${sent})
       limit ${BATCH})`.execute(trx),
    await sql`delete from reputation where (identifier, address) in
      (select identifier, address from reputation where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    await sql`delete from event where id in
      (select id from event where expires_at <= ${now} limit ${BATCH})`.execute(trx),
    // Where events are to be kept for less time than when they were written, that goes for them as well.
    await sql`delete from event where id in
      (select id from event
       where created_at <= ${now}::timestamptz
         - (select event_retention_days from installation where id = 1) * interval '24 hours'
       limit ${BATCH})`.execute(trx),
  ];
  return results.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0);
}
