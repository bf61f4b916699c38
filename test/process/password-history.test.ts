import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import { housekeeping } from '../../src/app/housekeeping.js';
import { secondsAfter } from '../../src/kernel/clock.js';
import { Secret } from '../../src/kernel/secret.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import type { SecretKey } from '../../src/identity/key-ring.js';
import { PasswordHasher } from '../../src/identity/password-hasher.js';
import { forgetOldPasswords } from '../../src/persistence/housekeeping.js';
import { SqlPasswordHistory, setPassword } from '../../src/persistence/password-history-store.js';
import { useDatabase } from '../support/test-database.js';

const NOW = new Date('2030-01-01T00:00:00Z');
/** As cheap as bcrypt goes. */
const COST = 4;
const old: SecretKey = { id: 'old', bytes: new Uint8Array(32).fill(1) };
const current: SecretKey = { id: 'new', bytes: new Uint8Array(32).fill(2) };
const hasher = new PasswordHasher(new KeyRing([current, old]), COST);

const database = useDatabase();
const history = () => new SqlPasswordHistory(database.current().sql, hasher);
let hours = 0;

async function somebody(): Promise<string> {
  const id = randomUUID();
  const user = { id, username: id, email: null, name: '', active: true, created_at: NOW };
  await database.current().sql.insertInto('user_account').values(user).execute();
  return id;
}

/** An hour after the one before it. */
async function change(userId: string, hash: string, remembered: number): Promise<void> {
  hours += 1;
  const effect = { type: 'setPassword' as const, userId, hash: new Secret(hash), remembered };
  await database
    .current()
    .sql.transaction()
    .execute((trx) => setPassword(trx, effect, secondsAfter(NOW, hours * 3600)));
}

async function personWith(passwords: readonly string[], remembered: number, by = hasher): Promise<string> {
  const userId = await somebody();
  for (const password of passwords) await change(userId, await by.hash(new Secret(password)), remembered);
  return userId;
}

const isOneOf = (userId: string, password: string, count: number): Promise<boolean> =>
  history().isOneOfLast(userId, new Secret(password), count);

async function kept(userId: string): Promise<number> {
  const rows = await database
    .current()
    .sql.selectFrom('password_history')
    .select('id')
    .where('user_id', '=', userId)
    .execute();
  return rows.length;
}

describe('the passwords that somebody has had', () => {
  it('are the current one and those before it, as many as are asked for', async () => {
    const userId = await personWith(['first', 'second', 'third'], 5);
    expect(await isOneOf(userId, 'third', 1)).toBe(true);
    expect(await isOneOf(userId, 'second', 1)).toBe(false);
    expect(await isOneOf(userId, 'second', 2)).toBe(true);
    expect(await isOneOf(userId, 'first', 2)).toBe(false);
    expect(await isOneOf(userId, 'first', 3)).toBe(true);
    expect(await isOneOf(userId, 'fourth', 5)).toBe(false);
    expect(await isOneOf(userId, 'third', 0)).toBe(false);
  });

  it('are nobody else’s', async () => {
    await personWith(['first', 'second'], 5);
    expect(await isOneOf(await somebody(), 'first', 5)).toBe(false);
  });

  it('are found whatever key and cost they were stored with', async () => {
    const byOldKey = new PasswordHasher(new KeyRing([old]), COST + 1);
    const userId = await personWith(['first', 'second'], 5, byOldKey);
    await change(userId, await hasher.hash(new Secret('third')), 5);
    for (const password of ['first', 'second', 'third'])
      expect(await isOneOf(userId, password, 5)).toBe(true);
  });

  it('are passed over where they cannot be read, and the others are found', async () => {
    const userId = await personWith(['first'], 5);
    const lostKey: SecretKey = { id: 'lost', bytes: new Uint8Array(32).fill(3) };
    const byLostKey = await new PasswordHasher(new KeyRing([lostKey]), COST).hash(new Secret('second'));
    for (const hash of [byLostKey, '', 'argon2id:old:$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA', 'plain']) {
      await change(userId, hash, 5);
    }
    await change(userId, await hasher.hash(new Secret('last')), 5);
    expect(await isOneOf(userId, 'first', 10)).toBe(true);
    expect(await isOneOf(userId, 'second', 10)).toBe(false);
    expect(await isOneOf(userId, 'plain', 10)).toBe(false);
  });

  it('say when the last one was set; null where there is none', async () => {
    const userId = await personWith(['first', 'second'], 0);
    expect(await history().changedAt(userId)).toEqual(secondsAfter(NOW, hours * 3600));
    expect(await history().changedAt(await somebody())).toBeNull();
  });
});

describe('what is kept of them', () => {
  it('is as many before the current one as are asked for, the newest ones', async () => {
    const userId = await personWith(['first', 'second', 'third', 'fourth'], 2);
    expect(await kept(userId)).toBe(2);
    expect(await isOneOf(userId, 'first', 10)).toBe(false);
    expect(await isOneOf(userId, 'second', 10)).toBe(true);
  });

  it('is nothing where nobody compares with them', async () => {
    expect(await kept(await personWith(['first', 'second', 'third'], 0))).toBe(0);
  });

  it('is cut to what policies still ask for, each person’s newest ones', async () => {
    const ada = await personWith(['first', 'second', 'third', 'fourth'], 5);
    const bob = await personWith(['first', 'second'], 5);
    expect(await forgetOldPasswords(database.current().sql, 3)).toBe(true);
    expect([await kept(ada), await kept(bob)]).toEqual([3, 1]);
    expect(await forgetOldPasswords(database.current().sql, 1)).toBe(true);
    expect([await kept(ada), await kept(bob)]).toEqual([1, 1]);
    expect(await isOneOf(ada, 'third', 10)).toBe(true);
    expect(await forgetOldPasswords(database.current().sql, 0)).toBe(true);
    expect([await kept(ada), await kept(bob)]).toEqual([0, 0]);
    expect(await isOneOf(ada, 'fourth', 10)).toBe(true);
  });

  it('is looked at again only after policies have come to ask for another number of them', async () => {
    const userId = await personWith(['first', 'second', 'third'], 5);
    const wanted = { number: 1 };
    const keepHouse = housekeeping(database.current().sql, { now: () => NOW }, async () => wanted.number);
    await keepHouse();
    expect(await kept(userId)).toBe(1);
    await change(userId, await hasher.hash(new Secret('fourth')), 5);
    await keepHouse();
    expect(await kept(userId)).toBe(2);
    wanted.number = 0;
    await keepHouse();
    expect(await kept(userId)).toBe(0);
  });

  it('stays as it is while another process keeps house, which is not taken for done', async () => {
    const userId = await personWith(['first', 'second'], 5);
    const { sql: db } = database.current();
    await db.transaction().execute(async (trx) => {
      // The lock of src/persistence/housekeeping.ts.
      await sql`select pg_advisory_xact_lock(7230417002)`.execute(trx);
      expect(await forgetOldPasswords(db, 0)).toBe(false);
    });
    expect(await kept(userId)).toBe(1);
  });
});
