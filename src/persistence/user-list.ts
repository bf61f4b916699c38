import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';

import type { PasswordState, UserFilter, UserList, UserPage, UserPageRequest } from '../flow/user-store.js';
import { isBehind } from './keyset.js';
import { afterAllWith } from './prefix.js';
import { anyOf, isId, moment } from './tables.js';
import type { Sql } from './tables.js';
import { flowUser, selectUsers } from './user-store.js';

export class SqlUserList implements UserList {
  constructor(private readonly db: Sql) {}

  async list({ filter, order, size }: UserPageRequest): Promise<UserPage> {
    const direction = order.descending ? 'desc' : 'asc';
    const people = selectUsers(this.db)
      .innerJoin('user_identifier as i', 'i.user_id', 'u.id')
      .select('i.canonical as word')
      .where(filter.search === null ? isUsername : isFirstWordFound(filter.search))
      .where((where) => where.and(conditions(filter)));
    const page =
      order.by === 'WORD'
        ? people
            .where(order.after === null ? always : isWordBehind(order.after, order.descending))
            .orderBy('i.canonical', direction)
        : people
            .where(order.after === null ? always : isBehind(order.after, order.descending))
            .orderBy('u.created_at', direction)
            .orderBy('u.id', direction);
    // One more than is shown tells whether that is all.
    const rows = await page.limit(size + 1).execute();
    const users = rows.slice(0, size).map((row) => ({ user: flowUser(row), word: row.word }));
    return { users, hasMore: rows.length > size };
  }

  async count(filter: UserFilter): Promise<number> {
    const { search } = filter;
    const { count } = await this.db
      .selectFrom('user_account as u')
      .select((select) => select.fn.countAll().as('count'))
      .where((where) => where.and(conditions(filter)))
      .where(
        search === null
          ? always
          : sql<SqlBool>`u.id in (select i.user_id from user_identifier i where ${isFound(search)})`,
      )
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async groupIdsOf(ids: readonly string[]): Promise<string[][]> {
    const rows = await this.db
      .selectFrom('group_member as m')
      .innerJoin('user_group as g', 'g.id', 'm.group_id')
      .select(['m.user_id', 'm.group_id'])
      .where('m.user_id', '=', anyOf(ids))
      .orderBy('g.name')
      .execute();
    const found = Map.groupBy(rows, (row) => row.user_id);
    return ids.map((id) => (found.get(id) ?? []).map((row) => row.group_id));
  }

  async passwordStates(ids: readonly string[]): Promise<(PasswordState | undefined)[]> {
    const rows = await this.db
      .selectFrom('password')
      .select(['user_id', 'changed_at', 'compromised_at'])
      .where('user_id', '=', anyOf(ids))
      .execute();
    const found = new Map(
      rows.map(({ user_id: id, changed_at: changedAt, compromised_at: since }): [string, PasswordState] => [
        id,
        { changedAt: moment(changedAt), compromised: since !== null },
      ]),
    );
    return ids.map((id) => found.get(id));
  }
}

type Condition = Expression<SqlBool>;

const always: Condition = sql<SqlBool>`true`;
const isUsername: Condition = sql<SqlBool>`i.is_username`;

function conditions({
  active,
  awaitsVerification,
  kind,
  path,
  groupId,
}: Omit<UserFilter, 'search'>): Condition[] {
  const all: Condition[] = [];
  if (active !== null) all.push(active ? sql<SqlBool>`u.active` : sql<SqlBool>`not u.active`);
  // As the index says it that few are in.
  if (awaitsVerification !== null)
    all.push(
      awaitsVerification ? sql<SqlBool>`u.awaits_verification` : sql<SqlBool>`not u.awaits_verification`,
    );
  if (kind !== null) all.push(sql<SqlBool>`u.kind = ${kind}`);
  if (path !== null) all.push(sql<SqlBool>`(u.path = ${path} or starts_with(u.path, ${`${path}/`}))`);
  // What cannot be an id names nothing.
  if (groupId !== null && !isId(groupId)) all.push(sql<SqlBool>`false`);
  else if (groupId !== null)
    all.push(
      sql<SqlBool>`exists (select 1 from group_member m where m.group_id = ${groupId} and m.user_id = u.id)`,
    );
  return all;
}

function isWordBehind(word: string, descending: boolean): Condition {
  return descending ? sql<SqlBool>`i.canonical < ${word}` : sql<SqlBool>`i.canonical > ${word}`;
}

function isFound(search: string): Condition {
  const end = afterAllWith(search);
  return end === null
    ? sql<SqlBool>`i.canonical >= ${search}`
    : sql<SqlBool>`i.canonical >= ${search} and i.canonical < ${end}`;
}

/** Whoever is found by both of their words is listed at the one that comes first. */
function isFirstWordFound(search: string): Condition {
  return sql<SqlBool>`${isFound(search)} and not exists (
    select 1 from user_identifier e
    where e.user_id = i.user_id and e.canonical >= ${search} and e.canonical < i.canonical)`;
}
