import { sql } from 'kysely';

import { secondsAfter } from '../kernel/clock.js';
import type { Clock } from '../kernel/clock.js';
import type { ChangeReputation } from '../flow/effect.js';
import type { ReputationName } from '../flow/reputation.js';
import type { ReputationQuestion, Reputations } from '../flow/services/reputations.js';
import { addressGroup } from '../identity/guess-rule.js';
import type { KeyRing } from '../identity/key-ring.js';
import {
  HIGHEST_SCORE,
  LOWEST_SCORE,
  REPUTATION_SECONDS,
  scoreAfter,
  scoresAfter,
} from '../identity/reputation-rule.js';
import type { Sql, SqlTransaction } from './tables.js';

const HASHED = 'unknown:';

/** Scores are kept for each pair of a name and an address. What is no account's name is kept as a keyed hash. */
export class SqlReputations implements Reputations {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  async score({ address, name }: ReputationQuestion): Promise<number> {
    const { sum } = await this.db
      .selectFrom('reputation')
      .select(sql<string | null>`sum(score)`.as('sum'))
      .where('expires_at', '>', this.clock.now())
      .where((where) =>
        where.or([
          ...(address === null ? [] : [where('address', '=', addressGroup(address))]),
          ...(name === null ? [] : [where('identifier', '=', storedName(this.keys, name))]),
        ]),
      )
      .executeTakeFirstOrThrow();
    return Number(sum ?? 0);
  }
}

/** Changes a score by one statement, so that of any number at once each counts. */
export async function changeReputation(
  trx: SqlTransaction,
  keys: KeyRing,
  { name, behaved }: ChangeReputation,
  address: string,
  now: Date,
): Promise<void> {
  const first = scoreAfter(0, behaved);
  // The rule is told as a list, so that it is written down once. A score from when the bounds were wider counts as
  // the nearest one within.
  const next = `{${scoresAfter(behaved).join(',')}}`;
  const forgotten = secondsAfter(now, REPUTATION_SECONDS);
  await sql`
    insert into reputation as r (identifier, address, score, updated_at, expires_at)
    values (${storedName(keys, name)}, ${addressGroup(address)}, ${first}, ${now}, ${forgotten})
    on conflict (identifier, address) do update set
      score = case
        when r.expires_at <= ${now} then ${first}
        else (${next}::int[])[least(greatest(r.score, ${LOWEST_SCORE}), ${HIGHEST_SCORE}) - ${LOWEST_SCORE} + 1]
      end,
      updated_at = ${now},
      expires_at = case when r.expires_at <= ${now} then ${forgotten} else r.expires_at end`.execute(trx);
}

/** Under which a name is kept. */
export function storedName(keys: KeyRing, { identifier, known }: ReputationName): string {
  return known ? identifier : `${HASHED}${keys.mac('reputation', identifier)}`;
}

/** Whether what is kept of a name is a hash. */
export function isHashedName(stored: string): boolean {
  return stored.startsWith(HASHED);
}
