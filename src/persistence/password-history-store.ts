import { randomUUID } from 'node:crypto';

import type { Secret } from '../kernel/secret.js';
import type { SetPassword } from '../flow/effect.js';
import type { PasswordHistory } from '../flow/services/password-history.js';
import type { PasswordHasher } from '../identity/password-hasher.js';
import { forgetBrowsers } from './account-rows.js';
import { moment } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';

export class SqlPasswordHistory implements PasswordHistory {
  constructor(
    private readonly db: Sql,
    private readonly hasher: PasswordHasher,
  ) {}

  async changedAt(userId: string): Promise<Date | null> {
    const row = await this.db
      .selectFrom('password')
      .select('changed_at')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row ? moment(row.changed_at) : null;
  }

  async isOneOfLast(userId: string, password: Secret, count: number): Promise<boolean> {
    if (count === 0) return false;
    const current = await this.db
      .selectFrom('password')
      .select('hash')
      .where('user_id', '=', userId)
      .execute();
    const before = await this.db
      .selectFrom('password_history')
      .select('hash')
      .where('user_id', '=', userId)
      .orderBy('replaced_at', 'desc')
      .orderBy('id')
      .limit(count)
      .execute();
    for (const { hash } of [...current, ...before].slice(0, count)) {
      if ((await this.hasher.verify(password, hash)).valid) return true;
    }
    return false;
  }
}

/** Sets a password, keeps the one before it where some policy compares with it, and forgets browsers. */
export async function setPassword(
  trx: SqlTransaction,
  { userId, hash, remembered }: SetPassword,
  now: Date,
): Promise<void> {
  const before = await trx
    .selectFrom('password')
    .select('hash')
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (before && remembered > 0) {
    await trx
      .insertInto('password_history')
      .values({ id: randomUUID(), user_id: userId, hash: before.hash, replaced_at: now })
      .execute();
  }
  await forgetPasswords(trx, userId, remembered);
  await forgetBrowsers(trx, userId);
  await trx
    .insertInto('password')
    .values({ user_id: userId, hash: hash.reveal(), changed_at: now })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ hash: hash.reveal(), changed_at: now, compromised_at: null }),
    )
    .execute();
}

/** All but the newest. */
async function forgetPasswords(trx: SqlTransaction, userId: string, kept: number): Promise<void> {
  await trx
    .deleteFrom('password_history')
    .where('user_id', '=', userId)
    .where('id', 'not in', (from) =>
      from
        .selectFrom('password_history')
        .select('id')
        .where('user_id', '=', userId)
        .orderBy('replaced_at', 'desc')
        .orderBy('id')
        .limit(kept),
    )
    .execute();
}
