import pg from 'pg';

import { createDatabase } from './databases.mjs';

const open = new Set<ServerDatabase>();

/** A new database on the tests' PostgreSQL, and a look into it from outside the service. */
export class ServerDatabase {
  readonly #client: pg.Client;

  private constructor(
    readonly url: string,
    private readonly drop: () => Promise<void>,
  ) {
    this.#client = new pg.Client({ connectionString: url });
  }

  static async create(): Promise<ServerDatabase> {
    const server = process.env.STAGEDOOR_TEST_POSTGRES_URL;
    if (server === undefined) throw new Error('the global setup has not provided a PostgreSQL');
    const { url, drop } = await createDatabase(server);
    const database = new ServerDatabase(url, drop);
    open.add(database);
    await database.#client.connect();
    return database;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of the rows is what it asserts.
  async query(statement: string, values: unknown[] = []): Promise<any[]> {
    return (await this.#client.query(statement, values)).rows;
  }

  async count(from: string): Promise<number> {
    return Number((await this.query(`select count(*) from ${from}`))[0].count);
  }

  /** Asks again and again until there are rows. */
  async until(statement: string): Promise<void> {
    while (open.has(this) && (await this.query(statement)).length === 0);
  }

  /** Edits that begin in this order, each held up until it has done all but to record what it did, or waits for another. */
  async atOnce<T>(...edits: readonly (() => Promise<T>)[]): Promise<T[]> {
    const gate = new pg.Client({ connectionString: this.url });
    await gate.connect();
    try {
      await gate.query('begin');
      await gate.query('lock table event in exclusive mode');
      const answers: Promise<T>[] = [];
      for (const edit of edits) {
        answers.push(edit());
        await this.until(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            having count(*) >= ${answers.length}`,
        );
      }
      await gate.query('commit');
      return await Promise.all(answers);
    } finally {
      await gate.end();
    }
  }

  /** Waits for every other connection to end. */
  async untilAlone(): Promise<void> {
    await this.until(
      `select 1 where not exists
        (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid())`,
    );
  }

  async close(): Promise<void> {
    open.delete(this);
    await this.#client.end();
    await this.drop();
  }
}

/** Drops every database that a test has left: for `afterEach`. */
export async function dropDatabases(): Promise<void> {
  await Promise.all([...open].map((database) => database.close()));
}
