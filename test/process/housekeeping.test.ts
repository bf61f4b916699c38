import { randomUUID } from 'node:crypto';

import { secondsAfter } from '../../src/kernel/clock.js';
import { insertEvent } from '../../src/persistence/event-rows.js';
import { tidy } from '../../src/persistence/housekeeping.js';
import { useDatabase } from '../support/test-database.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const DAY = 24 * 3600;

const database = useDatabase();

async function addGuesses(count: number, forgottenAt: Date): Promise<void> {
  const rows = Array.from({ length: count }, () => ({
    key: randomUUID(),
    failures: 1,
    not_before: forgottenAt,
    forgotten_at: forgottenAt,
  }));
  await database.current().sql.insertInto('guess').values(rows).execute();
}

async function addExecution(expiresAt: Date): Promise<string> {
  const id = randomUUID();
  const execution = {
    id,
    version: 1,
    support_id: randomUUID(),
    flow_id: randomUUID(),
    client: 'NATIVE' as const,
    owner_hash: '',
    challenge_id: null,
    status: 'RUNNING' as const,
    user_id: null,
    state: {},
    sealed: '',
    claim: null,
    claimed_until: null,
    created_at: NOW,
    expires_at: expiresAt,
  };
  await database.current().sql.insertInto('execution').values(execution).execute();
  const trace = { execution_id: id, version: 1, entries: [], address: '', created_at: NOW };
  await database.current().sql.insertInto('execution_trace').values(trace).execute();
  const answer = { execution_id: id, challenge_id: randomUUID(), mac: '', given: '', created_at: NOW };
  await database.current().sql.insertInto('execution_answer').values(answer).execute();
  return id;
}

const idsOf = async (table: 'execution' | 'session'): Promise<string[]> =>
  (await database.current().sql.selectFrom(table).select('id').execute()).map((row) => row.id);

