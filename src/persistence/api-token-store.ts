import { randomUUID } from 'node:crypto';

import type { Selectable } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { ApiToken, ApiTokenPageRequest, ApiTokens, NewApiToken } from '../flow/api-tokens.js';
import type { Actor, Change } from '../flow/change.js';
import { MOST_API_TOKENS } from '../identity/api-token.js';
import { isPermission } from '../identity/permissions.js';
import { tokenHash } from '../identity/token.js';
import { rightsOfUser } from './access-store.js';
import { lockMemberships } from './administrators.js';
import { expectCovers } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import { isBehind } from './keyset.js';
import { isId, moment } from './tables.js';
import type { Sql, SqlTransaction, Tables } from './tables.js';
import { expectVersion } from './versions.js';

type Row = Selectable<Tables['api_token']>;

export class SqlApiTokens implements ApiTokens {
  constructor(private readonly db: Sql) {}

  async byId(id: string, now: Date): Promise<ApiToken | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.#good(null, now).selectAll().where('id', '=', id).executeTakeFirst();
    return row && apiToken(row);
  }

  async list({ userId, size, after, now }: ApiTokenPageRequest) {
    const rows = await this.#good(userId, now)
      .selectAll()
      .where((where) => (after ? isBehind(after, true) : where.lit(true)))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    return { items: rows.slice(0, size).map(apiToken), hasMore: rows.length > size };
  }

  async count(userId: string | null, now: Date): Promise<number> {
    const { count } = await this.#good(userId, now)
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async create({ userId, name, permissions, token, expiresAt }: NewApiToken, by: Actor): Promise<string> {
    const id = randomUUID();
    await this.db.transaction().execute(async (trx) => {
      await expectRoom(trx, userId, by.now);
      await trx
        .insertInto('api_token')
        .values({
          id,
          user_id: userId,
          name,
          token_hash: tokenHash(token),
          permissions: stored(permissions),
          created_at: by.now,
          expires_at: expiresAt,
          last_used_at: null,
        })
        .execute();
      await record(trx, by, { id, name, user_id: userId }, 'CREATED', ['name', 'permissions', 'lifetime']);
    });
    return id;
  }

  async update(
    id: string,
    changes: Partial<Pick<ApiToken, 'name' | 'permissions'>>,
    ifVersion: number | null,
    by: Actor,
  ): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const row = await lockedToken(trx, id, by.now);
      expectVersion('API token', row.version, ifVersion);
      const name = changes.name ?? row.name;
      const permissions = changes.permissions ? stored(changes.permissions) : row.permissions;
      const fields = [
        ...(name === row.name ? [] : ['name']),
        ...(permissions === row.permissions ? [] : ['permissions']),
      ];
      if (fields.length === 0) return;
      const version = row.version + 1;
      await trx.updateTable('api_token').set({ name, permissions, version }).where('id', '=', id).execute();
      await record(trx, by, { ...row, name }, 'UPDATED', fields);
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const row = await lockedToken(trx, id, by.now);
      if (row.user_id !== by.userId)
        await expectCovers(trx, by, await rightsOfUser(trx, row.user_id), 'The account of this token');
      await trx.deleteFrom('api_token').where('id', '=', id).execute();
      await record(trx, by, row, 'DELETED', []);
    });
  }

  #good(userId: string | null, now: Date) {
    return this.db
      .selectFrom('api_token')
      .where('expires_at', '>', now)
      .where((where) =>
        userId === null ? where.lit(true) : isId(userId) ? where('user_id', '=', userId) : where.lit(false),
      );
  }
}

/** Of any number that are made at once, each waits for the one before it, and sees it. */
async function expectRoom(trx: SqlTransaction, userId: string, now: Date): Promise<void> {
  const owner = await trx
    .selectFrom('user_account')
    .select('active')
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (owner?.active !== true) throw new Refusal('CONFLICT', 'The account cannot be used any more.');
  const { count } = await trx
    .selectFrom('api_token')
    .select((select) => select.fn.countAll().as('count'))
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  if (Number(count) < MOST_API_TOKENS) return;
  throw new Refusal('CONFLICT', `Nobody may have more than ${MOST_API_TOKENS} API tokens: delete one first.`);
}

async function lockedToken(trx: SqlTransaction, id: string, now: Date): Promise<Row> {
  const row = isId(id)
    ? await trx
        .selectFrom('api_token')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (!row) throw Refusal.notFound('API token');
  return row;
}

async function record(
  trx: SqlTransaction,
  by: Actor,
  { id, name, user_id: userId }: Pick<Row, 'id' | 'name' | 'user_id'>,
  change: Change['change'],
  fields: readonly string[],
): Promise<void> {
  const object = { type: 'API_TOKEN', id, name } as const;
  await recordChange(trx, by, { action: 'API_TOKEN_CHANGED', object, change, fields, userId });
}

/** Each once and in order, so that equal sets are equal texts. */
function stored(permissions: readonly string[]): string {
  return [...new Set(permissions)].toSorted().join(' ');
}

function apiToken(row: Row): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    // What a later version knows, and this one does not, allows nothing here.
    permissions: row.permissions.split(' ').filter(isPermission),
    createdAt: moment(row.created_at),
    expiresAt: moment(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : moment(row.last_used_at),
    version: row.version,
  };
}
