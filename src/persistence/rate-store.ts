import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { Clock } from '../kernel/clock.js';
import { canonical } from '../kernel/text.js';
import type { RateLimit, Rates, RateVerdict } from '../flow/services/rates.js';
import { addressGroup } from '../identity/guess-rule.js';
import type { KeyRing } from '../identity/key-ring.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';

/**
 * Counts in the database, by one statement that both checks and increments: of any number at once, on any number of nodes,
 * no more are let through than may be. Whom it is about is kept as a keyed hash.
 */
export class SqlRates implements Rates {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  async count(limit: RateLimit): Promise<RateVerdict> {
    const { most, seconds } = limit;
    const now = this.clock.now();
    const key = this.#keyOf(limit);
    const windowEnd = secondsAfter(now, seconds);
    const { rows } = await sql<{ count: number; expires_at: string }>`
      insert into rate (key, count, expires_at) values (${key}, 1, ${windowEnd})
      on conflict (key) do update set
        count = case when rate.expires_at <= ${now} then 1 else rate.count + 1 end,
        expires_at = case when rate.expires_at <= ${now} then ${windowEnd} else rate.expires_at end
      where rate.expires_at <= ${now} or rate.count < ${most}
      returning count, expires_at`.execute(this.db);
    const [counted] = rows;
    if (!counted) return { allowed: false, nextAt: await this.#endOf(key, now) };
    const left = Math.max(0, most - counted.count);
    return { allowed: true, left, nextAt: left > 0 ? now : moment(counted.expires_at) };
  }

  /** Windows of different lengths are counted apart: a long one would hold up what has a short one. */
  #keyOf({ by, name, seconds }: RateLimit): string {
    const whose = by === 'address' ? addressGroup(name) : canonical(name);
    return this.keys.mac('rate', `${by} in ${seconds}:${whose}`);
  }

  async #endOf(key: string, now: Date): Promise<Date> {
    const row = await this.db
      .selectFrom('rate')
      .select('expires_at')
      .where('key', '=', key)
      .executeTakeFirst();
    const end = row ? moment(row.expires_at) : now;
    return end > now ? end : secondsAfter(now, 1);
  }
}
