import type { Actor } from '../flow/change.js';
import { recordChange } from './event-rows.js';
import type { Sql } from './tables.js';

/** Notes in the event log how much of what was sealed anew, and with which key. */
export async function recordKeyRotation(
  db: Sql,
  keyId: string,
  resealed: readonly { readonly thing: string; readonly keyId: string; readonly count: number }[],
  by: Actor,
): Promise<void> {
  await db.transaction().execute((trx) =>
    recordChange(trx, by, {
      action: 'KEYS_ROTATED',
      object: { type: 'SETTINGS', id: null, name: 'secret keys' },
      change: 'UPDATED',
      fields: [],
      details: { keyId, resealed: resealed.map(({ thing, keyId: from, count }) => ({ thing, from, count })) },
    }),
  );
}
