import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';

import { ormOptions } from './orm-options.js';
import type { Sql, Tables } from './tables.js';

/**
 * Where the data is: on a PostgreSQL server, in a folder of PGlite's, or in memory until the process ends; there it
 * starts from a dump of PGlite's, or else from nothing.
 */
export type DatabaseLocation =
  | { readonly type: 'server'; readonly url: string }
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'memory'; readonly dump: Blob | undefined };

export interface Database {
  /** A new entity manager for one request or one piece of work; nothing is shared between two. */
  fork(): SqlEntityManager;
  /** Plain SQL for the hot path: the unit of work costs several times as much there. */
  readonly sql: Sql;
  /** The connections to the server, which other processes may use as well; undefined where this one is alone. */
  readonly pool: Pool | undefined;
  /** Brings the tables up to date. */
  migrate(): Promise<void>;
  /** The names of the migrations that are still to be run, in order. */
  pendingMigrations(): Promise<string[]>;
  /** Runs while no other process on this database does anything exclusively: for what a start does first. */
  exclusively(work: () => Promise<void>): Promise<void>;
  /** Rejects where the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database. Only the driver in use is loaded: the embedded one is large. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  return location.type === 'server' ? openServer(location.url) : openEmbedded(location);
}

/** Any number that no other application on the same server locks by. */
const START_LOCK = 7_230_417_001;

async function openServer(url: string): Promise<Database> {
  const { MikroORM } = await import('@mikro-orm/postgresql');
  const orm = await MikroORM.init({
    ...ormOptions,
    // A misspelt name is to be told, not to become a database.
    ensureDatabase: false,
    clientUrl: url,
    pool: { min: 0, max: 10 },
    driverOptions: { connectionTimeoutMillis: 5000 },
  });
  return {
    fork: () => orm.em.fork(),
    sql: orm.em.fork().getKysely<Tables>(),
    pool: await orm.em.getConnection().getNativeClient(),
    async migrate() {
      await orm.migrator.up();
    },
    async pendingMigrations() {
      return (await orm.migrator.getPending()).map(({ name }) => name);
    },
    async exclusively(work) {
      // Held by one connection until its transaction ends, while the work uses others.
      await orm.em.fork().transactional(async (locked) => {
        await locked.execute('select pg_advisory_xact_lock(?)', [START_LOCK]);
        await work();
      });
    },
    async ping() {
      await orm.em.fork().execute('select 1');
    },
    close: () => orm.close(),
  };
}

async function openEmbedded(location: Exclude<DatabaseLocation, { type: 'server' }>): Promise<Database> {
  const [{ MikroORM, createPostgreSqlTypeParsers }, { PGlite }] = await Promise.all([
    import('@mikro-orm/pglite'),
    import('@electric-sql/pglite'),
  ]);
  const folder = location.type === 'folder' ? databaseFolder(location.path) : undefined;
  const dump = location.type === 'memory' ? location.dump : undefined;
  if (folder !== undefined) mkdirSync(dirname(folder), { recursive: true });
  const pglite = await PGlite.create({
    ...(folder !== undefined && { dataDir: folder }),
    ...(!isInitialised(folder) && { loadDataDir: dump ?? (await emptyCluster()) }),
    parsers: createPostgreSqlTypeParsers((text) => [text]),
  });
  const orm = await MikroORM.init({
    ...ormOptions,
    dbName: folder ?? 'memory://',
    driverOptions: { pglite },
  });
  return {
    fork: () => orm.em.fork(),
    sql: orm.em.fork().getKysely<Tables>(),
    pool: undefined,
    async migrate() {
      await orm.migrator.up();
    },
    async pendingMigrations() {
      return (await orm.migrator.getPending()).map(({ name }) => name);
    },
    // The folder belongs to this process alone.
    exclusively: (work) => work(),
    async ping() {
      await orm.em.fork().execute('select 1');
    },
    async close() {
      await orm.close();
      await pglite.close();
    },
  };
}

/** Whether there is anything at this place so far. Of a server that is not known before it is asked. */
export function isEmptyFolder(location: DatabaseLocation): boolean {
  return location.type === 'folder' && !isInitialised(databaseFolder(location.path));
}

function databaseFolder(dataFolder: string): string {
  return join(dataFolder, 'database');
}

function isInitialised(folder: string | undefined): boolean {
  return folder !== undefined && existsSync(join(folder, 'PG_VERSION'));
}

/** A cluster as `initdb` makes one, made beforehand: unpacking it is several seconds faster. */
async function emptyCluster(): Promise<Blob> {
  const { dataDir } = await import('@electric-sql/pglite-prepopulatedfs');
  return dataDir();
}
