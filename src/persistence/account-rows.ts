import { Refusal } from '../kernel/refusal.js';
import { anyOf, isId } from './tables.js';
import type { SqlTransaction } from './tables.js';

/*
 * Flows and administrators change accounts at the same time. Neither waits for the other in a circle, because both
 * take hold of executions first, then of accounts, and of all that belongs to accounts after that. Whoever ends other
 * executions than their own takes the lock on memberships before all of that.
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
 * Ends the flows that somebody is in the middle of, but for one that ends them: what they have proved there is worth
 * nothing any more. An answer that is being looked at loses its claim, and is not carried out. To be asked before the
 * account is locked.
 */
export async function endFlows(
  trx: SqlTransaction,
  userId: string,
  now: Date,
  exceptId: string | null = null,
): Promise<void> {
  await trx
    .updateTable('execution')
    .set({ expires_at: now, claim: null, claimed_until: null })
    .where('user_id', '=', userId)
    .where('id', 'is distinct from', exceptId)
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
  await sessionsBut(trx, userId, keptSessionId).execute();
}

/** Whenever somebody's credentials change, no browser passes without their second factor any more. */
export async function forgetBrowsers(trx: SqlTransaction, userId: string): Promise<void> {
  await trx.deleteFrom('remembered_browser').where('user_id', '=', userId).execute();
}

/** Deletes all of somebody's sessions but one. */
export function sessionsBut(trx: SqlTransaction, userId: string, keptSessionId: string | null) {
  return trx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', 'is distinct from', keptSessionId);
}

/** However many links somebody was made for recovering their account: none opens anything any more. */
export async function spoilRecoveryLinks(trx: SqlTransaction, userId: string): Promise<void> {
  await unusedLinks(trx, userId).where('purpose', '=', 'RECOVERY').execute();
}

/** The same, and for those that flows have sent to the person by mail. */
export async function spoilLinks(trx: SqlTransaction, userId: string): Promise<void> {
  await unusedLinks(trx, userId).where('purpose', 'in', ['RECOVERY', 'MAIL_LINK']).execute();
}

function unusedLinks(trx: SqlTransaction, userId: string) {
  return trx.deleteFrom('flow_token').where('user_id', '=', userId).where('used_at', 'is', null);
}
