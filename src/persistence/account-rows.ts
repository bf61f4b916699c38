import { Refusal } from '../kernel/refusal.js';
import { anyOf, isId } from './tables.js';
import type { SqlTransaction } from './tables.js';

/*
 * Flows and administrators change accounts at the same time. Neither waits for the other in a circle, because both
 * take hold of executions first, then of accounts, and of all that belongs to accounts after that.
 */

/** The account, which nobody else changes until the transaction ends; refuses where there is none. */
export async function lockedAccount(trx: SqlTransaction, id: string) {
  if (!isId(id)) throw Refusal.notFound('user');
  const account = await trx
    .selectFrom('user_account')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!account) throw Refusal.notFound('user');
  return account;
}

/** Keeps everybody else from changing these accounts, and from opening sessions for them; some may not be there yet. */
export async function lockAccounts(trx: SqlTransaction, ids: readonly string[]): Promise<void> {
  await trx
    .selectFrom('user_account')
    .select('id')
    .where('id', '=', anyOf(ids))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

/**
 * Ends the flows that somebody is in the middle of: what they have proved there is worth nothing any more. An answer
 * that is being looked at loses its claim, and is not carried out. To be asked before the account is locked.
 */
export async function endFlows(trx: SqlTransaction, userId: string, now: Date): Promise<void> {
  await trx
    .updateTable('execution')
    .set({ expires_at: now, claim: null, claimed_until: null })
    .where('user_id', '=', userId)
    .where('status', '=', 'RUNNING')
    .where('expires_at', '>', now)
    .execute();
}

/** Signs somebody out everywhere but in one session. */
export async function endSessions(
  trx: SqlTransaction,
  userId: string,
  keptSessionId: string | null,
): Promise<void> {
  await trx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', 'is distinct from', keptSessionId)
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
