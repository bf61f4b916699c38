import { randomUUID } from 'node:crypto';

import type { Actor } from '../flow/change.js';
import type { GroupEditor, GroupFields } from '../flow/group-store.js';
import { rightsOfGroups } from './access-store.js';
import { asRefusal } from './constraints.js';
import { expectCovers, expectMayTouch } from './cover-rule.js';
import { createGroup, deleteGroup, editGroups, updateGroup } from './editing/groups.js';
import type { EditedGroup } from './editing/groups.js';
import { presentGroup } from './group-rows.js';
import type { PresentGroup } from './group-rows.js';
import { anyOf } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';

export class SqlGroupEditor implements GroupEditor {
  constructor(private readonly db: Sql) {}

  async create(fields: GroupFields, by: Actor): Promise<string> {
    const id = randomUUID();
    await this.#transaction((trx) => createGroup(trx, by, id, fields));
    return id;
  }

  async update(id: string, wanted: Partial<GroupFields>, ifVersion: number | null, by: Actor): Promise<void> {
    await this.#transaction((trx) => updateGroup(trx, by, id, wanted, ifVersion));
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.#transaction((trx) => deleteGroup(trx, by, id));
  }

  async addMembers(id: string, userIds: readonly string[], by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await presentGroup(trx, id);
      await expectCovers(trx, by, await rightsOfGroups(trx, [id]), 'The group');
      if (userIds.length === 0) return undefined;
      const joined = await trx
        .insertInto('group_member')
        .values([...new Set(userIds)].map((userId) => ({ group_id: id, user_id: userId })))
        .onConflict((conflict) => conflict.doNothing())
        .returning('user_id')
        .execute();
      return membersChanged('MEMBERS_ADDED', group, joined);
    });
  }

  async removeMembers(id: string, userIds: readonly string[], by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await presentGroup(trx, id);
      await expectMayTouch(trx, by, await rightsOfGroups(trx, [id]), 'The group');
      const left = await trx
        .deleteFrom('group_member')
        .where('group_id', '=', id)
        .where('user_id', '=', anyOf(userIds))
        .returning('user_id')
        .execute();
      return membersChanged('MEMBERS_REMOVED', group, left);
    });
  }

  async #edit(by: Actor, work: (trx: SqlTransaction) => Promise<EditedGroup | undefined>): Promise<void> {
    await this.#transaction((trx) => editGroups(trx, by, () => work(trx)));
  }

  async #transaction(work: (trx: SqlTransaction) => Promise<unknown>): Promise<void> {
    try {
      await this.db.transaction().execute(work);
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

function membersChanged(
  change: EditedGroup['change'],
  group: PresentGroup,
  people: readonly { readonly user_id: string }[],
): EditedGroup | undefined {
  if (people.length === 0) return undefined;
  return { change, group, details: { userIds: people.map((row) => row.user_id) } };
}
