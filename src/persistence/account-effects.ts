import { sql } from 'kysely';

import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import { withAttributes } from '../flow/attributes.js';
import type { CreateUser, ShutOutOthers, UpdateUser } from '../flow/effect.js';
import { forgetBrowsers, sessionsBut, spoilLinks } from './account-rows.js';
import { expectAdministrator } from './administrators.js';
import { asRefusal } from './constraints.js';
import type { SqlTransaction } from './tables.js';
import { insertUser, replaceIdentifiers } from './user-rows.js';

/** Makes the account, in the group that it joins. */
export async function createUser(trx: SqlTransaction, effect: CreateUser, now: Date): Promise<void> {
  const { type: _type, group, groups: _groups, id, ...columns } = effect;
  await insertUser(trx, { ...columns, id, createdAt: now });
  if (group) await trx.insertInto('group_member').values({ group_id: group.id, user_id: id }).execute();
}

/** Changes the account; refuses where it is gone. */
export async function updateUser(trx: SqlTransaction, { id, changes }: UpdateUser): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  const { emailVerifiedAt, attributes: writes, ...columns } = changes;
  const updated = await trx
    .updateTable('user_account')
    .set({
      ...columns,
      ...(writes && { attributes: withAttributes(await attributesOf(trx, id), writes) }),
      ...(emailVerifiedAt !== undefined && { email_verified_at: emailVerifiedAt }),
      version: sql<number>`version + 1`,
    })
    .where('id', '=', id)
    .returning(['id', 'username', 'email'])
    .executeTakeFirst();
  if (!updated) throw new Refusal('CONFLICT', 'The account is gone.');
  await replaceIdentifiers(trx, updated);
  if (columns.email !== undefined) await forgetBrowsers(trx, id);
}

/** As they are now: nobody changes them meanwhile, the account is locked. */
async function attributesOf(trx: SqlTransaction, id: string): Promise<JsonObject> {
  const row = await trx
    .selectFrom('user_account')
    .select('attributes')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.attributes ?? {};
}

/** Deletes the account with all that belongs to it. */
export async function deleteUser(trx: SqlTransaction, id: string): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('user_account')
    .where('id', '=', id)
    .executeTakeFirst()
    .catch(refusedInUse);
  if (numDeletedRows !== 1n) throw new Refusal('CONFLICT', 'The account is gone.');
  await expectAdministrator(trx);
}

function refusedInUse(error: unknown): never {
  if (!(asRefusal(error) instanceof Refusal)) throw error;
  throw new Refusal('CONFLICT', 'The account is still needed for something. Please tell an administrator.');
}

/** Ends sessions and spoils links; other flows have been ended before the account was locked. */
export async function shutOutOthers(
  trx: SqlTransaction,
  { userId, keptSessionId }: ShutOutOthers,
  executionId: string,
): Promise<void> {
  await sessionsBut(trx, userId, keptSessionId).where('execution_id', '!=', executionId).execute();
  await spoilLinks(trx, userId);
  await forgetBrowsers(trx, userId);
}
