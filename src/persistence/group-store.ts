import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';

import type {
  GroupDetails,
  GroupPage,
  GroupPageRequest,
  Groups,
  MemberPage,
  MemberPageRequest,
} from '../flow/group-store.js';
import type { UserGroup } from '../flow/services/users.js';
import { isPermission } from '../identity/permissions.js';
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

  async detailsOf(ids: readonly string[]): Promise<(GroupDetails | undefined)[]> {
    const rows = await this.db
      .selectFrom('user_group as g')
      .leftJoin('group_permission as p', 'p.group_id', 'g.id')
      .select(['g.id', 'g.version', 'p.permission'])
      .where('g.id', '=', anyOf(ids))
      .execute();
    const found = Map.groupBy(rows, (row) => row.id);
    return ids.map((id) => {
      const own = found.get(id);
      if (!own?.[0]) return undefined;
      const permissions = own.flatMap(({ permission }) => permission ?? []).filter(isPermission);
      return { version: own[0].version, permissions: permissions.toSorted() };
    });
  }

  async membersOf(requests: readonly MemberPageRequest[]): Promise<MemberPage[]> {
    const wanted = requests.map((request, place) => ({ ...request, place }));
    const { rows } = await sql<{ place: number; userId: string; canonicalUsername: string }>`
      select r.place, m.user_id as "userId", m.canonical as "canonicalUsername"
      from json_to_recordset(${JSON.stringify(wanted)}::json)
        as r (place int, "groupId" uuid, size int, "after" text)
      cross join lateral (
        select i.user_id, i.canonical
        from group_member g
        join user_identifier i on i.user_id = g.user_id and i.is_username
        where g.group_id = r."groupId" and (r."after" is null or i.canonical > r."after")
        order by i.canonical
        limit r.size + 1
      ) m
      order by r.place, m.canonical`.execute(this.db);
    const found = Map.groupBy(rows, (row) => row.place);
    return wanted.map(({ place, size }) => {
      const members = found.get(place) ?? [];
      return { members: members.slice(0, size), hasMore: members.length > size };
    });
  }

  async memberCountsOf(ids: readonly string[]): Promise<number[]> {
    const rows = await this.db
      .selectFrom('group_member')
      .select(['group_id', (select) => select.fn.countAll().as('count')])
      .where('group_id', '=', anyOf(ids))
      .groupBy('group_id')
      .execute();
    const counts = new Map(rows.map((row) => [row.group_id, Number(row.count)]));
    return ids.map((id) => counts.get(id) ?? 0);
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
