import { canonical } from '../kernel/text.js';
import type { Invitation } from '../flow/invitation.js';
import type { NamedGroup, NamedObjects } from '../flow/named-objects.js';
import { invitationOf } from './invitation-rows.js';
import { anyOf } from './tables.js';
import type { Sql } from './tables.js';

/** Few enough for the number of parameters that a statement can have. */
const BATCH = 1000;

export class SqlNamedObjects implements NamedObjects {
  constructor(private readonly sql: Sql) {}

  async groups(names: readonly string[]): Promise<ReadonlyMap<string, NamedGroup>> {
    const rows = await inBatches(names, (batch) =>
      this.sql
        .selectFrom('user_group')
        .select(['id', 'name', 'superuser'])
        .where('name', 'in', batch)
        .execute(),
    );
    const parents = await this.sql
      .selectFrom('group_parent')
      .select(['group_id', 'parent_id'])
      .where('group_id', '=', anyOf(rows.map(({ id }) => id)))
      .execute();
    const parentsOf = Map.groupBy(parents, (row) => row.group_id);
    const groups = rows.map((row): [string, NamedGroup] => {
      const parentIds = (parentsOf.get(row.id) ?? []).map((parent) => parent.parent_id);
      return [row.name, { ...row, parentIds }];
    });
    return new Map(groups);
  }

  async users(usernames: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await inBatches(usernames.map(canonical), (batch) =>
      this.sql
        .selectFrom('user_identifier')
        .select(['canonical', 'user_id'])
        .where('is_username', '=', true)
        .where('canonical', 'in', batch)
        .execute(),
    );
    const ids = new Map(rows.map((row) => [row.canonical, row.user_id]));
    const found = usernames.flatMap((username): [string, string][] => {
      const id = ids.get(canonical(username));
      return id === undefined ? [] : [[username, id]];
    });
    return new Map(found);
  }

  async invitations(names: readonly string[]): Promise<ReadonlyMap<string, Invitation>> {
    const rows = await inBatches(names, (batch) =>
      this.sql.selectFrom('invitation').selectAll().where('name', 'in', batch).execute(),
    );
    return new Map(rows.map((row) => [row.name, invitationOf(row)]));
  }

  async groupNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.sql
      .selectFrom('user_group')
      .select(['id', 'name'])
      .where('id', '=', anyOf(ids))
      .execute();
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  async usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.sql
      .selectFrom('user_account')
      .select(['id', 'username'])
      .where('id', '=', anyOf(ids))
      .execute();
    return new Map(rows.map(({ id, username }) => [id, username]));
  }
}

async function inBatches<Row>(
  keys: readonly string[],
  read: (batch: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const wanted = [...new Set(keys)];
  const rows: Row[] = [];
  for (let start = 0; start < wanted.length; start += BATCH)
    rows.push(...(await read(wanted.slice(start, start + BATCH))));
  return rows;
}
