import type { JsonObject } from '../../kernel/json.js';
import type { Actor, Change } from '../../flow/change.js';
import type { GroupFields } from '../../flow/group-store.js';
import { rightsOfGroups } from '../access-store.js';
import { expectAdministrator, lockMemberships } from '../administrators.js';
import { expectCovers, expectMayTouch } from '../cover-rule.js';
import { recordChange } from '../event-rows.js';
import { changesOf, gainedBy, grant, presentGroup, putWithin } from '../group-rows.js';
import type { PresentGroup } from '../group-rows.js';
import type { SqlTransaction } from '../tables.js';
import { expectVersion } from '../versions.js';

/** What an edit has done, for the event log; undefined where it has changed nothing. */
export interface EditedGroup {
  readonly change: Change['change'];
  readonly group: Pick<PresentGroup, 'id' | 'name'>;
  readonly fields?: readonly string[];
  readonly details: JsonObject;
}

/** Does the work while nobody else edits groups, checks what it has come to, and records it; whether it changed anything. */
export async function editGroups(
  trx: SqlTransaction,
  by: Actor,
  work: () => Promise<EditedGroup | undefined>,
): Promise<boolean> {
  await lockMemberships(trx);
  const edited = await work();
  if (!edited) return false;
  // A new group has taken nothing from anybody; at the first start there is nobody yet.
  if (edited.change !== 'CREATED') await expectAdministrator(trx);
  const { change, group, fields = [], details } = edited;
  const object = { type: 'GROUP', id: group.id, name: group.name } as const;
  await recordChange(trx, by, { action: 'GROUP_CHANGED', object, change, fields, details });
  return true;
}

export function createGroup(
  trx: SqlTransaction,
  by: Actor,
  id: string,
  fields: GroupFields,
): Promise<boolean> {
  const { parentIds, permissions, ...columns } = fields;
  return editGroups(trx, by, async () => {
    await trx
      .insertInto('user_group')
      .values({ id, ...columns })
      .execute();
    await grant(trx, id, permissions);
    await putWithin(trx, id, parentIds);
    await expectCovers(trx, by, await rightsOfGroups(trx, [id]), 'The group');
    const group = { id, name: fields.name };
    return { change: 'CREATED', group, fields: Object.keys(fields), details: { ...fields } };
  });
}

export function updateGroup(
  trx: SqlTransaction,
  by: Actor,
  id: string,
  wanted: Partial<GroupFields>,
  ifVersion: number | null,
): Promise<boolean> {
  return editGroups(trx, by, async () => {
    const group = await presentGroup(trx, id);
    await expectMayTouch(trx, by, await rightsOfGroups(trx, [id]), 'The group');
    expectVersion('group', group.version, ifVersion);
    const changes = changesOf(group, wanted);
    if (Object.keys(changes).length === 0) return undefined;
    await expectCovers(trx, by, await gainedBy(trx, group, changes), 'With this, the group');
    const { parentIds, permissions, ...columns } = changes;
    await trx
      .updateTable('user_group')
      .set({ ...columns, version: group.version + 1 })
      .where('id', '=', id)
      .execute();
    if (permissions) await grant(trx, id, permissions);
    if (parentIds) await putWithin(trx, id, parentIds);
    return { change: 'UPDATED', group, fields: Object.keys(changes), details: { ...changes } };
  });
}

export function deleteGroup(trx: SqlTransaction, by: Actor, id: string): Promise<boolean> {
  return editGroups(trx, by, async () => {
    const group = await presentGroup(trx, id);
    await expectMayTouch(trx, by, await rightsOfGroups(trx, [id]), 'The group');
    await trx.deleteFrom('user_group').where('id', '=', id).execute();
    return { change: 'DELETED', group, details: {} };
  });
}
