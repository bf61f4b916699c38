import { sql } from 'kysely';

import type { SqlTransaction } from './tables.js';

/**
 * Takes the lock that edits of definitions and of what holds for the installation wait for: whatever an edit reads of
 * them stays so until it ends. It is taken first, so that no two edits wait in a circle.
 */
export async function lockCatalogue(trx: SqlTransaction): Promise<void> {
  await sql`
    insert into catalogue_version (id, version) values (1, 0)
    on conflict (id) do update set version = catalogue_version.version`.execute(trx);
}

/** Makes every node read the definitions again, and with them what holds for the installation. */
export async function advanceCatalogue(trx: SqlTransaction): Promise<void> {
  await sql`update catalogue_version set version = version + 1 where id = 1`.execute(trx);
}
