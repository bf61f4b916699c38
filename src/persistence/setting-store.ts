import { sql } from 'kysely';

import type { Sql } from './tables.js';

/** Facts about this installation, by name. */
export class SqlSettings {
  constructor(private readonly sql: Sql) {}

  async get(name: string): Promise<string | undefined> {
    const row = await this.sql
      .selectFrom('setting')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value;
  }

  /** The values of all those whose names begin so, by name. */
  async startingWith(prefix: string): Promise<string[]> {
    const rows = await this.sql
      .selectFrom('setting')
      .select('value')
      .where(sql<boolean>`starts_with(name, ${prefix})`)
      .orderBy('name')
      .execute();
    return rows.map(({ value }) => value);
  }

  async set(name: string, value: string): Promise<void> {
    await this.sql
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
