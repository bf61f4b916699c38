import type { JsonObject } from '../kernel/json.js';
import type { Actor } from '../flow/change.js';
import type { AppliedImport, FailedImport, ImportLog } from '../flow/imports.js';
import { insertEvent } from './event-rows.js';
import type { Sql, SqlTransaction } from './tables.js';

/** Whoever needs more of them asks what the document would do. */
const MOST_PROBLEMS = 20;

export class SqlImportLog implements ImportLog {
  constructor(private readonly db: Sql) {}

  async failed({ name, file, problems }: FailedImport, by: Actor): Promise<void> {
    const told = problems.slice(0, MOST_PROBLEMS).map(({ path, code }) => ({ path, code }));
    const details = { name, file, problemCount: problems.length, problems: told };
    await this.db.transaction().execute((trx) => record(trx, by, 'BLUEPRINT_FAILED', details));
  }
}

/** Records, in the transaction in which it happens, that a document is applied. */
export async function recordImport(trx: SqlTransaction, by: Actor, document: AppliedImport): Promise<void> {
  await record(trx, by, 'BLUEPRINT_APPLIED', { ...document });
}

async function record(
  trx: SqlTransaction,
  { userId: actorId, apiTokenId, ...circumstances }: Actor,
  action: 'BLUEPRINT_APPLIED' | 'BLUEPRINT_FAILED',
  details: JsonObject,
): Promise<void> {
  await insertEvent(trx, {
    ...circumstances,
    ...{ action, details, userId: null, executionId: null, by: { actorId, apiTokenId } },
  });
}
