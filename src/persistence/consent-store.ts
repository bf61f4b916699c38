import { Refusal } from '../kernel/refusal.js';
import type { Actor } from '../flow/change.js';
import type { Consent, ConsentRecords } from '../flow/consents.js';
import type { Consents } from '../flow/services/consents.js';
import { rightsOfUser } from './access-store.js';
import { lockMemberships } from './administrators.js';
import { expectCovers } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import { anyOf, isId, moment } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';

export class SqlConsents implements Consents, ConsentRecords {
  constructor(private readonly db: Sql) {}

  async granted(userId: string, stageId: string, now: Date): Promise<readonly string[] | undefined> {
    const row = await valid(this.db, now)
      .where('c.user_id', '=', userId)
      .where('c.stage_id', '=', stageId)
      .executeTakeFirst();
    return row?.permissions;
  }

  async ofUsers(userIds: readonly string[], now: Date): Promise<Consent[][]> {
    const rows = await valid(this.db, now)
      .where('c.user_id', '=', anyOf(userIds))
      .orderBy('c.granted_at', 'desc')
      .orderBy('c.id')
      .execute();
    const byUser = Map.groupBy(rows.map(consentOf), ({ userId }) => userId);
    return userIds.map((id) => byUser.get(id) ?? []);
  }

  async byId(id: string, now: Date): Promise<Consent | undefined> {
    if (!isId(id)) return undefined;
    const row = await valid(this.db, now).where('c.id', '=', id).executeTakeFirst();
    return row && consentOf(row);
  }

  async revoke(id: string, by: Actor): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await lockMemberships(trx);
      const row = isId(id) ? await valid(trx, by.now).where('c.id', '=', id).executeTakeFirst() : undefined;
      // Of two who revoke it at once, one does, and says so.
      const revoked = row && (await trx.deleteFrom('consent').where('id', '=', id).executeTakeFirst());
      if (!row || revoked?.numDeletedRows !== 1n) throw Refusal.notFound('consent');
      const { userId, stageName, permissions } = consentOf(row);
      if (userId !== by.userId)
        await expectCovers(trx, by, await rightsOfUser(trx, userId), 'The account of this consent');
      await recordChange(trx, by, {
        action: 'CONSENT_REVOKED',
        object: { type: 'CONSENT', id, name: stageName },
        change: 'DELETED',
        fields: [],
        userId,
        details: { permissions: [...permissions] },
      });
    });
  }
}

function valid(db: Sql | SqlTransaction, now: Date) {
  return db
    .selectFrom('consent as c')
    .innerJoin('stage as s', 's.id', 'c.stage_id')
    .select(['c.id', 'c.user_id', 'c.permissions', 'c.granted_at', 'c.expires_at', 's.name'])
    .where((where) => where.or([where('c.expires_at', 'is', null), where('c.expires_at', '>', now)]));
}

type Row = Awaited<ReturnType<ReturnType<typeof valid>['executeTakeFirstOrThrow']>>;

function consentOf({ id, user_id: userId, permissions, granted_at, expires_at, name }: Row): Consent {
  const expiresAt = expires_at === null ? null : moment(expires_at);
  return { id, userId, stageName: name, permissions, grantedAt: moment(granted_at), expiresAt };
}
