import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { GrantConsent } from '../flow/effect.js';
import type { Commit } from '../flow/execution-store.js';
import { insertEvent } from './event-rows.js';
import type { SqlTransaction } from './tables.js';

/**
 * Remembers what somebody agrees to, in the place of what they had agreed to when the same stage asked before, and says so
 * in the event log.
 */
export async function grantConsent(
  trx: SqlTransaction,
  { userId, stageId, permissions, expiresAt }: GrantConsent,
  { execution, now, address, userAgent, location }: Commit,
): Promise<void> {
  const stageName = await heldStage(trx, userId, stageId);
  // A list would become an array of PostgreSQL's.
  const asked = sql<string[]>`${JSON.stringify(permissions)}::jsonb`;
  const granted = { permissions: asked, granted_at: now, expires_at: expiresAt };
  const { id } = await trx
    .insertInto('consent')
    .values({ id: randomUUID(), user_id: userId, stage_id: stageId, ...granted })
    .onConflict((conflict) => conflict.columns(['user_id', 'stage_id']).doUpdateSet(granted))
    .returning('id')
    .executeTakeFirstOrThrow();
  await insertEvent(trx, {
    action: 'CONSENT_GRANTED',
    object: { type: 'CONSENT', id, name: stageName },
    executionId: execution.id,
    details: { permissions: [...permissions], expiresAt: expiresAt?.toISOString() ?? null },
    ...{ userId, address, userAgent, location, now },
  });
}

/** What the stage is called; it stays until the transaction is over, and the person does. */
async function heldStage(trx: SqlTransaction, userId: string, stageId: string): Promise<string> {
  const held = await trx
    .selectFrom('stage as s')
    .innerJoin('user_account as u', (join) => join.on('u.id', '=', userId))
    .select('s.name')
    .where('s.id', '=', stageId)
    .forKeyShare()
    .executeTakeFirst();
  if (held) return held.name;
  throw new Refusal('CONFLICT', 'What you have agreed to is asked for no longer. Start again.');
}
