import pg from 'pg';

import { createDatabase } from './databases.mjs';
import type { ServerProcess } from './server-process.js';
import { until } from './until.js';

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
    await until(async () => !open.has(this) || (await this.query(statement)).length > 0);
  }

  /** Waits until so many sessions wait for a lock, with a statement like this one; housekeeping's are none of them. */
  async untilWaiting(sessions = 1, statement = '%'): Promise<void> {
    await this.until(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and query like '${statement}' and query not ilike 'delete from %'
        having count(*) >= ${sessions}`,
    );
  }

  /**
   * Runs something while a transaction of its own connection holds what a statement locks, which is then undone.
   * The connection is another one than `query` uses: within a transaction PostgreSQL shows the sessions that there
   * were at its first look, so that a session of later would never be seen to wait.
   */
  async whileLocked<T>(lock: string, values: readonly unknown[], run: () => Promise<T>): Promise<T> {
    const gate = new pg.Client({ connectionString: this.url });
    await gate.connect();
    try {
      await gate.query('begin');
      await gate.query(lock, [...values]);
      return await run();
    } finally {
      await gate.end();
    }
  }

  /** What is begun while a statement holds its locks, and let go once so many sessions wait for them. */
  async heldUp<T>(
    lock: string,
    values: readonly unknown[],
    sessions: number,
    begin: () => Promise<T>,
  ): Promise<T> {
    const { begun } = await this.whileLocked(lock, values, async () => {
      const running = begin();
      await this.untilWaiting(sessions);
      return { begun: running };
    });
    return begun;
  }

  /** Edits that begin in this order, each held up until it has done all but to record what it did, or waits for another. */
  async atOnce<T>(...edits: readonly (() => Promise<T>)[]): Promise<T[]> {
    const answers: Promise<T>[] = [];
    await this.whileLocked('lock table event in exclusive mode', [], async () => {
      for (const edit of edits) {
        answers.push(edit());
        await this.untilWaiting(answers.length);
      }
    });
    return Promise.all(answers);
  }

  /** Waits for a dead process's connections to end: what PostgreSQL has received from it may be committed until then. */
  async untilGone({ name }: ServerProcess): Promise<void> {
    await this.until(
      `select 1 where not exists (select from pg_stat_activity where application_name = '${name}')`,
    );
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
