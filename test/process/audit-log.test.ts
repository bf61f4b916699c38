import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import type { CustomEventAction, EventAction } from '../../src/flow/event-actions.js';
import type { CompiledQuery } from 'kysely';

import { secondsAfter } from '../../src/kernel/clock.js';
import type { EventCriteria } from '../../src/flow/services/audit-log.js';
import type { Location } from '../../src/flow/location.js';
import { SqlAuditLog } from '../../src/persistence/audit-log-store.js';
import { insertEvent } from '../../src/persistence/event-rows.js';
import { useDatabase } from '../support/test-database.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const HOUR = 3600;
const MONTREAL: Location = {
  ...{ country: 'CA', continent: 'NA', city: 'Montreal', latitude: 45.5017, longitude: -73.5673 },
  ...{ asn: 64_496, organization: 'Example Network' },
};
const database = useDatabase();
const auditLog = () => new SqlAuditLog(database.current().sql);

interface Happened {
  readonly action?: EventAction | CustomEventAction;
  readonly userId?: string | null;
  readonly address?: string;
  readonly location?: Location | null;
  readonly ago?: number;
}

function happened({ ago = 0, ...also }: Happened): Promise<void> {
  const now = secondsAfter(NOW, -ago);
  const action: EventAction = 'LOGIN';
  const nothing = { action, userId: null, address: '192.0.2.1', location: null, executionId: null };
  const event = { ...nothing, details: {}, userAgent: 'test', now, ...also };
  return database
    .current()
    .sql.transaction()
    .execute((trx) => insertEvent(trx, event));
}

const criteria = (wanted: Partial<EventCriteria>): EventCriteria => ({
  actions: ['LOGIN'],
  userId: null,
  address: null,
  since: secondsAfter(NOW, -HOUR),
  ...wanted,
});

describe('the event log', () => {
  it('knows the latest logins of a person, the newest first, with where they came from', async () => {
    const userId = randomUUID();
    await happened({ userId, ago: 30, location: MONTREAL });
    await happened({ userId, ago: 20 });
    await happened({ userId, ago: 10, action: 'LOGIN_FAILED' });
    await happened({ userId, ago: 40 });
    await happened({ userId: randomUUID(), ago: 5 });
    expect(await auditLog().lastLogins(userId, 2)).toEqual([
      { at: secondsAfter(NOW, -20), location: null },
      { at: secondsAfter(NOW, -30), location: MONTREAL },
    ]);
    expect(await auditLog().lastLogins(randomUUID(), 2)).toEqual([]);
  });

  it('counts what meets every condition, and no further than it is told', async () => {
    const [userId, address, elsewhere] = [randomUUID(), randomUUID(), randomUUID()];
    await happened({ userId, address, ago: HOUR });
    await happened({ userId, address, ago: HOUR + 1 });
    await happened({ userId, address: elsewhere, action: 'CUSTOM:odd' });
    await happened({ userId: randomUUID(), address });
    const count = (wanted: Partial<EventCriteria>, most = 10) => auditLog().count(criteria(wanted), most);
    expect(await count({ userId })).toBe(1);
    expect(await count({ address })).toBe(2);
    expect(await count({ userId, address })).toBe(1);
    expect(await count({ userId, address: elsewhere })).toBe(0);
    expect(await count({ userId, actions: ['LOGIN', 'CUSTOM:odd'] })).toBe(2);
    expect(await count({ userId, actions: ['CUSTOM:other'] })).toBe(0);
    expect(await count({ address }, 1)).toBe(1);
  });
});

describe('a log of many events', () => {
  beforeAll(async () => {
    await sql`
      insert into event (id, action, user_id, details, address, user_agent, created_at, expires_at)
      select gen_random_uuid(), (array['LOGIN', 'LOGIN_FAILED', 'POLICY_EVALUATED'])[1 + n % 3],
        ('00000000-0000-4000-8000-' || lpad((n % 300)::text, 12, '0'))::uuid, '{}', '198.51.100.' || n % 200,
        'test', ${NOW}::timestamptz - make_interval(secs => n), ${NOW}::timestamptz + interval '365 days'
      from generate_series(1, 30000) n`.execute(database.current().sql);
    await sql`analyze event`.execute(database.current().sql);
  });

  const userId = '00000000-0000-4000-8000-000000000007';
  const address = '198.51.100.7';
  const everything = secondsAfter(NOW, -365 * 24 * HOUR);

  it.each<[string, (log: SqlAuditLog) => Promise<unknown>]>([
    ['the latest logins', (log) => log.lastLogins(userId, 5)],
    ['events of a person', (log) => log.count(criteria({ userId, since: everything }), 1000)],
    ['events from an address', (log) => log.count(criteria({ address, since: everything }), 1000)],
    [
      'events of a person from there',
      (log) => log.count(criteria({ userId, address, since: everything }), 1000),
    ],
    [
      'rare events of a person',
      (log) => log.count(criteria({ userId, actions: ['CUSTOM:a', 'CUSTOM:b'] }), 1),
    ],
    ['rare events from an address', (log) => log.count(criteria({ address, actions: ['CUSTOM:a'] }), 1)],
  ])('is not read through for %s', async (_what, ask) => {
    const plan = await planOf(ask);
    expect(plan).toMatch(/Index (Only )?Scan|Bitmap Index Scan/);
    expect(plan).not.toContain('Seq Scan');
  });

  /** How PostgreSQL does what the log asks of it. */
  async function planOf(ask: (log: SqlAuditLog) => Promise<unknown>): Promise<string> {
    const { sql: db } = database.current();
    const asked: CompiledQuery[] = [];
    const watched = db.withPlugin({
      transformQuery({ node, queryId }) {
        asked.push(db.getExecutor().compileQuery(node, queryId));
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    await ask(new SqlAuditLog(watched));
    const [query] = asked;
    if (!query) throw new Error('nothing was asked');
    const { rows } = await db.executeQuery({ ...query, sql: `explain ${query.sql}` });
    return JSON.stringify(rows);
  }
});
