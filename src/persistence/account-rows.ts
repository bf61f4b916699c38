import { Refusal } from '../kernel/refusal.js';
import { isId } from './tables.js';
import type { SqlTransaction } from './tables.js';

/** The account, which nobody else changes until the transaction ends; refuses where there is none. */
export async function lockedAccount(trx: SqlTransaction, id: string) {
  if (!isId(id)) throw Refusal.notFound('user');
  const account = await trx
    .selectFrom('user_account')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!account) throw Refusal.notFound('user');
  return account;
}

/** Signs somebody out everywhere but in one session, and ends the flows in which they have proved who they are. */
export async function signOut(
  trx: SqlTransaction,
  userId: string,
  keptSessionId: string | null,
  now: Date,
): Promise<void> {
  await trx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', 'is distinct from', keptSessionId)
    .execute();
  // An answer that is being looked at loses its claim, and is not carried out.
  await trx
    .updateTable('execution')
    .set({ expires_at: now, claim: null, claimed_until: null })
    .where('user_id', '=', userId)
    .where('status', '=', 'RUNNING')
    .where('expires_at', '>', now)
    .execute();
}

/** However many links somebody was made for recovering their account: none opens anything any more. */
export async function spoilRecoveryLinks(trx: SqlTransaction, userId: string): Promise<void> {
  await trx
    .deleteFrom('flow_token')
    .where('user_id', '=', userId)
    .where('purpose', '=', 'RECOVERY')
    .where('used_at', 'is', null)
    .execute();
}
