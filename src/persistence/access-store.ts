import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import type { Actor } from '../flow/change.js';
import type { Rights } from '../identity/access.js';
import { rightsByToken } from '../identity/api-token.js';
import { isPermission, withImplied } from '../identity/permissions.js';
import { anyOf } from './tables.js';
import type { Sql } from './tables.js';

/** What somebody may do by all the groups that they are in, directly or by others. */
export async function rightsOfUser(db: Sql, userId: string): Promise<Rights> {
  return rightsIn(
    await grantsAround(db, sql`select group_id, group_id from group_member where user_id = ${userId}`),
  );
}

/** What people may do by being in all these groups: what the groups are granted, and what those around them are. */
export async function rightsOfGroups(db: Sql, groupIds: readonly string[]): Promise<Rights> {
  return rightsIn(await grantsAround(db, groupsThemselves(groupIds)));
}

/** For each id what people may do by being in this group. */
export async function rightsOfEachGroup(db: Sql, groupIds: readonly string[]): Promise<Rights[]> {
  const grants = Map.groupBy(await grantsAround(db, groupsThemselves(groupIds)), (grant) => grant.start);
  return groupIds.map((id) => rightsIn(grants.get(id) ?? []));
}

/**
 * What whoever changes something may do at this moment, whatever they could when they sent the request. By an API
 * token they may do what it allows of that, and nobody does everything.
 */
export async function rightsOfActor(
  db: Sql,
  { userId, apiTokenId }: Pick<Actor, 'userId' | 'apiTokenId'>,
): Promise<Rights> {
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
  return rightsByToken(token.permissions.split(' ').filter(isPermission), own);
}

const none: Rights = { superuser: false, permissions: new Set() };

interface Grant {
  /** The group by which one comes to it. */
  readonly start: string;
  readonly superuser: boolean;
  readonly permission: string | null;
}

function groupsThemselves(ids: readonly string[]): RawBuilder<unknown> {
  return sql`select id, id from user_group where id = ${anyOf(ids)}`;
}

/** What these groups are granted, and what those around them are. */
async function grantsAround(db: Sql, groups: RawBuilder<unknown>): Promise<Grant[]> {
  const { rows } = await sql<Grant>`
    with recursive member_of (start, id) as (
      ${groups}
      union
      select o.start, p.parent_id from member_of o join group_parent p on p.group_id = o.id
    )
    select o.start, g.superuser, p.permission
    from member_of o
    join user_group g on g.id = o.id
    left join group_permission p on p.group_id = g.id`.execute(db);
  return rows;
}

function rightsIn(grants: readonly Grant[]): Rights {
  return {
    superuser: grants.some((grant) => grant.superuser),
    // What a later version grants, and this one does not know, it does not give.
    permissions: withImplied(
      grants.flatMap(({ permission }) =>
        permission !== null && isPermission(permission) ? [permission] : [],
      ),
    ),
  };
}
