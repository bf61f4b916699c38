import { Refusal } from '../kernel/refusal.js';
import type { UseOnce } from '../flow/effect.js';
import type { SqlTransaction } from './tables.js';

/** Of any number who use the same thing at once, one is the first; the others are refused. */
export async function useOnce(trx: SqlTransaction, { key, expiresAt }: UseOnce): Promise<void> {
  const used = await trx
    .insertInto('used_once')
    .values({ key, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst();
  if (!used) throw new Refusal('CONFLICT', 'This has been used in the meantime. Ask for a new one.');
}
