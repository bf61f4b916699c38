import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { GroupFields } from '../flow/group-store.js';
import type { Rights } from '../identity/access.js';
import { isPermission, withImplied } from '../identity/permissions.js';
import { rightsOfGroups } from './access-store.js';
import { anyOf, isId } from './tables.js';
import type { SqlTransaction } from './tables.js';

/** A group as an edit finds it. */
export interface PresentGroup extends GroupFields {
  readonly id: string;
  readonly version: number;
}

export async function presentGroup(trx: SqlTransaction, id: string): Promise<PresentGroup> {
  if (!isId(id)) throw Refusal.notFound('group');
  const group = await trx
    .selectFrom('user_group')
    .select(['id', 'name', 'superuser', 'version'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!group) throw Refusal.notFound('group');
  const granted = await trx
    .selectFrom('group_permission')
    .select('permission')
    .where('group_id', '=', id)
    .execute();
  const parents = await trx
    .selectFrom('group_parent')
    .select('parent_id')
    .where('group_id', '=', id)
    .execute();
  return {
    ...group,
    permissions: granted.map((row) => row.permission),
    parentIds: parents.map((row) => row.parent_id),
  };
}

/** Of what is wanted of a group that which it is not. */
export function changesOf(group: PresentGroup, wanted: Partial<GroupFields>): Partial<GroupFields> {
  const { name, superuser, permissions, parentIds } = wanted;
  return {
    ...(name !== undefined && name !== group.name && { name }),
    ...(superuser !== undefined && superuser !== group.superuser && { superuser }),
    ...(permissions && isOther(group.permissions, permissions) && { permissions }),
    ...(parentIds && isOther(group.parentIds, parentIds) && { parentIds }),
  };
}

function isOther(present: readonly string[], wanted: readonly string[]): boolean {
  const [before, after] = [new Set(present), new Set(wanted)];
  return before.size !== after.size || [...after].some((one) => !before.has(one));
}

/** The rights that a change hands out: what is granted newly, and all that the groups around it confer newly. */
export async function gainedBy(
  trx: SqlTransaction,
  group: PresentGroup,
  { superuser = false, permissions = [], parentIds = [] }: Partial<GroupFields>,
): Promise<Rights> {
  const granted = permissions.filter((one) => !group.permissions.includes(one));
  const around = await rightsOfGroups(
    trx,
    parentIds.filter((id) => !group.parentIds.includes(id)),
  );
  return {
    superuser: superuser || around.superuser,
    permissions: withImplied([...granted.filter(isPermission), ...around.permissions]),
  };
}

/** Grants a group these, and nothing else. */
export async function grant(trx: SqlTransaction, id: string, permissions: readonly string[]): Promise<void> {
  await trx.deleteFrom('group_permission').where('group_id', '=', id).execute();
  if (permissions.length === 0) return;
  await trx
    .insertInto('group_permission')
    .values([...new Set(permissions)].map((permission) => ({ group_id: id, permission })))
    .execute();
}

/** Puts a group within these, and no others. Refuses a circle: what is within the group cannot be around it. */
export async function putWithin(
  trx: SqlTransaction,
  id: string,
  parentIds: readonly string[],
): Promise<void> {
  await trx.deleteFrom('group_parent').where('group_id', '=', id).execute();
  if (parentIds.length === 0) return;
  const { rows: circular } = await sql`
    with recursive inside (id) as (
      select ${id}::uuid
      union
      select p.group_id from inside i join group_parent p on p.parent_id = i.id
    )
    select 1 from inside where id = ${anyOf(parentIds)} limit 1`.execute(trx);
  if (circular.length > 0) {
    const message = 'A group cannot lie within itself, or within a group that lies within it.';
    throw Refusal.badInput([{ path: 'input.parentIds', code: 'CYCLE', message }]);
  }
  await trx
    .insertInto('group_parent')
    .values([...new Set(parentIds)].map((parentId) => ({ group_id: id, parent_id: parentId })))
    .execute();
}
