import type { Clock } from '../kernel/clock.js';
import { forgetOldPasswords, tidy } from '../persistence/housekeeping.js';
import type { Sql } from '../persistence/tables.js';
import { removeUnverified } from '../persistence/unverified-accounts.js';

/**
 * What is to be done once in a while: what has expired goes, accounts that nobody has confirmed go, and so do earlier
 * passwords that no policy compares with any more. `remembered` says how many of each person's those are. To find them all have to be looked at, and so it is
 * done only after that number has changed.
 */
export function housekeeping(sql: Sql, clock: Clock, remembered: () => Promise<number>): () => Promise<void> {
  let settled: number | undefined;
  return async () => {
    await tidy(sql, clock.now());
    await removeUnverified(sql, clock.now());
    const wanted = await remembered();
    if (wanted !== settled && (await forgetOldPasswords(sql, wanted))) settled = wanted;
  };
}
