import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { Clock } from '../kernel/clock.js';
import { canonical } from '../kernel/text.js';
import type { Guesses, GuessTarget, GuessVerdict } from '../flow/services/guesses.js';
import {
  ACCOUNT_MEMORY_SECONDS,
  ADDRESS_FAILURES,
  ADDRESS_WINDOW_SECONDS,
  addressGroup,
  waitsInSeconds,
} from '../identity/guess-rule.js';
import type { KeyRing } from '../identity/key-ring.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';

/**
 * Counts guesses in the database, each by one statement that both checks and increments: of any number of guesses
 * at once, on any number of nodes, no more are let through than may be.
 */
export class SqlGuesses implements Guesses {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  async count({ secret, identifier, userId }: GuessTarget, address: string): Promise<GuessVerdict> {
    const now = this.clock.now();
    const addressKey = this.keys.mac('guess', `address:${addressGroup(address)}`);
    if (!(await this.#countAddress(addressKey, now))) {
      return { allowed: false, retryAt: await this.#notBefore(addressKey, now) };
    }
    // What was typed is counted whether or not it names anybody, so that being throttled tells nothing. The account
    // behind it has a counter besides, which several names for it share, and which is silent for the same reason.
    const name = canonical(identifier);
    const identifierKey = this.keys.mac('guess', `${secret} identifier:${name}`);
    // Nobody has such a counter too: the same work for a name that exists and for one that does not.
    const userKey = this.keys.mac(
      'guess',
      userId === null ? `${secret} nobody:${name}` : `${secret} user:${userId}`,
    );
    const accountKeys = [identifierKey, userKey];
    const counted = await this.#countAccounts(accountKeys, now);
    if (!counted.has(identifierKey)) {
      return { allowed: false, retryAt: await this.#notBefore(identifierKey, now) };
    }
    if (counted.size < accountKeys.length) return { allowed: false, retryAt: null };
    return { allowed: true, receipt: { accountKeys, addressKey } };
  }

  async #countAddress(key: string, now: Date): Promise<boolean> {
    const windowEnd = secondsAfter(now, ADDRESS_WINDOW_SECONDS);
    const { rows } = await sql<{ key: string }>`
      insert into guess (key, failures, not_before, forgotten_at) values (${key}, 1, ${now}, ${windowEnd})
      on conflict (key) do update set
        failures = case when guess.forgotten_at <= ${now} then 1 else guess.failures + 1 end,
        forgotten_at = case when guess.forgotten_at <= ${now} then ${windowEnd} else guess.forgotten_at end,
        not_before = case when guess.forgotten_at <= ${now} then ${now} else guess.forgotten_at end
      where guess.forgotten_at <= ${now} or guess.failures < ${ADDRESS_FAILURES}
      returning key`.execute(this.db);
    return rows.length > 0;
  }

  async #countAccounts(keys: readonly string[], now: Date): Promise<ReadonlySet<string>> {
    const forgottenAt = secondsAfter(now, ACCOUNT_MEMORY_SECONDS);
    const waits = `{${waitsInSeconds.slice(1).join(',')}}`;
    // Always in the same order, so that two guesses at the same keys cannot wait for each other.
    const rows = keys
      .toSorted()
      .map((key) => sql`(${key}, 1, '-infinity'::timestamptz, ${forgottenAt}::timestamptz)`);
    // Where there is nothing to wait for, no moment is noted: another node's clock, or a request that began a little
    // earlier, would find itself before it.
    const { rows: counted } = await sql<{ key: string }>`
      insert into guess as g (key, failures, not_before, forgotten_at) values ${sql.join(rows)}
      on conflict (key) do update set (failures, forgotten_at, not_before) = (
        select next.failures, ${forgottenAt}::timestamptz,
          case when next.wait = 0 then '-infinity' else ${now}::timestamptz + make_interval(secs => next.wait) end
        from (
          select failures, (${waits}::int[])[least(failures, ${waitsInSeconds.length - 1})] as wait
          from (select case when g.forgotten_at <= ${now} then 1 else g.failures + 1 end as failures) as counted
        ) as next
      )
      where g.not_before <= ${now} or g.forgotten_at <= ${now}
      returning key`.execute(this.db);
    return new Set(counted.map((row) => row.key));
  }

  async #notBefore(key: string, now: Date): Promise<Date> {
    const row = await this.db
      .selectFrom('guess')
      .select('not_before')
      .where('key', '=', key)
      .executeTakeFirst();
    const notBefore = row ? moment(row.not_before) : now;
    return notBefore > now ? notBefore : secondsAfter(now, 1);
  }
}
