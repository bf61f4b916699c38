import { sql } from 'kysely';
import type { Expression, Selectable, SqlBool } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { ConsumeInvitation } from '../flow/effect.js';
import type { Commit } from '../flow/execution-store.js';
import type { Invitation } from '../flow/invitation.js';
import { covers } from '../identity/access.js';
import { rightsOfActor, rightsOfGroups } from './access-store.js';
import { insertEvent } from './event-rows.js';
import { moment } from './tables.js';
import type { SqlTransaction, Tables } from './tables.js';

/** An invitation as it is kept, less the hash of its secret. */
export function invitationOf(row: Selectable<Tables['invitation']>): Invitation {
  return {
    id: row.id,
    name: row.name,
    flowId: row.flow_id,
    singleUse: row.single_use,
    fixedData: row.fixed_data,
    uses: row.uses,
    createdBy: row.created_by,
    createdAt: moment(row.created_at),
    expiresAt: row.expires_at === null ? null : moment(row.expires_at),
    version: row.version,
  };
}

/** The account that it was for has been made. */
export const isUsedUp = sql<SqlBool>`(single_use and uses > 0)`;

export function isExpired(now: Date): Expression<SqlBool> {
  return sql<SqlBool>`(expires_at is not null and expires_at <= ${now})`;
}

/** Whether it lets somebody into this flow. */
export function isGood(flowId: string, now: Date): Expression<SqlBool> {
  return sql<SqlBool>`(not ${isUsedUp} and not ${isExpired(now)} and (flow_id is null or flow_id = ${flowId}))`;
}

/**
 * Counts an account that is being made with an invitation, and says so in the event log. Of several at once, each waits
 * for the one before it, and finds what that has left. It gives no more than whoever has made it may hand out now:
 * flows, and what their groups may do, change after people have been invited.
 */
export async function consumeInvitation(
  trx: SqlTransaction,
  { id, flowId, userId }: ConsumeInvitation,
  { execution, effects, now, address, userAgent, location }: Commit,
): Promise<void> {
  const consumed = await trx
    .updateTable('invitation')
    .set({ uses: sql<number>`uses + 1` })
    .where('id', '=', id)
    .where(isGood(flowId, now))
    .returning(['name', 'created_by'])
    .executeTakeFirst();
  const joined = effects.flatMap((one) => (one.type === 'createUser' && one.group ? [one.group.id] : []));
  if (!consumed || !(await mayHandOut(trx, consumed.created_by, joined)))
    throw new Refusal('CONFLICT', 'The invitation is not valid any more. Nothing was saved.');
  await insertEvent(trx, {
    action: 'INVITATION_USED',
    object: { type: 'INVITATION', id, name: consumed.name },
    executionId: execution.id,
    details: {},
    ...{ userId, address, userAgent, location, now },
  });
}

async function mayHandOut(
  trx: SqlTransaction,
  userId: string | null,
  groupIds: readonly string[],
): Promise<boolean> {
  if (groupIds.length === 0) return true;
  const own = await rightsOfActor(trx, { userId, apiTokenId: null });
  return covers(own, await rightsOfGroups(trx, groupIds));
}
