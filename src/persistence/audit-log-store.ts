import { location } from '../flow/location.js';
import type { AuditLog, EventCriteria, PastLogin } from '../flow/services/audit-log.js';
import { moment } from './tables.js';
import type { Sql } from './tables.js';

export class SqlAuditLog implements AuditLog {
  constructor(private readonly db: Sql) {}

  async lastLogins(userId: string, count: number): Promise<PastLogin[]> {
    const rows = await this.db
      .selectFrom('event')
      .select(['created_at', 'location'])
      .where('user_id', '=', userId)
      .where('action', '=', 'LOGIN')
      .orderBy('created_at', 'desc')
      .limit(count)
      .execute();
    return rows.map((row) => ({
      at: moment(row.created_at),
      location: row.location === null ? null : location.parse(row.location),
    }));
  }

  async count({ actions, userId, address, since }: EventCriteria, most: number): Promise<number> {
    const { count } = await this.db
      .selectFrom((from) => {
        let events = from.selectFrom('event').select('id').where('created_at', '>=', since);
        if (actions.length > 0) events = events.where('action', 'in', actions);
        if (userId !== null) events = events.where('user_id', '=', userId);
        if (address !== null) events = events.where('address', '=', address);
        return events.limit(most).as('matching');
      })
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}
