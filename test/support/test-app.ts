import { openAsBlob } from 'node:fs';

import { startApp } from '../../src/app.js';
import type { AppOverrides } from '../../src/app.js';
import type { Clock } from '../../src/kernel/clock.js';
import { readEnvironment } from '../../src/environment.js';
import { ADMIN, ADMIN_VARIABLES } from './administrator.js';
import { createDatabase } from './databases.mjs';
import { TestClient } from './test-client.js';

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = new Date('2030-01-01T00:00:00Z');

  now(): Date {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}

export { ADMIN };

export interface TestApp {
  readonly address: string;
  readonly clock: ManualClock;
  readonly setupToken: string | null;
  /** Everything that was logged, line by line. */
  readonly log: string[];
  /** The server database's address; undefined on PGlite. */
  readonly databaseUrl: string | undefined;
  /** A client with a cookie jar of its own, as far away as `address` says. */
  client(options?: { address?: string }): TestClient;
  /** Another node on the same database, perhaps with other variables; PostgreSQL only. */
  anotherNode(variables?: Readonly<Record<string, string>>): Promise<TestApp>;
  close(): Promise<void>;
}

/** The least that bcrypt takes: what hashing costs is no matter of these tests, and processes of their own have the real cost. */
const PASSWORD_COST = 4;
const KEY = `test:${Buffer.alloc(32, 7).toString('base64url')}`;

/**
 * The whole service in this process, on a database of its own of the kind that this run of the suite is for. It has been
 * started on before, without an administrator (prepared-databases.mjs), or is empty where a test is about first starts.
 * Clients may say where they are, as if a trusted proxy had.
 */
export async function startTestApp(
  variables: Readonly<Record<string, string | undefined>> = {},
  options: {
    administrator?: boolean;
    emptyDatabase?: boolean;
    lookoutSeconds?: number;
    mailSeconds?: number;
    blueprintsSeconds?: number;
  } = {},
): Promise<TestApp> {
  const { administrator = true, emptyDatabase = false, lookoutSeconds, mailSeconds } = options;
  const { blueprintsSeconds } = options;
  const database = STAGEDOOR_TEST_DATABASE === 'postgres' ? await serverDatabase(emptyDatabase) : undefined;
  const environment = {
    PORT: '0',
    STAGEDOOR_PUBLIC_URL: 'http://localhost',
    STAGEDOOR_SECRET_KEYS: KEY,
    STAGEDOOR_TRUSTED_PROXIES: '127.0.0.1',
    DATABASE_URL: database?.url,
    ...(administrator && ADMIN_VARIABLES),
    ...variables,
  };
  const clock = new ManualClock();
  const how = {
    clock,
    passwordCost: PASSWORD_COST,
    ...(!database && { inMemory: emptyDatabase ? ('empty' as const) : await preparedDump() }),
    ...(lookoutSeconds !== undefined && { lookoutSeconds }),
    ...(mailSeconds !== undefined && { mailSeconds }),
    ...(blueprintsSeconds !== undefined && { blueprintsSeconds }),
  };
  const app = await node(environment, how, database?.url);
  return {
    ...app,
    anotherNode: (others) => node({ ...environment, ...others }, how, database?.url),
    async close() {
      await app.close();
      await database?.drop();
    },
  };
}

async function node(
  variables: Readonly<Record<string, string | undefined>>,
  how: AppOverrides & { clock: ManualClock },
  databaseUrl: string | undefined,
): Promise<TestApp> {
  const log: string[] = [];
  const app = await startApp(readEnvironment(variables), {
    ...how,
    logTo: { write: (line) => void log.push(line) },
  });
  return {
    address: app.address,
    clock: how.clock,
    setupToken: app.setupToken?.reveal() ?? null,
    log,
    databaseUrl,
    client: ({ address } = {}) => new TestClient(app.address, address),
    anotherNode: () => Promise.reject(new Error('ask the first node')),
    close: () => app.close(),
  };
}

function serverDatabase(empty: boolean): ReturnType<typeof createDatabase> {
  const server = provided('STAGEDOOR_TEST_POSTGRES_URL');
  return createDatabase(server, empty ? undefined : provided('STAGEDOOR_TEST_POSTGRES_TEMPLATE'));
}

function preparedDump(): Promise<Blob> {
  return openAsBlob(provided('STAGEDOOR_TEST_PGLITE_DUMP'));
}

function provided(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`the global setup has not provided ${variable}`);
  return value;
}
