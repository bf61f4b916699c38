import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../kernel/json.js';
import type { Actor, Change } from '../flow/change.js';
import type { GroupEditor, GroupFields } from '../flow/group-store.js';
import { rightsOfGroups } from './access-store.js';
import { expectAdministrator, lockMemberships } from './administrators.js';
import { asRefusal } from './constraints.js';
import { expectCovers, expectMayTouch } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import { changesOf, gainedBy, grant, presentGroup, putWithin } from './group-rows.js';
import type { PresentGroup } from './group-rows.js';
import { anyOf } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';
import { expectVersion } from './versions.js';

/** What an edit has done, for the event log; undefined where it has changed nothing. */
interface Edited {
  readonly change: Change['change'];
  readonly group: Pick<PresentGroup, 'id' | 'name'>;
  readonly fields?: readonly string[];
  readonly details: JsonObject;
}

export class SqlGroupEditor implements GroupEditor {
  constructor(private readonly db: Sql) {}

  async create(fields: GroupFields, by: Actor): Promise<string> {
    const id = randomUUID();
    const { parentIds, permissions, ...columns } = fields;
    await this.#edit(by, async (trx) => {
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
    return id;
  }

  async update(id: string, wanted: Partial<GroupFields>, ifVersion: number | null, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
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

  async delete(id: string, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await presentGroup(trx, id);
      await expectMayTouch(trx, by, await rightsOfGroups(trx, [id]), 'The group');
      await trx.deleteFrom('user_group').where('id', '=', id).execute();
      return { change: 'DELETED', group, details: {} };
    });
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

  /** Does the work alone, checks what it has come to, and records it. */
  async #edit(by: Actor, work: (trx: SqlTransaction) => Promise<Edited | undefined>): Promise<void> {
    try {
      await this.db.transaction().execute(async (trx) => {
        await lockMemberships(trx);
        const edited = await work(trx);
        if (!edited) return;
        await expectAdministrator(trx);
        const { change, group, fields = [], details } = edited;
        const object = { type: 'GROUP', id: group.id, name: group.name } as const;
        await recordChange(trx, by, { action: 'GROUP_CHANGED', object, change, fields, details });
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

function membersChanged(
  change: Edited['change'],
  group: PresentGroup,
  people: readonly { readonly user_id: string }[],
): Edited | undefined {
  if (people.length === 0) return undefined;
  return { change, group, details: { userIds: people.map((row) => row.user_id) } };
}
