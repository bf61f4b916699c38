import { sql } from 'kysely';

import type { Actor } from '../flow/change.js';
import { may } from '../identity/access.js';
import type { Rights } from '../identity/access.js';
import { isPermission, withImplied } from '../identity/permissions.js';
import { anyOf } from './tables.js';
import type { Sql } from './tables.js';

/** What whoever changes something may do: with an API token, what it allows of what its owner may. */
export async function rightsOfActor(db: Sql, { userId, apiTokenId }: Actor): Promise<Rights> {
  if (userId === null) return EVERYTHING;
  const own = await rightsOfUser(db, userId);
  if (apiTokenId === null) return own;
  const token = await db
    .selectFrom('api_token')
    .select('permissions')
    .where('id', '=', apiTokenId)
    .executeTakeFirst();
  const allowed = withImplied((token?.permissions ?? '').split(' ').filter(isPermission));
  return { superuser: false, permissions: new Set([...allowed].filter((one) => may(own, one))) };
}

/** The service itself asks nobody. */
const EVERYTHING: Rights = { superuser: true, permissions: new Set() };

/** What somebody may do who is in these groups, by them and by those that they lie within. */
export async function rightsOfGroups(db: Sql, groupIds: readonly string[]): Promise<Rights> {
  const { rows } = await sql<GrantRow>`
    with recursive around (id) as (
      select id from user_group where id = ${anyOf(groupIds)}
      union
      select p.parent_id from around a join group_parent p on p.group_id = a.id
    )
    select g.superuser, p.permission
    from around a
    join user_group g on g.id = a.id
    left join group_permission p on p.group_id = g.id`.execute(db);
  return rightsIn(rows);
}

/** What somebody may do by all the groups that they are in, directly or by others. */
export async function rightsOfUser(db: Sql, userId: string): Promise<Rights> {
  const { rows } = await sql<GrantRow>`
    with recursive member_of (id) as (
      select group_id from group_member where user_id = ${userId}
      union
      select p.parent_id from member_of o join group_parent p on p.group_id = o.id
    )
    select g.superuser, p.permission
    from member_of o
    join user_group g on g.id = o.id
    left join group_permission p on p.group_id = g.id`.execute(db);
  return rightsIn(rows);
}

interface GrantRow {
  readonly superuser: boolean;
  readonly permission: string | null;
}

function rightsIn(rows: readonly GrantRow[]): Rights {
  return {
    superuser: rows.some((row) => row.superuser),
    // What a later version grants, and this one does not know, it does not give.
    permissions: withImplied(
      rows.flatMap(({ permission }) => (permission !== null && isPermission(permission) ? [permission] : [])),
    ),
  };
}
