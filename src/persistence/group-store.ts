import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';

import type { GroupPage, GroupPageRequest, Groups } from '../flow/group-store.js';
import type { UserGroup } from '../flow/services/users.js';
import { anyOf } from './tables.js';
import type { Sql, Tables } from './tables.js';

/** Names in an order that is the same on every server, whatever language it was set up for. */
const inOrder = sql<string>`name collate "C"`;

export class SqlGroups implements Groups {
  constructor(private readonly db: Sql) {}

  async byName(name: string): Promise<UserGroup | undefined> {
    return this.#select().where('name', '=', name).executeTakeFirst();
  }

  async list({ search, size, after, descending }: GroupPageRequest): Promise<GroupPage> {
    const groups = await this.#select()
      .where((where) => holds(where, search))
      .where((where) => (after === null ? where.lit(true) : where(inOrder, descending ? '<' : '>', after)))
      .orderBy(inOrder, descending ? 'desc' : 'asc')
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    return { groups: groups.slice(0, size), hasMore: groups.length > size };
  }

  async count(search: string | null): Promise<number> {
    const { count } = await this.db
      .selectFrom('user_group')
      .select((select) => select.fn.countAll().as('count'))
      .where((where) => holds(where, search))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async parentsOf(ids: readonly string[]): Promise<UserGroup[][]> {
    const rows = await this.db
      .selectFrom('group_parent as p')
      .innerJoin('user_group as g', 'g.id', 'p.parent_id')
      .select(['p.group_id as of', 'g.id', 'g.name', 'g.superuser'])
      .where('p.group_id', '=', anyOf(ids))
      .orderBy('g.name')
      .execute();
    return arranged(ids, rows);
  }

  async childrenOf(ids: readonly string[]): Promise<UserGroup[][]> {
    const rows = await this.db
      .selectFrom('group_parent as p')
      .innerJoin('user_group as g', 'g.id', 'p.group_id')
      .select(['p.parent_id as of', 'g.id', 'g.name', 'g.superuser'])
      .where('p.parent_id', '=', anyOf(ids))
      .orderBy('g.name')
      .execute();
    return arranged(ids, rows);
  }

  #select() {
    return this.db.selectFrom('user_group').select(['id', 'name', 'superuser']);
  }
}

function holds(where: ExpressionBuilder<Tables, 'user_group'>, search: string | null): Expression<SqlBool> {
  if (search === null) return where.lit(true);
  return sql<SqlBool>`position(lower(${search}) in lower(name)) > 0`;
}

function arranged(ids: readonly string[], rows: readonly (UserGroup & { of: string })[]): UserGroup[][] {
  const found = Map.groupBy(rows, (row) => row.of);
  return ids.map((id) => found.get(id) ?? []);
}
