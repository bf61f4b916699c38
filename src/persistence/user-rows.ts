import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import { canonical } from '../kernel/text.js';
import type { SqlTransaction } from './tables.js';

export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  readonly createdAt: Date;
}

export async function insertUser(trx: SqlTransaction, user: NewUser): Promise<void> {
  const { createdAt, ...columns } = user;
  await trx
    .insertInto('user_account')
    .values({ ...columns, created_at: createdAt })
    .execute();
  await replaceIdentifiers(trx, user.id, user.username, user.email);
}

/** Claims a person's names. Refused where somebody else was faster. */
export async function replaceIdentifiers(
  trx: SqlTransaction,
  userId: string,
  username: string,
  email: string | null,
): Promise<void> {
  await trx.deleteFrom('user_identifier').where('user_id', '=', userId).execute();
  const name = canonical(username);
  const address = email === null ? null : canonical(email);
  const wanted = [...new Set(address === null ? [name] : [name, address])].toSorted();
  const inserted = await trx
    .insertInto('user_identifier')
    .values(
      wanted.map((word) => ({
        canonical: word,
        user_id: userId,
        is_username: word === name,
        is_email: word === address,
      })),
    )
    .onConflict((conflict) => conflict.column('canonical').doNothing())
    .returning(sql<number>`1`.as('one'))
    .execute();
  if (inserted.length < wanted.length) {
    throw new Refusal(
      'CONFLICT',
      'Somebody else has taken the username or e-mail address. Send your answer again.',
    );
  }
}
