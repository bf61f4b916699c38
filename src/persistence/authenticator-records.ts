import { isDeepStrictEqual } from 'node:util';

import { sql } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { AuthenticatorKind } from '../flow/authenticator-kind.js';
import type { AuthenticatorRecords, ManagedAuthenticator } from '../flow/authenticator-records.js';
import type { Actor, Change } from '../flow/change.js';
import type { OwnedAuthenticator } from '../flow/services/users.js';
import type { KeyRing } from '../identity/key-ring.js';
import { rightsOfUser } from './access-store.js';
import type { AccountNotices } from './account-notices.js';
import { endFlows, endSessions, forgetBrowsers, lockedAccount, spoilLinks } from './account-rows.js';
import { lockMemberships } from './administrators.js';
import { authenticatorOf, selectAuthenticators } from './authenticator-rows.js';
import type { AuthenticatorRow } from './authenticator-rows.js';
import { expectCovers } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import { anyOf, isId } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';
import { flowUser, selectUsers } from './user-store.js';
import { expectVersion } from './versions.js';

type AccountRow = Awaited<ReturnType<typeof lockedAccount>>;

export class SqlAuthenticatorRecords implements AuthenticatorRecords {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly kinds: ReadonlyMap<string, AuthenticatorKind>,
    private readonly notices: AccountNotices,
  ) {}

  async ofUsers(userIds: readonly string[]): Promise<ManagedAuthenticator[][]> {
    const rows = await selectAuthenticators(this.db).where('a.user_id', '=', anyOf(userIds)).execute();
    const byUser = Map.groupBy(rows.map(this.#managed), ({ userId }) => userId);
    return userIds.map((id) => byUser.get(id) ?? []);
  }

  async byId(id: string): Promise<ManagedAuthenticator | undefined> {
    const row = await rowNamed(this.db, id);
    return row && this.#managed(row);
  }

  async renameOwn(id: string, name: string, ifVersion: number | null, by: Actor): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const { account, row } = await ownOf(trx, id, by);
      expectVersion('authenticator', row.version, ifVersion);
      if (row.name === name) return;
      await trx
        .updateTable('authenticator')
        .set({ name, version: sql<number>`version + 1` })
        .where('id', '=', id)
        .execute();
      await record(trx, by, { ...row, name }, 'UPDATED', ['name']);
      const names = { authenticator: row.name, newName: name };
      await this.notices.tell(trx, account, 'authenticator-renamed', by, names);
    });
  }

  async removeOwn(
    id: string,
    seen: readonly OwnedAuthenticator[],
    keptSessionId: string,
    by: Actor,
  ): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const { user_id: userId } = await expectOwn(trx, id, by);
      await endFlows(trx, userId, by.now);
      const { account, row } = await ownOf(trx, id, by);
      const { authenticators } = flowUser(
        await selectUsers(trx).where('u.id', '=', userId).executeTakeFirstOrThrow(),
      );
      if (!isDeepStrictEqual(authenticators, seen))
        throw new Refusal(
          'CONFLICT',
          'What you have set up has been changed in the meantime. Look at it, and try again.',
        );
      await spoilLinks(trx, userId);
      await this.#remove(trx, account, row, keptSessionId, by);
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const { user_id: userId } = await expectThere(trx, id);
      if (userId === by.userId)
        throw new Refusal('FORBIDDEN', 'This is your own: remove it with removeAuthenticator.');
      await endFlows(trx, userId, by.now);
      const account = await lockedAccount(trx, userId);
      await expectCovers(trx, by, await rightsOfUser(trx, userId), 'The account of this authenticator');
      await this.#remove(trx, account, await expectThere(trx, id), null, by);
    });
  }

  /** The account is locked, and its flows have been ended. */
  async #remove(
    trx: SqlTransaction,
    account: AccountRow,
    row: AuthenticatorRow,
    keptSessionId: string | null,
    by: Actor,
  ): Promise<void> {
    await trx.deleteFrom('authenticator').where('id', '=', row.id).execute();
    await endSessions(trx, account.id, keptSessionId);
    await forgetBrowsers(trx, account.id);
    await record(trx, by, row, 'DELETED', []);
    await this.notices.tell(trx, account, 'authenticator-removed', by, { authenticator: row.name });
  }

  readonly #managed = (row: AuthenticatorRow): ManagedAuthenticator => {
    const authenticator = authenticatorOf(row, this.keys);
    const { id, userId, kind, name, verifiesUser, createdAt, lastUsedAt, disabledAt, codes } = authenticator;
    const known = this.kinds.get(kind);
    return {
      ...{ id, userId, kind, name, verifiesUser, createdAt, lastUsedAt, disabledAt },
      ...(known?.facts(authenticator) ?? { model: null, backedUp: null }),
      hint: known?.hint(authenticator) ?? null,
      codesLeft: kind === 'STATIC' ? codes.length : null,
      version: row.version,
    };
  };
}

async function rowNamed(db: Sql | SqlTransaction, id: string): Promise<AuthenticatorRow | undefined> {
  return isId(id) ? selectAuthenticators(db).where('a.id', '=', id).executeTakeFirst() : undefined;
}

async function expectThere(trx: SqlTransaction, id: string): Promise<AuthenticatorRow> {
  const row = await rowNamed(trx, id);
  if (!row) throw Refusal.notFound('authenticator');
  return row;
}

/** Somebody else's is as good as not there. */
async function expectOwn(trx: SqlTransaction, id: string, by: Actor): Promise<AuthenticatorRow> {
  const row = await expectThere(trx, id);
  if (row.user_id !== by.userId) throw Refusal.notFound('authenticator');
  return row;
}

/** One's own, with the account that it belongs to, which nobody else changes meanwhile. */
async function ownOf(trx: SqlTransaction, id: string, by: Actor) {
  const { user_id: userId } = await expectOwn(trx, id, by);
  const account = await lockedAccount(trx, userId);
  return { account, row: await expectOwn(trx, id, by) };
}

async function record(
  trx: SqlTransaction,
  by: Actor,
  { id, name, kind, user_id: userId }: AuthenticatorRow,
  change: Change['change'],
  fields: readonly string[],
): Promise<void> {
  const object = { type: 'AUTHENTICATOR', id, name } as const;
  await recordChange(trx, by, {
    ...{ action: 'AUTHENTICATOR_CHANGED', object, change, fields, userId },
    details: { kind },
  });
}
