import { randomUUID } from 'node:crypto';

import { secondsAfter } from '../kernel/clock.js';
import type { Secret } from '../kernel/secret.js';
import { tokenHash } from '../identity/token.js';
import type { Sql, SqlTransaction } from './tables.js';
import { insertUser } from './user-rows.js';

const BOOTSTRAPPED = 'administrator.bootstrapped';
const SETUP_TOKEN_SECONDS = 24 * 3600;

export interface FirstAdministrator {
  readonly username: string;
  readonly email: string | null;
  readonly passwordHash: string;
}

/** Whether this installation has had its first administrator. It stays so, whatever becomes of the account. */
export async function isBootstrapped(sql: Sql | SqlTransaction): Promise<boolean> {
  const row = await sql
    .selectFrom('setting')
    .select('value')
    .where('name', '=', BOOTSTRAPPED)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether this call was the one that marked it: of several at once, one is. */
export async function markBootstrapped(trx: SqlTransaction): Promise<boolean> {
  const inserted = await trx
    .insertInto('setting')
    .values({ name: BOOTSTRAPPED, value: 'true' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Makes the first administrator, unless there has been one. Secrets for setting one up are of no use any more. */
export async function createFirstAdministrator(
  sql: Sql,
  administrator: FirstAdministrator,
  groupName: string,
  now: Date,
): Promise<boolean> {
  return sql.transaction().execute(async (trx) => {
    if (!(await markBootstrapped(trx))) return false;
    const id = randomUUID();
    const { username, email, passwordHash: hash } = administrator;
    await insertUser(trx, { id, username, email, name: '', active: true, createdAt: now });
    await trx.insertInto('password').values({ user_id: id, hash, changed_at: now }).execute();
    const group = await trx
      .selectFrom('user_group')
      .select('id')
      .where('name', '=', groupName)
      .executeTakeFirstOrThrow();
    await trx.insertInto('group_member').values({ group_id: group.id, user_id: id }).execute();
    await useUpSetupTokens(trx, now);
    return true;
  });
}

/** However many there are: none opens the setup flow any more. */
export async function useUpSetupTokens(trx: SqlTransaction, now: Date): Promise<void> {
  await trx
    .updateTable('flow_token')
    .set({ used_at: now })
    .where('purpose', '=', 'INITIAL_SETUP')
    .where('used_at', 'is', null)
    .execute();
}

/** Makes a one-time secret that opens the flow for setting up the first administrator. */
export async function issueSetupToken(sql: Sql, flowId: string, token: Secret, now: Date): Promise<void> {
  await sql
    .insertInto('flow_token')
    .values({
      id: randomUUID(),
      token_hash: tokenHash(token),
      flow_id: flowId,
      purpose: 'INITIAL_SETUP',
      user_id: null,
      suspension: null,
      created_at: now,
      expires_at: secondsAfter(now, SETUP_TOKEN_SECONDS),
      used_at: null,
    })
    .execute();
}
