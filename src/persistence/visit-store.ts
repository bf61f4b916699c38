import { sql } from 'kysely';

import type { Secret } from '../kernel/secret.js';
import type { Viewer } from '../flow/stage-kind.js';
import { tokenHash } from '../identity/token.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';
import { flowUser, selectUsers } from './user-store.js';

export interface Arrival {
  readonly catalogueVersion: number;
  readonly viewer: Viewer | null;
}

/** What every request needs to know first: who it is from, and whether the definitions have changed. One query. */
export async function arrive(db: Sql, token: Secret | null, now: Date): Promise<Arrival> {
  if (!token) return { catalogueVersion: await readCatalogueVersion(db), viewer: null };
  const row = await selectUsers(db)
    .innerJoin('session as s', 's.user_id', 'u.id')
    .where('u.active', '=', true)
    .where('s.token_hash', '=', tokenHash(token))
    .where('s.expires_at', '>', now)
    .select(['s.id as session_id', 's.created_at', 's.expires_at', 's.amr', 's.aal'])
    .select(catalogueVersion.as('version'))
    .executeTakeFirst();
  if (!row) return { catalogueVersion: await readCatalogueVersion(db), viewer: null };
  return {
    catalogueVersion: row.version,
    viewer: {
      sessionId: row.session_id,
      user: flowUser(row),
      createdAt: moment(row.created_at),
      expiresAt: moment(row.expires_at),
      amr: row.amr === '' ? [] : row.amr.split(' '),
      aal: row.aal,
    },
  };
}

const catalogueVersion = sql<number>`(select version from catalogue_version where id = 1)`;

export async function readCatalogueVersion(db: Sql): Promise<number> {
  const row = await db
    .selectFrom('catalogue_version')
    .select('version')
    .where('id', '=', 1)
    .executeTakeFirst();
  return row?.version ?? 0;
}
