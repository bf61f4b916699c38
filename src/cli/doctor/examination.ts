import { FolderInUse } from '../../adapters/data-folder/lock.js';
import { databaseLocation } from '../../app/groundwork.js';
import type { Environment } from '../../environment.js';
import { isEmptyFolder } from '../../persistence/database.js';
import type { Cli } from '../cli.js';
import { serviceOver, withDatabase } from '../connection.js';
import type { Connection } from '../connection.js';
import { explain } from '../failure.js';
import { examineEnvironment } from './configuration.js';
import { areKeysMissing, examineClock, examineTables } from './database.js';
import { examineDefinitions } from './definitions.js';
import { examineDocuments } from './documents.js';
import { examineFiles } from './files.js';
import { problem, warning } from './finding.js';
import type { Finding } from './finding.js';
import { examineKeys } from './keys.js';
import { examineMail, examineNeedOfMail } from './mail.js';
import { examinePeople } from './people.js';

/** Looks at everything that can be looked at, and changes nothing. What cannot be reached hides nothing else. */
export async function examine(cli: Cli): Promise<Finding[]> {
  const { environment, findings } = examineEnvironment(cli.variables);
  if (!environment) return [...findings];
  return [
    ...findings,
    ...(await examineFiles(environment)),
    ...(await examineDatabase(cli, environment)),
    await examineMail(environment),
  ];
}

async function examineDatabase(cli: Cli, environment: Environment): Promise<Finding[]> {
  if (isEmptyFolder(databaseLocation(environment))) {
    return [
      warning(
        'database',
        `There is no installation in the folder ${environment.dataDirectory} yet.`,
        'Start the service, which makes one; or say where yours is: STAGEDOOR_DATA_DIR, or DATABASE_URL.',
      ),
    ];
  }
  if (areKeysMissing(environment)) {
    return [
      problem(
        'keys',
        `There is no file secret-keys in ${environment.dataDirectory}, and STAGEDOOR_SECRET_KEYS is not set.`,
        'If the database has been in use, put the keys back that it was written with: the next start would make new ones, with ' +
          'which it cannot be read. Otherwise start the service.',
      ),
    ];
  }
  try {
    return await withDatabase(environment, (connection) => examineConnected(cli, connection));
  } catch (error) {
    const { message, advice } = explain(error);
    return error instanceof FolderInUse
      ? [
          warning(
            'database',
            message,
            'To have the rest looked at, stop the service while the doctor is here.',
          ),
        ]
      : [problem('database', message, advice ?? 'Mend this first; what lies behind it was not looked at.')];
  }
}

async function examineConnected(cli: Cli, connection: Connection): Promise<Finding[]> {
  const { database, keys, environment } = connection;
  const tables = await examineTables(database);
  const clock = await examineClock(database, cli.clock);
  if (tables.level === 'PROBLEM') return [tables, clock];
  const service = serviceOver(connection, cli);
  try {
    const catalogue = await service.catalogue.reload();
    return [
      ...[tables, clock],
      ...(await examineKeys(database, keys, cli.output)),
      ...examineNeedOfMail(environment, catalogue),
      ...(await examineDefinitions(service, catalogue)),
      ...(await examineDocuments(environment, service.blueprints.outcomes)),
      await examinePeople(database),
    ];
  } finally {
    await service.close();
  }
}
