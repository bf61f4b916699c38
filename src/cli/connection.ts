import { openGroundwork, databaseLocation } from '../app/groundwork.js';
import type { Groundwork } from '../app/groundwork.js';
import { reasonOf } from '../app/reason.js';
import { assembleService } from '../app/service.js';
import type { Service } from '../app/service.js';
import { readEnvironment } from '../environment.js';
import type { Environment } from '../environment.js';
import { PasswordHasher } from '../identity/password-hasher.js';
import { isEmptyFolder } from '../persistence/database.js';
import type { Database } from '../persistence/database.js';
import { SqlExecutionChanges } from '../persistence/execution-changes.js';
import type { Cli } from './cli.js';
import { CommandFailure } from './failure.js';

/** The installation that the environment names, as a command has it open. */
export interface Connection extends Omit<Groundwork, 'close'> {
  readonly environment: Environment;
}

export interface ServiceConnection extends Connection {
  readonly service: Service;
}

/** Does the work on the installation's database, whatever state that is in, and closes it. */
export async function withDatabase<T>(
  environment: Environment,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const groundwork = await openGroundwork(environment);
  const { database, keys, locations } = groundwork;
  try {
    await expectAnswer(database);
    return await work({ environment, database, keys, locations });
  } finally {
    await groundwork.close();
  }
}

/** Does the work with the service over a database that is there and up to date. */
export async function withService<T>(
  cli: Cli,
  work: (connection: ServiceConnection) => Promise<T>,
): Promise<T> {
  const environment = readEnvironment(cli.variables);
  expectInstallation(environment);
  return withDatabase(environment, async (connection) => {
    await expectUpToDate(connection.database);
    const service = serviceOver(connection, cli);
    try {
      return await work({ ...connection, service });
    } finally {
      await service.close();
    }
  });
}

/** The service, as a command has it: it listens to nobody, and leaves it to a server to send what is to be sent. */
export function serviceOver({ environment, database, keys, locations }: Connection, { clock }: Cli): Service {
  const nothing = async (): Promise<void> => undefined;
  const changes = new SqlExecutionChanges({
    sql: database.sql,
    clock,
    notifications: undefined,
    repeat: () => nothing,
    report: () => undefined,
  });
  const hasher = new PasswordHasher(keys);
  return assembleService(environment, database, hasher, keys, clock, changes, locations, {
    wake: () => undefined,
  });
}

/** Refuses where there is nothing yet, before anything is made there. */
export function expectInstallation(environment: Environment): void {
  if (!isEmptyFolder(databaseLocation(environment))) return;
  throw new CommandFailure(
    'DATABASE',
    `There is no installation in the folder ${environment.dataDirectory} yet.`,
    'Make one with `stagedoor migrate` or `stagedoor start`, or say where yours is: STAGEDOOR_DATA_DIR, or DATABASE_URL.',
  );
}

async function expectAnswer(database: Database): Promise<void> {
  try {
    await database.ping();
  } catch (error) {
    throw new CommandFailure(
      'DATABASE',
      `The database cannot be used: ${reasonOf(error)}`,
      'Check DATABASE_URL: host, port, name of the database, user and password; and whether the server runs.',
    );
  }
}

/** Refuses where migrations are still to be run. */
export async function expectUpToDate(database: Database): Promise<void> {
  const pending = await database.pendingMigrations();
  if (pending.length === 0) return;
  throw new CommandFailure(
    'DATABASE',
    `The database is not up to date: ${pending.length} migrations are still to be run.`,
    'Run `stagedoor migrate` first.',
  );
}
