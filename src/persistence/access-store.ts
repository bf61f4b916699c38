import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import type { Actor } from '../flow/change.js';
import { may } from '../identity/access.js';
import type { Rights } from '../identity/access.js';
import { isPermission, withImplied } from '../identity/permissions.js';
import { anyOf } from './tables.js';
import type { Sql } from './tables.js';

/** What somebody may do by all the groups that they are in, directly or by others. */
export function rightsOfUser(db: Sql, userId: string): Promise<Rights> {
  return rightsAround(db, sql`select group_id from group_member where user_id = ${userId}`);
}

/** What people may do by being in these groups: what the groups are granted, and what those around them are. */
export function rightsOfGroups(db: Sql, groupIds: readonly string[]): Promise<Rights> {
  return rightsAround(db, sql`select id from user_group where id = ${anyOf(groupIds)}`);
}

/**
 * What whoever changes something may do at this moment, whatever they could when they sent the request. By an API
 * token they may do what it allows of that, and nobody does everything.
 */
export async function rightsOfActor(db: Sql, { userId, apiTokenId }: Actor): Promise<Rights> {
  if (userId === null) return { superuser: true, permissions: new Set() };
  const active = await db
    .selectFrom('user_account')
    .select('id')
    .where('id', '=', userId)
    .where('active', '=', true)
    .executeTakeFirst();
  if (!active) return none;
  const own = await rightsOfUser(db, userId);
  if (apiTokenId === null) return own;
  const token = await db
    .selectFrom('api_token')
    .select('permissions')
    .where('id', '=', apiTokenId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (!token) return none;
  const allowed = withImplied(token.permissions.split(' ').filter(isPermission));
  return { superuser: false, permissions: new Set([...allowed].filter((one) => may(own, one))) };
}

const none: Rights = { superuser: false, permissions: new Set() };

/** The rights of these groups, and of those around them. */
async function rightsAround(db: Sql, groups: RawBuilder<unknown>): Promise<Rights> {
  const { rows } = await sql<{ superuser: boolean; permission: string | null }>`
    with recursive member_of (id) as (
      ${groups}
      union
      select p.parent_id from member_of o join group_parent p on p.group_id = o.id
    )
    select g.superuser, p.permission
    from member_of o
    join user_group g on g.id = o.id
    left join group_permission p on p.group_id = g.id`.execute(db);
  return {
    superuser: rows.some((row) => row.superuser),
    // What a later version grants, and this one does not know, it does not give.
    permissions: withImplied(
      rows.flatMap(({ permission }) => (permission !== null && isPermission(permission) ? [permission] : [])),
    ),
  };
}
