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

  async set(name: string, value: string): Promise<void> {
    await this.sql
      .insertInto('setting')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
