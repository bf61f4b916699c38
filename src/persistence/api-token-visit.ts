import { secondsAfter } from '../kernel/clock.js';
import type { Secret } from '../kernel/secret.js';
import type { Access } from '../identity/access.js';
import { rightsByToken } from '../identity/api-token.js';
import { isPermission } from '../identity/permissions.js';
import { tokenHash } from '../identity/token.js';
import { rightsOfUser } from './access-store.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';

/** That a token is in use is written down once in so long: a script's every request is not to write. */
const LAST_USE_SECONDS = 60;

/**
 * What whoever brings this API token may do at this moment; undefined where it is unknown or has expired, and where its
 * owner is disabled.
 */
export async function arriveByApiToken(db: Sql, token: Secret, now: Date): Promise<Access | undefined> {
  const row = await db
    .selectFrom('api_token as t')
    .innerJoin('user_account as u', 'u.id', 't.user_id')
    .select(['t.id', 't.user_id', 't.permissions', 't.last_used_at'])
    .where('t.token_hash', '=', tokenHash(token))
    .where('t.expires_at', '>', now)
    .where('u.active', '=', true)
    .executeTakeFirst();
  if (!row) return undefined;
  const due = secondsAfter(now, -LAST_USE_SECONDS);
  if (row.last_used_at === null || moment(row.last_used_at) <= due) await noteUse(db, row.id, now, due);
  const granted = row.permissions.split(' ').filter(isPermission);
  const rights = rightsByToken(granted, await rightsOfUser(db, row.user_id));
  return { ...rights, userId: row.user_id, apiTokenId: row.id, authenticatedAt: null, isStrongest: true };
}

/** Of any number of requests at once, the first one writes. */
async function noteUse(db: Sql, id: string, now: Date, due: Date): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<=', due)]))
    .execute();
}
