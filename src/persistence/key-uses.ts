import { sql } from 'kysely';

import type { Sql } from './tables.js';

/** What was made with a key and cannot be made again with another one: only its owner knows what went into it. */
export interface KeyUse {
  readonly keyId: string;
  readonly thing: 'passwords' | 'earlier passwords' | 'recovery codes';
  readonly count: number;
}

/** How much there is of what only its key can check, by the key. */
export async function readKeyUses(db: Sql): Promise<KeyUse[]> {
  const { rows } = await sql<{ thing: KeyUse['thing']; keyId: string; count: string }>`
    select 'passwords' as thing, split_part(hash, ':', 2) as "keyId", count(*) as count from password group by 2
    union all
    select 'earlier passwords', split_part(hash, ':', 2), count(*) from password_history group by 2
    union all
    select 'recovery codes', split_part(hash, ':', 1), count(*) from authenticator_code group by 2
    order by 2, 1`.execute(db);
  return rows.map(({ thing, keyId, count }) => ({ thing, keyId, count: Number(count) }));
}
