import { sql } from 'kysely';

import type { Clock } from '../kernel/clock.js';
import { secondsAfter } from '../kernel/clock.js';
import type { Secret } from '../kernel/secret.js';
import type { Authenticator, AuthenticatorKind, AuthenticatorTools } from '../flow/authenticator-kind.js';
import type { AuthenticatorKindName } from '../flow/authenticator-kind-names.js';
import type { Authenticators, AttemptVerdict } from '../flow/services/authenticators.js';
import { MOST_FAILURES, waitsInSeconds } from '../identity/guess-rule.js';
import type { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/token.js';
import { authenticatorOf, selectAuthenticators } from './authenticator-rows.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';

export class SqlAuthenticators implements Authenticators {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    private readonly kinds: ReadonlyMap<string, AuthenticatorKind>,
    readonly tools: AuthenticatorTools,
  ) {}

  kind(name: AuthenticatorKindName): AuthenticatorKind | undefined {
    return this.kinds.get(name);
  }

  async of(userId: string): Promise<readonly Authenticator[]> {
    const rows = await selectAuthenticators(this.db).where('a.user_id', '=', userId).execute();
    return rows
      .filter(({ kind, codes }) => kind !== 'STATIC' || codes !== null)
      .map((row) => authenticatorOf(row, this.keys));
  }

  async byKey(uniqueKey: string): Promise<Authenticator | undefined> {
    const row = await selectAuthenticators(this.db).where('a.unique_key', '=', uniqueKey).executeTakeFirst();
    return row && authenticatorOf(row, this.keys);
  }

  /** One statement both checks and counts: of any number of attempts at once, no more are let through than may be. */
  async attempt(authenticatorId: string): Promise<AttemptVerdict> {
    const now = this.clock.now();
    const waits = `{${waitsInSeconds.slice(1).join(',')}}`;
    const { rows } = await sql<{ disabled: boolean }>`
      update authenticator set failures = failures + 1,
        not_before = ${now}::timestamptz + nullif(
          make_interval(secs => (${waits}::int[])[least(failures + 1, ${waitsInSeconds.length - 1})]), interval '0'
        ),
        disabled_at = case when failures >= ${MOST_FAILURES} then ${now}::timestamptz end
      where id = ${authenticatorId} and disabled_at is null and (not_before is null or not_before <= ${now})
      returning disabled_at is not null as disabled`.execute(this.db);
    const [counted] = rows;
    if (counted) return counted.disabled ? { type: 'disabled', now: true } : { type: 'allowed' };
    const row = await this.db
      .selectFrom('authenticator')
      .select(['not_before', 'disabled_at'])
      .where('id', '=', authenticatorId)
      .executeTakeFirst();
    if (row?.disabled_at !== null) return { type: 'disabled', now: false };
    const notBefore = row.not_before === null ? now : moment(row.not_before);
    return { type: 'throttled', retryAt: notBefore > now ? notBefore : secondsAfter(now, 1) };
  }

  async isRemembered(browser: Secret, userId: string, authenticators: string, since: Date): Promise<boolean> {
    const row = await this.db
      .selectFrom('remembered_browser')
      .select('id')
      .where('token_hash', '=', tokenHash(browser))
      .where('user_id', '=', userId)
      .where('authenticators', '=', authenticators)
      .where('created_at', '>', since)
      .where('expires_at', '>', this.clock.now())
      .executeTakeFirst();
    return row !== undefined;
  }
}
