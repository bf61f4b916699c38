import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import type { Actor, Change } from '../flow/change.js';
import type { GroupEditor, GroupFields } from '../flow/group-store.js';
import { expectAdministrator, lockMemberships } from './administrators.js';
import { asRefusal } from './constraints.js';
import { recordChange } from './event-rows.js';
import { anyOf, isId } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';

/** What an edit has done, for the event log; undefined where it has changed nothing. */
interface Edited {
  readonly change: Change['change'];
  readonly group: { readonly id: string; readonly name: string };
  readonly fields?: readonly string[];
  readonly details: JsonObject;
}

export class SqlGroupEditor implements GroupEditor {
  constructor(private readonly db: Sql) {}

  async create({ parentIds, ...fields }: GroupFields, by: Actor): Promise<string> {
    const id = randomUUID();
    await this.#edit(by, async (trx) => {
      await trx
        .insertInto('user_group')
        .values({ id, ...fields })
        .execute();
      await putWithin(trx, id, parentIds);
      return {
        change: 'CREATED',
        group: { id, name: fields.name },
        fields: [...Object.keys(fields), 'parentIds'],
        details: { ...fields, parentIds: [...parentIds] },
      };
    });
    return id;
  }

  async update(id: string, { parentIds, ...fields }: Partial<GroupFields>, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await groupNamed(trx, id);
      const changes = { ...fields, ...(parentIds && { parentIds: [...parentIds] }) };
      if (Object.keys(changes).length === 0) return undefined;
      if (Object.keys(fields).length > 0)
        await trx.updateTable('user_group').set(fields).where('id', '=', id).execute();
      if (parentIds) await putWithin(trx, id, parentIds);
      return { change: 'UPDATED', group, fields: Object.keys(changes), details: changes };
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await groupNamed(trx, id);
      await trx.deleteFrom('user_group').where('id', '=', id).execute();
      return { change: 'DELETED', group, details: {} };
    });
  }

  async addMembers(id: string, userIds: readonly string[], by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const group = await groupNamed(trx, id);
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
      const group = await groupNamed(trx, id);
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
        const object = { type: 'GROUP', ...group } as const;
        await recordChange(trx, by, { action: 'GROUP_CHANGED', object, change, fields, details });
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

async function groupNamed(trx: SqlTransaction, id: string): Promise<{ id: string; name: string }> {
  if (!isId(id)) throw Refusal.notFound('group');
  const group = await trx
    .selectFrom('user_group')
    .select(['id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!group) throw Refusal.notFound('group');
  return group;
}

/** Puts a group within these, and no others. Refuses a circle: what is within the group cannot be around it. */
async function putWithin(trx: SqlTransaction, id: string, parentIds: readonly string[]): Promise<void> {
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

function membersChanged(
  change: Edited['change'],
  group: Edited['group'],
  people: readonly { readonly user_id: string }[],
): Edited | undefined {
  if (people.length === 0) return undefined;
  return { change, group, details: { userIds: people.map((row) => row.user_id) } };
}
