import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { Sql, SqlTransaction } from './tables.js';

/** Any number that no other application on the same server locks by. */
const MEMBERSHIP_LOCK = 7_230_417_003;

/**
 * Holds up everybody else who changes who is in which group, or what groups are, until the transaction ends: of two
 * halves of one mistake, the second one to be made sees the first.
 */
export async function lockMemberships(trx: SqlTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${MEMBERSHIP_LOCK}::bigint)`.execute(trx);
}

/** Whether there is an active person who may do everything. */
export async function hasAdministrator(db: Sql): Promise<boolean> {
  const { rows } = await sql`
    with recursive superuser_group (id) as (
      select id from user_group where superuser
      union
      select p.group_id from superuser_group s join group_parent p on p.parent_id = s.id
    )
    select 1
    from superuser_group s
    join group_member m on m.group_id = s.id
    join user_account u on u.id = m.user_id
    where u.active
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Refuses what has left nobody who may do everything. Asked last in a transaction that holds the lock. */
export async function expectAdministrator(trx: SqlTransaction): Promise<void> {
  if (await hasAdministrator(trx)) return;
  throw new Refusal(
    'CONFLICT',
    'Nobody would be left who may do everything: an active person has to stay in a group that makes superusers.',
  );
}
