import { sql } from 'kysely';

import type { Rights } from '../identity/access.js';
import { isPermission, withImplied } from '../identity/permissions.js';
import type { Sql } from './tables.js';

/** What somebody may do by all the groups that they are in, directly or by others. */
export async function rightsOfUser(db: Sql, userId: string): Promise<Rights> {
  const { rows } = await sql<{ superuser: boolean; permission: string | null }>`
    with recursive member_of (id) as (
      select group_id from group_member where user_id = ${userId}
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
