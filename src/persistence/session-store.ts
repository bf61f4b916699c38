import type { Selectable } from 'kysely';

import { Refusal } from '../kernel/refusal.js';
import type { Actor, Change } from '../flow/change.js';
import type { ManagedSession, SessionPageRequest, Sessions } from '../flow/sessions.js';
import { rightsOfUser } from './access-store.js';
import { lockMemberships } from './administrators.js';
import { expectCovers } from './cover-rule.js';
import { recordChanges } from './event-rows.js';
import { isBehind } from './keyset.js';
import { isId, moment } from './tables.js';
import type { Sql, SqlTransaction, Tables } from './tables.js';

type Row = Selectable<Tables['session']>;
type Ended = Pick<Row, 'id' | 'user_id'>;

export class SqlSessions implements Sessions {
  constructor(private readonly db: Sql) {}

  async list({ userId, size, after, newestFirst, now }: SessionPageRequest) {
    const direction = newestFirst ? 'desc' : 'asc';
    const rows = await this.#open(userId, now)
      .selectAll()
      .where((where) => (after ? isBehind(after, newestFirst) : where.lit(true)))
      .orderBy('created_at', direction)
      .orderBy('id', direction)
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    return { items: rows.slice(0, size).map(managedSession), hasMore: rows.length > size };
  }

  async count(userId: string | null, now: Date): Promise<number> {
    const { count } = await this.#open(userId, now)
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async end(id: string, by: Actor): Promise<void> {
    if (!isId(id)) throw Refusal.notFound('session');
    await this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const ended = await deleteSessions(trx, by.now).where('id', '=', id).executeTakeFirst();
      if (!ended) throw Refusal.notFound('session');
      await expectCoversPerson(trx, by, ended.user_id);
      await recordEnds(trx, by, [ended]);
    });
  }

  async endAllOf(userId: string, by: Actor): Promise<number> {
    if (!isId(userId)) throw Refusal.notFound('user');
    return this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const user = await trx
        .selectFrom('user_account')
        .select('id')
        .where('id', '=', userId)
        .executeTakeFirst();
      if (!user) throw Refusal.notFound('user');
      await expectCoversPerson(trx, by, userId);
      return recordEnds(trx, by, await deleteSessions(trx, by.now).where('user_id', '=', userId).execute());
    });
  }

  async endOwn(id: string, by: Actor): Promise<void> {
    if (!isId(id)) throw Refusal.notFound('session');
    await this.db.transaction().execute(async (trx) => {
      const own = deleteSessions(trx, by.now).where('user_id', '=', by.userId);
      const ended = await own.where('id', '=', id).executeTakeFirst();
      if (!ended) throw Refusal.notFound('session');
      await recordEnds(trx, by, [ended]);
    });
  }

  async endOwnOthers(keptId: string, by: Actor): Promise<number> {
    return this.db.transaction().execute(async (trx) => {
      const own = deleteSessions(trx, by.now).where('user_id', '=', by.userId);
      return recordEnds(trx, by, await own.where('id', '!=', keptId).execute());
    });
  }

  #open(userId: string | null, now: Date) {
    return this.db
      .selectFrom('session')
      .where('expires_at', '>', now)
      .where((where) =>
        userId === null ? where.lit(true) : isId(userId) ? where('user_id', '=', userId) : where.lit(false),
      );
  }
}

/** Those that still last; the others have ended by themselves, and are left to housekeeping. */
function deleteSessions(trx: SqlTransaction, now: Date) {
  return trx.deleteFrom('session').where('expires_at', '>', now).returning(['id', 'user_id']);
}

async function expectCoversPerson(trx: SqlTransaction, by: Actor, userId: string): Promise<void> {
  await expectCovers(trx, by, await rightsOfUser(trx, userId), 'The account of this session');
}

async function recordEnds(trx: SqlTransaction, by: Actor, ended: readonly Ended[]): Promise<number> {
  const changes = ended.map(({ id, user_id: userId }): Change => {
    const object = { type: 'SESSION', id, name: '' } as const;
    return { action: 'SESSION_ENDED', object, change: 'DELETED', fields: [], userId };
  });
  await recordChanges(trx, by, changes);
  return ended.length;
}

function managedSession(row: Row): ManagedSession {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: moment(row.created_at),
    expiresAt: moment(row.expires_at),
    amr: row.amr === '' ? [] : row.amr.split(' '),
    aal: row.aal,
    address: row.address,
    userAgent: row.user_agent,
  };
}
