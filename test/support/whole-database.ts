import { PGlite } from '@electric-sql/pglite';
import { jest } from '@jest/globals';
import pg from 'pg';

import { startTestApp } from './test-app.js';
import type { TestApp } from './test-app.js';

/** What a table holds, as its number of rows and a digest of all of them in any order, by its name. */
export type Contents = Readonly<Record<string, string>>;

export interface WatchedApp extends TestApp {
  /** What all tables hold, but for the events that imports have failed. */
  contents(): Promise<Contents>;
}

type Query = (statement: string) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>;

/** The whole service, as `startTestApp` has it, with a look at all that its database holds, of either kind. */
export async function startWatchedApp(variables: Readonly<Record<string, string>>): Promise<WatchedApp> {
  const opened = jest.spyOn(PGlite, 'create');
  const app = await startTestApp(variables);
  const [embedded] = opened.mock.results;
  opened.mockRestore();
  if (app.databaseUrl === undefined) {
    // The one connection that there is, which is the service's own.
    const database: unknown = await embedded?.value;
    if (!(database instanceof PGlite)) throw new Error('the service has not opened its database');
    return { ...app, contents: () => contentsOf((statement) => database.query(statement)) };
  }
  const database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  return {
    ...app,
    contents: () => contentsOf((statement) => database.query(statement)),
    async close() {
      await database.end();
      await app.close();
    },
  };
}

const TABLES = "select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";

async function contentsOf(query: Query): Promise<Contents> {
  const tables = (await query(TABLES)).rows.map(({ tablename }) => String(tablename));
  const { rows } = await query(tables.map(digestOf).join(' union all '));
  return Object.fromEntries(rows.map(({ name, digest }) => [String(name), String(digest)]));
}

function digestOf(table: string): string {
  const but = table === 'event' ? "where action <> 'BLUEPRINT_FAILED'" : '';
  return `select '${table}' as name, concat(count(*), ' ', sum(hashtextextended(each::text, 0)::numeric)) as digest
    from "${table}" each ${but}`;
}
