import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import { canonical } from '../kernel/text.js';
import type { UserField, UserKind } from '../flow/services/users.js';
import type { SqlTransaction } from './tables.js';

export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  readonly awaitsVerification?: boolean;
  readonly emailVerifiedAt?: Date | null;
  readonly kind?: UserKind;
  readonly path?: string;
  readonly attributes?: JsonObject;
  readonly createdAt: Date;
}

/** What to answer where somebody else has taken these. */
type TakenRefusal = (taken: readonly UserField[]) => Refusal;

const sendAgain: TakenRefusal = () =>
  new Refusal('CONFLICT', 'Somebody else has taken the username or e-mail address. Send your answer again.');

export async function insertUser(
  trx: SqlTransaction,
  user: NewUser,
  refusal: TakenRefusal = sendAgain,
): Promise<void> {
  const { createdAt, attributes = {}, awaitsVerification, emailVerifiedAt, ...columns } = user;
  await trx
    .insertInto('user_account')
    .values({
      ...columns,
      attributes,
      awaits_verification: awaitsVerification ?? false,
      email_verified_at: emailVerifiedAt ?? null,
      created_at: createdAt,
    })
    .execute();
  await replaceIdentifiers(trx, user, refusal);
}

/** Claims a person's names. Refused where somebody else was faster. */
export async function replaceIdentifiers(
  trx: SqlTransaction,
  { id, username, email }: Pick<NewUser, 'id' | 'username' | 'email'>,
  refusal: TakenRefusal = sendAgain,
): Promise<void> {
  await trx.deleteFrom('user_identifier').where('user_id', '=', id).execute();
  const name = canonical(username);
  const address = email === null ? null : canonical(email);
  const wanted = [...new Set(address === null ? [name] : [name, address])].toSorted();
  const inserted = await trx
    .insertInto('user_identifier')
    .values(
      wanted.map((word) => ({
        canonical: word,
        user_id: id,
        is_username: word === name,
        is_email: word === address,
      })),
    )
    .onConflict((conflict) => conflict.column('canonical').doNothing())
    .returning('canonical')
    .execute();
  const theirs = new Set(inserted.map((row) => row.canonical));
  const taken: UserField[] = [];
  if (!theirs.has(name)) taken.push('USERNAME');
  if (address !== null && !theirs.has(address)) taken.push('EMAIL');
  if (taken.length > 0) throw refusal(taken);
}
