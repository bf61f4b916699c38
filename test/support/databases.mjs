// An empty database of one's own, of either kind, for as long as it is wanted.
import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { startPostgres, stopPostgres } from './postgres-server.mjs';

/**
 * @param {'pglite' | 'postgres'} kind
 * @returns {Promise<{ driver: string, options: object, close: () => Promise<void> }>} what MikroORM needs to open it
 */
export async function openDatabase(kind) {
  return kind === 'pglite' ? openPglite() : openPostgres();
}

async function openPglite() {
  const { PGlite } = await import('@electric-sql/pglite');
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  const pglite = await PGlite.create({ loadDataDir: await dataDir() });
  const options = { dbName: 'memory://', driverOptions: { pglite } };
  return { driver: 'pglite', options, close: () => pglite.close() };
}

async function openPostgres() {
  const server = process.env.STAGEDOOR_TEST_POSTGRES_URL ?? (await startPostgres());
  const { url, drop } = await createDatabase(server);
  const close = async () => {
    await drop();
    await stopPostgres();
  };
  return { driver: 'postgresql', options: { clientUrl: url }, close };
}

/** Creates a database on a server: empty, or as another one on it is that nobody is connected to. */
export async function createDatabase(server, template = 'template1') {
  const name = `stagedoor_test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = () => execute(server, `drop database if exists ${name} with (force)`);
  return { name, url: url.href, drop };
}

async function execute(server, statement) {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