describe('housekeeping', () => {
  it('removes executions a day after they expired, with their answers, and leaves the others', async () => {
    await addExecution(secondsAfter(NOW, -DAY));
    const kept = [
      await addExecution(secondsAfter(NOW, -DAY + 1)),
      await addExecution(secondsAfter(NOW, DAY)),
    ];
    expect(await tidy(database.current().sql, NOW)).toBe(1);
    expect((await idsOf('execution')).toSorted()).toEqual(kept.toSorted());
    expect(await database.current().sql.selectFrom('execution_answer').selectAll().execute()).toHaveLength(2);
  });

  it('removes expired sessions and not those that last', async () => {
    const user = { id: randomUUID(), username: 'ada', email: null, name: '', active: true, created_at: NOW };
    await database.current().sql.insertInto('user_account').values(user).execute();
    const session = (expiresAt: Date) => ({
      id: randomUUID(),
      token_hash: randomUUID(),
      user_id: user.id,
      execution_id: randomUUID(),
      amr: 'pwd',
      aal: 1,
      address: '',
      user_agent: '',
      created_at: NOW,
      expires_at: expiresAt,
    });
    const lasting = session(secondsAfter(NOW, 1));
    await database
      .current()
      .sql.insertInto('session')
      .values([session(NOW), lasting])
      .execute();
    expect(await tidy(database.current().sql, NOW)).toBe(1);
    expect(await idsOf('session')).toEqual([lasting.id]);
  });

  it('removes events when their time is over, and those that were to be kept for longer than is decided now', async () => {
    const { sql } = database.current();
    const decide = (days: number) =>
      sql.updateTable('installation').set({ event_retention_days: days }).execute();
    const record = (now: Date) =>
      sql.transaction().execute((trx) =>
        insertEvent(trx, {
          ...{ action: 'LOGOUT', userId: null, executionId: null, details: {}, now },
          ...{ address: '192.0.2.1', userAgent: '', languages: [], location: null },
        }),
      );
    const left = async () => (await sql.selectFrom('event').select('id').execute()).length;
    await record(NOW);
    await decide(400);
    await record(NOW);
    await record(secondsAfter(NOW, 300 * DAY));
    await tidy(sql, secondsAfter(NOW, 365 * DAY - 1));
    expect(await left()).toBe(3);
    await tidy(sql, secondsAfter(NOW, 365 * DAY));
    expect(await left()).toBe(2);
    await decide(30);
    await tidy(sql, secondsAfter(NOW, 330 * DAY - 1));
    expect(await left()).toBe(1);
    await tidy(sql, secondsAfter(NOW, 330 * DAY));
    expect(await left()).toBe(0);
    await decide(365);
  });

  it('removes mails a week after they were sent or given up, and what was nobody’s after a day', async () => {
    const { sql } = database.current();
    const add = async (
      status: 'SENT' | 'DEAD' | 'VOID' | 'QUEUED',
      settledAt: Date | null,
    ): Promise<string> => {
      const id = randomUUID();
      const mail = {
        ...{ id, template: 'password-changed', recipient: null, user_id: null, language: 'EN' as const },
        ...{ sealed: null, status, attempts: 1, next_attempt_at: NOW, claim: null, claimed_until: null },
        ...{ last_error: null, created_at: NOW, expires_at: NOW, settled_at: settledAt },
      };
      await sql.insertInto('mail').values(mail).execute();
      return id;
    };
    const ago = (seconds: number) => secondsAfter(NOW, -seconds);
    for (const status of ['SENT', 'DEAD'] as const) await add(status, ago(7 * DAY));
    await add('VOID', ago(DAY));
    const kept = [
      await add('SENT', ago(7 * DAY - 1)),
      await add('DEAD', ago(7 * DAY - 1)),
      await add('VOID', ago(DAY - 1)),
      await add('QUEUED', null),
    ];
    expect(await tidy(sql, NOW)).toBe(3);
    const left = await sql.selectFrom('mail').select('id').execute();
    expect(left.map(({ id }) => id).toSorted()).toEqual(kept.toSorted());
  });

  it('removes what was counted, agreed to or used once when it has expired, the last only a day later', async () => {
    const { sql } = database.current();
    const add = async (seconds: number): Promise<string> => {
      const [key, expiresAt] = [randomUUID(), secondsAfter(NOW, seconds)];
      await sql.insertInto('rate').values({ key, count: 1, expires_at: expiresAt }).execute();
      await sql.insertInto('used_once').values({ key, expires_at: expiresAt }).execute();
      return key;
    };
    await add(-DAY);
    const old = await add(0);
    const young = await add(1);
    expect(await tidy(sql, NOW)).toBe(3);
    const keysIn = async (table: 'rate' | 'used_once') =>
      (await sql.selectFrom(table).select('key').execute()).map(({ key }) => key).toSorted();
    expect(await keysIn('rate')).toEqual([young]);
    expect(await keysIn('used_once')).toEqual([old, young].toSorted());
  });

  it('removes API tokens that have expired', async () => {
    const { sql } = database.current();
    const user = {
      id: randomUUID(),
      username: 'grace',
      email: null,
      name: '',
      active: true,
      created_at: NOW,
    };
    await sql.insertInto('user_account').values(user).execute();
    const token = (expiresAt: Date) => ({
      ...{ id: randomUUID(), user_id: user.id, name: 'ci', token_hash: randomUUID(), permissions: '' },
      ...{ created_at: NOW, expires_at: expiresAt, last_used_at: null },
    });
    const lasting = token(secondsAfter(NOW, 1));
    await sql
      .insertInto('api_token')
      .values([token(NOW), lasting])
      .execute();
    expect(await tidy(sql, NOW)).toBe(1);
    expect(await sql.selectFrom('api_token').select('id').execute()).toEqual([{ id: lasting.id }]);
  });

  it('goes through what has gathered in batches, and a process that finds another at it leaves it to that one', async () => {
    await addGuesses(1700, NOW);
    await addGuesses(3, secondsAfter(NOW, 1));
    const removed = await Promise.all([tidy(database.current().sql, NOW), tidy(database.current().sql, NOW)]);
    expect(removed[0] + removed[1]).toBe(1700);
    expect(await database.current().sql.selectFrom('guess').selectAll().execute()).toHaveLength(3);
  });
});
