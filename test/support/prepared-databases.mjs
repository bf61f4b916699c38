// Databases that the service of dist/ has been started on once, without an administrator: most tests begin where that
// start has ended, and are spared its migrations and flows. Made anew for each run, so they are never stale.
import 'reflect-metadata';

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

import { createDatabase } from './databases.mjs';

/** When the tests' time begins: what was recorded years before would be tidied away under them. */
const BEGINNING = new Date('2030-01-01T00:00:00Z');

/** What a start without an administrator leaves for one process only: each start issues its own. */
const FORGET_SETUP_TOKEN = 'delete from flow_token';

/** Makes a database on the server that others can be made from. */
export async function prepareTemplate(server) {
  const template = await createDatabase(server);
  await inFolder((folder) => startOnce({ STAGEDOOR_DATA_DIR: folder, DATABASE_URL: template.url }));
  const client = new pg.Client({ connectionString: template.url });
  await client.connect();
  await client.query(FORGET_SETUP_TOKEN);
  await client.end();
  return template;
}

/** Writes a database of PGlite's to a file, from which others can start. */
export async function prepareDump(file) {
  await inFolder(async (folder) => {
    await startOnce({ STAGEDOOR_DATA_DIR: folder });
    const pglite = await PGlite.create({ dataDir: join(folder, 'database') });
    await pglite.exec(FORGET_SETUP_TOKEN);
    // Not compressed: it is read as often as there are tests, and the file is gone after them.
    const dump = await pglite.dumpDataDir('none');
    await pglite.close();
    writeFileSync(file, Buffer.from(await dump.arrayBuffer()));
  });
}

/** What the build has put there; before it, there is nothing to be found under this name. */
const built = (file) => new URL(`../../dist/src/${file}`, import.meta.url).href;

async function startOnce(variables) {
  const { startApp } = await import(built('app.js'));
  const { readEnvironment } = await import(built('environment.js'));
  const clock = { now: () => BEGINNING };
  const app = await startApp(readEnvironment({ ...variables, PORT: '0', LOG_LEVEL: 'warn' }), { clock });
  await app.close();
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-prepared-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
