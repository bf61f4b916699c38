import { Refusal } from '../kernel/refusal.js';
import type { Actor } from '../flow/change.js';
import { covers, missingFrom } from '../identity/access.js';
import type { Rights } from '../identity/access.js';
import { rightsOfActor } from './access-store.js';
import type { SqlTransaction } from './tables.js';

/**
 * Refuses whoever hands out, or takes over, what they do not have. To be asked in the transaction that makes the
 * change, once it holds the lock of `lockMemberships`: what the actor has lost meanwhile does not count then. `holder`
 * begins the message: 'The group', 'The account'.
 */
export async function expectCovers(
  trx: SqlTransaction,
  by: Actor,
  rights: Rights,
  holder: string,
): Promise<void> {
  const own = await rightsOfActor(trx, by);
  if (covers(own, rights)) return;
  const missing = missingFrom(own, rights).join(', ');
  throw new Refusal(
    'FORBIDDEN',
    `${holder} has rights that you do not have yourself: ${missing}. Only somebody who has them can do this.`,
  );
}

/** Refuses whoever is none, where what is to be changed makes superusers, or is one. */
export async function expectMayTouch(
  trx: SqlTransaction,
  by: Actor,
  { superuser }: Rights,
  holder: string,
): Promise<void> {
  if (superuser) await expectCovers(trx, by, { superuser, permissions: new Set() }, holder);
}
