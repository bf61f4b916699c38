import { sql } from 'kysely';

import { moment } from './tables.js';
import type { Sql } from './tables.js';

/** What time it is by the database's clock. */
export async function readServerTime(db: Sql): Promise<Date> {
  const { rows } = await sql<{ now: Date | string }>`select clock_timestamp() as now`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the database does not say what time it is');
  return moment(row.now);
}
