import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { FieldProblem } from '../kernel/refusal.js';
import type { Actor, Change } from '../flow/change.js';
import type { UserField } from '../flow/services/users.js';
import { userProblems } from '../flow/user-rules.js';
import type { UserFields } from '../flow/user-rules.js';
import type { NewPassword, UserEditor } from '../flow/user-store.js';
import { rightsOfGroups, rightsOfUser } from './access-store.js';
import { accountChange } from './account-changes.js';
import type { AccountNotices } from './account-notices.js';
import { endFlows, endSessions, forgetBrowsers, lockedAccount, spoilLinks } from './account-rows.js';
import { expectAdministrator, lockMemberships } from './administrators.js';
import { markBootstrapped, useUpSetupTokens } from './bootstrap-store.js';
import { asRefusal } from './constraints.js';
import { expectCovers } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import { setPassword } from './password-history-store.js';
import { isId } from './tables.js';
import type { Sql, SqlTransaction, Tables } from './tables.js';
import { insertUser, replaceIdentifiers } from './user-rows.js';
import { expectVersion } from './versions.js';

/** What an edit has done, for the event log; undefined where it has changed nothing. */
type Edited =
  | (Pick<Change, 'action' | 'change' | 'fields' | 'details'> & { readonly username: string })
  | undefined;

export class SqlUserEditor implements UserEditor {
  constructor(
    private readonly db: Sql,
    private readonly notices: AccountNotices,
  ) {}

  async create(
    fields: UserFields,
    groupIds: readonly string[],
    by: Actor,
    password?: NewPassword,
  ): Promise<string> {
    const id = randomUUID();
    const joined = [...new Set(groupIds)];
    await this.#record(id, by, async (trx) => {
      const rights = await rightsOfGroups(trx, joined);
      await expectCovers(trx, by, rights, 'The groups');
      const { emailVerified, ...columns } = fields;
      const emailVerifiedAt = emailVerified && fields.email !== null ? by.now : null;
      await insertUser(trx, { id, ...columns, emailVerifiedAt, createdAt: by.now }, taken);
      if (joined.length > 0) {
        const memberships = joined.map((groupId) => ({ group_id: groupId, user_id: id }));
        await trx.insertInto('group_member').values(memberships).execute();
      }
      if (password) await setPassword(trx, { type: 'setPassword', userId: id, ...password }, by.now);
      if (rights.superuser && fields.active && (await markBootstrapped(trx)))
        await useUpSetupTokens(trx, by.now);
      return {
        action: 'USER_WRITTEN',
        change: 'CREATED',
        username: fields.username,
        fields: [
          ...Object.keys(fields),
          ...(password ? ['password'] : []),
          ...(joined.length > 0 ? ['groupIds'] : []),
        ],
        ...(joined.length > 0 && { details: { groupIds: joined } }),
      };
    });
    return id;
  }

  async update(
    id: string,
    changes: Partial<UserFields>,
    ifVersion: number | null,
    keptSessionId: string | null,
    by: Actor,
  ): Promise<void> {
    const endsFlows = changes.active === false || changes.email !== undefined;
    await this.#edit(id, by, endsFlows, async (trx, account) => {
      expectVersion('user', account.version, ifVersion);
      const { fields, columns } = accountChange(account, changes, by.now);
      if (fields.length === 0) return undefined;
      const { username, email } = await trx
        .updateTable('user_account')
        .set({ ...columns, version: sql<number>`version + 1` })
        .where('id', '=', id)
        .returning(['username', 'email'])
        .executeTakeFirstOrThrow();
      if (fields.includes('username') || fields.includes('email'))
        await replaceIdentifiers(trx, { id, username, email }, taken);
      const isShutOut = columns.active === false;
      if (isShutOut || fields.includes('email')) await shutOut(trx, id, isShutOut ? null : keptSessionId);
      if (isShutOut) await expectAdministrator(trx);
      if (fields.includes('email'))
        await this.notices.tell(trx, account, 'email-changed', by, { newEmail: email ?? '' });
      return { action: 'USER_WRITTEN', change: 'UPDATED', username, fields };
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.#edit(id, by, true, async (trx, account) => {
      await trx.deleteFrom('user_account').where('id', '=', id).execute();
      await expectAdministrator(trx);
      await this.notices.tell(trx, account, 'account-deleted', by);
      return { action: 'USER_DELETED', change: 'DELETED', username: account.username, fields: [] };
    });
  }

  async setPassword(
    id: string,
    password: NewPassword,
    keptSessionId: string | null,
    by: Actor,
  ): Promise<void> {
    await this.#edit(id, by, true, async (trx, account) => {
      await setPassword(trx, { type: 'setPassword', userId: id, ...password }, by.now);
      await shutOut(trx, id, keptSessionId);
      await this.notices.tell(trx, account, 'password-changed', by);
      const { username } = account;
      return { action: 'PASSWORD_SET', change: 'UPDATED', username, fields: ['password'] };
    });
  }

  async markPasswordCompromised(id: string, by: Actor): Promise<void> {
    await this.#edit(id, by, true, async (trx, { username }) => {
      const password = await trx
        .selectFrom('password')
        .select('compromised_at')
        .where('user_id', '=', id)
        .executeTakeFirst();
      if (!password) throw new Refusal('CONFLICT', 'The account has no password.');
      if (password.compromised_at !== null) return undefined;
      await trx.updateTable('password').set({ compromised_at: by.now }).where('user_id', '=', id).execute();
      await endSessions(trx, id, null);
      await forgetBrowsers(trx, id);
      return { action: 'PASSWORD_COMPROMISED', change: 'UPDATED', username, fields: ['password'] };
    });
  }

  /** Does the work on an account that nobody else changes meanwhile, for somebody who may do what it may. */
  async #edit(
    id: string,
    by: Actor,
    endsFlows: boolean,
    work: (trx: SqlTransaction, account: AccountRow) => Promise<Edited>,
  ): Promise<void> {
    if (!isId(id)) throw Refusal.notFound('user');
    await this.#record(id, by, async (trx) => {
      if (endsFlows) await endFlows(trx, id, by.now);
      const account = await lockedAccount(trx, id);
      await expectCovers(trx, by, await rightsOfUser(trx, id), 'The account');
      return work(trx, account);
    });
  }

  /** Does the work while nobody's rights change, and records it. */
  async #record(userId: string, by: Actor, work: (trx: SqlTransaction) => Promise<Edited>): Promise<void> {
    try {
      await this.db.transaction().execute(async (trx) => {
        await lockMemberships(trx);
        const edited = await work(trx);
        if (!edited) return;
        const { username: name, ...change } = edited;
        await recordChange(trx, by, { ...change, object: { type: 'USER', id: userId, name }, userId });
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

type AccountRow = Selectable<Tables['user_account']>;

/** Ends every way in that somebody has open now, but one: being let in again brings none of them back. */
async function shutOut(trx: SqlTransaction, userId: string, keptSessionId: string | null): Promise<void> {
  await endSessions(trx, userId, keptSessionId);
  await spoilLinks(trx, userId);
  await forgetBrowsers(trx, userId);
}

function taken(fields: readonly UserField[]): Refusal {
  const message = userProblems.TAKEN;
  const problems = fields.map((field): FieldProblem => {
    return { path: field === 'USERNAME' ? 'input.username' : 'input.email', code: 'TAKEN', message };
  });
  return new Refusal('CONFLICT', message, { fields: problems });
}
