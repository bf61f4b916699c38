import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import { Secret } from '../kernel/secret.js';
import type { Authenticator } from '../flow/authenticator-kind.js';
import type {
  AddAuthenticator,
  ExpectAuthenticators,
  RememberBrowser,
  UseAuthenticator,
} from '../flow/authenticator-effects.js';
import type { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/token.js';
import { forgetBrowsers } from './account-rows.js';
import { moment } from './tables.js';
import type { Sql, SqlTransaction, Tables } from './tables.js';

/** More than anybody uses; each is offered at every sign-in. */
const MOST_AUTHENTICATORS = 50;

/** Authenticators with what is left of their codes, the oldest first. */
export function selectAuthenticators(db: Sql) {
  return (
    db
      .selectFrom('authenticator as a')
      .selectAll('a')
      // One driver hands out large whole numbers as text.
      .select(sql<number>`a.counter::float8`.as('last_count'))
      .select(sql<string | null>`(select s.id from stage s where s.id = a.stage_id)`.as('reaching_stage_id'))
      .select(
        sql<string | null>`(
        select string_agg(c.hash, ' ') from authenticator_code c where c.authenticator_id = a.id
      )`.as('codes'),
      )
      .orderBy('a.created_at')
      .orderBy('a.id')
  );
}

export type AuthenticatorRow = Selectable<Tables['authenticator']> & {
  readonly codes: string | null;
  readonly last_count: number;
  /** Null where the stage is gone. */
  readonly reaching_stage_id: string | null;
};

/** A secret that was sealed under a key that is gone cannot be opened: nothing can be right by it then. */
export function authenticatorOf(row: AuthenticatorRow, keys: KeyRing): Authenticator {
  return {
    id: row.id,
    userId: row.user_id,
    kind: row.kind,
    name: row.name,
    data: row.data,
    secret: row.sealed === null ? null : opened(keys, row.sealed, row.id),
    counter: row.last_count,
    codes: row.codes?.split(' ') ?? [],
    stageId: row.reaching_stage_id,
    verifiesUser: row.verifies_user,
    createdAt: moment(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : moment(row.last_used_at),
    disabledAt: row.disabled_at === null ? null : moment(row.disabled_at),
  };
}

/** The account is locked. */
export async function addAuthenticator(
  trx: SqlTransaction,
  keys: KeyRing,
  effect: AddAuthenticator,
): Promise<void> {
  const { id, userId, kind, name, data, secret, counter, codes, createdAt } = effect;
  if (effect.replaces) {
    await trx.deleteFrom('authenticator').where('user_id', '=', userId).where('kind', '=', kind).execute();
  }
  const { count } = await trx
    .selectFrom('authenticator')
    .select((select) => select.fn.countAll().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  if (Number(count) >= MOST_AUTHENTICATORS)
    throw new Refusal(
      'CONFLICT',
      `Nobody has more than ${MOST_AUTHENTICATORS} authenticators. Remove one first.`,
    );
  const added = await trx
    .insertInto('authenticator')
    .values({
      ...{ id, user_id: userId, kind, name, data, counter },
      sealed: secret && keys.seal(secret.reveal(), bondOf(id)),
      unique_key: effect.uniqueKey,
      verifies_user: effect.verifiesUser,
      stage_id: effect.stageId,
      ...{ failures: 0, not_before: null, disabled_at: null, version: 1 },
      ...{ created_at: createdAt, last_used_at: null },
    })
    .onConflict((conflict) => conflict.column('unique_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) throw new Refusal('CONFLICT', 'This has been set up already.');
  if (codes.length > 0) {
    const rows = codes.map((hash) => ({ authenticator_id: id, hash }));
    await trx.insertInto('authenticator_code').values(rows).execute();
  }
  await forgetBrowsers(trx, userId);
}

/** Of any number who show the same code, step or count at once, one is the first; the others are refused. */
export async function useAuthenticator(trx: SqlTransaction, effect: UseAuthenticator): Promise<void> {
  const { id, userId, at, counter, code, data } = effect;
  const used = await trx
    .updateTable('authenticator')
    .set({
      ...{ last_used_at: at, failures: 0, not_before: null },
      ...(counter !== null && { counter }),
      ...(data && { data }),
    })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('disabled_at', 'is', null)
    .where((where) => (counter === null ? where.lit(true) : where('counter', '<', counter)))
    .returning('id')
    .executeTakeFirst();
  if (!used || (code !== null && !(await useCode(trx, id, code))))
    throw new Refusal('CONFLICT', 'This has been used in the meantime. Use another code.');
}

async function useCode(trx: SqlTransaction, id: string, hash: string): Promise<boolean> {
  const used = await trx
    .deleteFrom('authenticator_code')
    .where('authenticator_id', '=', id)
    .where('hash', '=', hash)
    .returning('hash')
    .executeTakeFirst();
  return used !== undefined;
}

export async function rememberBrowser(trx: SqlTransaction, effect: RememberBrowser): Promise<void> {
  const { id, userId, token, replaces, authenticators, at, expiresAt } = effect;
  if (replaces) await renew(trx, userId, tokenHash(replaces), tokenHash(token));
  await trx
    .insertInto('remembered_browser')
    .values({
      ...{ id, user_id: userId, token_hash: tokenHash(token), authenticators },
      ...{ created_at: at, expires_at: expiresAt },
    })
    .execute();
}

/** A browser that several people use is known by one secret. */
async function renew(trx: SqlTransaction, userId: string, before: string, after: string): Promise<void> {
  await trx
    .deleteFrom('remembered_browser')
    .where('token_hash', '=', before)
    .where('user_id', '=', userId)
    .execute();
  await trx
    .updateTable('remembered_browser')
    .set({ token_hash: after })
    .where('token_hash', '=', before)
    .execute();
}

/** The ids of what counts as a person's second factor; recovery codes that are used up do not. */
export async function secondFactorsOf(trx: SqlTransaction, userId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('authenticator as a')
    .select('a.id')
    .where('a.user_id', '=', userId)
    .where(
      sql<boolean>`(a.kind <> 'STATIC' or exists (
        select from authenticator_code c where c.authenticator_id = a.id
      ))`,
    )
    .execute();
  return rows.map(({ id }) => id);
}

/** The account is locked: nobody adds one after this. */
export async function expectAuthenticators(
  trx: SqlTransaction,
  { userId, known }: ExpectAuthenticators,
): Promise<void> {
  const owned = await secondFactorsOf(trx, userId);
  if (!owned.every((id) => known.includes(id)))
    throw new Refusal('CONFLICT', 'Something else has been set up for the account by now. Start again.');
}

function bondOf(id: string): string {
  return `authenticator ${id}`;
}

function opened(keys: KeyRing, sealed: string, id: string): Secret | null {
  try {
    return new Secret(keys.open(sealed, bondOf(id)));
  } catch {
    return null;
  }
}
