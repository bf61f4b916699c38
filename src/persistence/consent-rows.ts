import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { GrantConsent } from '../flow/effect.js';
import type { SqlTransaction } from './tables.js';

/** Remembers what somebody agrees to, in the place of what they had agreed to when the same stage asked before. */
export async function grantConsent(
  trx: SqlTransaction,
  { userId, stageId, permissions, expiresAt }: GrantConsent,
  now: Date,
): Promise<void> {
  // A list would become an array of PostgreSQL's.
  const asked = sql<string[]>`${JSON.stringify(permissions)}::jsonb`;
  const granted = { permissions: asked, granted_at: now, expires_at: expiresAt };
  await trx
    .insertInto('consent')
    .values({ id: randomUUID(), user_id: userId, stage_id: stageId, ...granted })
    .onConflict((conflict) => conflict.columns(['user_id', 'stage_id']).doUpdateSet(granted))
    .execute();
}
