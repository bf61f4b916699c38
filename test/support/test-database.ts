import { openDatabase } from '../../src/persistence/database.js';
import type { Database } from '../../src/persistence/database.js';
import { createDatabase } from './databases.mjs';

/** The service's own tables on a new database of the PostgreSQL server, for as long as the tests of a file run. */
export function useDatabase(): { current(): Database } {
  let server: Awaited<ReturnType<typeof createDatabase>> | undefined;
  let database: Database | undefined;
  beforeAll(async () => {
    server = await createDatabase(process.env.STAGEDOOR_TEST_POSTGRES_URL ?? '');
    database = await openDatabase({ type: 'server', url: server.url });
    await database.migrate();
  });
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });
  return {
    current() {
      if (!database) throw new Error('the database is open only while tests run');
      return database;
    },
  };
}
