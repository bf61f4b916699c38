import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Clock } from '../../kernel/clock.js';
import type { Database } from '../../persistence/database.js';
import { readServerTime } from '../../persistence/server-time.js';
import type { Environment } from '../../environment.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** Less than a moment matters to nobody. */
const TOLERATED_SECONDS = 5;
/** By then codes that were just sent have expired, or do not count yet. */
const INTOLERABLE_SECONDS = 60;

/** Whether the tables are those of this version. */
export async function examineTables(database: Database): Promise<Finding> {
  const pending = await database.pendingMigrations();
  if (pending.length === 0) return fine('database', 'The database answers, and its tables are up to date.');
  return problem(
    'database',
    `The database answers, and ${pending.length} migrations are still to be run: ${pending.join(', ')}.`,
    'Run `stagedoor migrate`, or start the service, which does it first.',
  );
}

/** Whether this machine and the database agree on what time it is: what expires is written by one and read by both. */
export async function examineClock({ sql }: Database, clock: Clock): Promise<Finding> {
  const before = clock.now().getTime();
  const there = (await readServerTime(sql)).getTime();
  const after = clock.now().getTime();
  const milliseconds = there < before ? before - there : Math.max(0, there - after);
  const seconds = Math.round(milliseconds / 1000);
  if (seconds <= TOLERATED_SECONDS) return fine('clock', "This machine's clock and the database's agree.");
  const message = `This machine's clock and the database's differ by ${seconds} seconds.`;
  const advice =
    'Let both follow a time server (NTP): what expires, and codes from authenticator apps, need the right time.';
  return seconds >= INTOLERABLE_SECONDS
    ? problem('clock', message, advice)
    : warning('clock', message, advice);
}

/** Whether no keys are configured, and none are kept either: looking at anything with new ones would tell nothing. */
export function areKeysMissing({ secretKeys, dataDirectory }: Environment): boolean {
  return secretKeys === null && !existsSync(join(dataDirectory, 'secret-keys'));
}
