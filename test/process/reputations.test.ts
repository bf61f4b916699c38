import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import { secondsAfter } from '../../src/kernel/clock.js';
import type { ReputationName } from '../../src/flow/reputation.js';
import type { ReputationQuestion } from '../../src/flow/services/reputations.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { scoreAfter } from '../../src/identity/reputation-rule.js';
import { SqlReputations, changeReputation } from '../../src/persistence/reputation-store.js';
import { useDatabase } from '../support/test-database.js';

type Behaviour = 'WELL' | 'BADLY';

const NOW = new Date('2030-01-01T00:00:00Z');
const DAY = 24 * 3600;
const keys = new KeyRing([{ id: 'test', bytes: new Uint8Array(32) }]);
const database = useDatabase();

interface Pair {
  readonly name: ReputationName;
  readonly address: string;
}
const named = (identifier: string, known = true) => ({ identifier, known });
/** A name and an address that nobody has heard of. */
const somebody = (): Pair => ({ name: named(randomUUID()), address: randomUUID() });

function behaves({ name, address }: Pair, behaved: Behaviour, now = NOW): Promise<void> {
  const effect = { type: 'changeReputation', name, behaved } as const;
  return database
    .current()
    .sql.transaction()
    .execute((trx) => changeReputation(trx, keys, effect, address, now));
}

const times = (count: number, pair: Pair, behaved: Behaviour): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => behaves(pair, behaved)));

function score(question: ReputationQuestion, now = NOW): Promise<number> {
  return new SqlReputations(database.current().sql, keys, { now: () => now }).score(question);
}

describe('the score of a name from an address', () => {
  it('counts each of four at once', async () => {
    const pair = somebody();
    await times(4, pair, 'BADLY');
    expect(await score(pair)).toBe(-4);
  });

  it('stays at its bounds, of twenty at once too', async () => {
    const [bad, good] = [somebody(), somebody()];
    await times(20, bad, 'BADLY');
    await times(20, good, 'WELL');
    expect([await score(bad), await score(good)]).toEqual([-5, 5]);
  });

  it('is what the rule makes of it, whatever happens one after the other', async () => {
    const behaviours = fc.array(fc.constantFrom<Behaviour>('WELL', 'BADLY'), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(behaviours, async (past) => {
        const pair = somebody();
        for (const behaved of past) await behaves(pair, behaved);
        expect(await score(pair)).toBe(past.reduce(scoreAfter, 0));
      }),
      { numRuns: 30 },
    );
  });

  it('is forgiven by what is right', async () => {
    const pair = somebody();
    await times(3, pair, 'BADLY');
    await behaves(pair, 'WELL');
    expect(await score(pair)).toBe(0);
  });

  it('falls by one from a good one, and comes within the bounds where it was outside', async () => {
    const pair = somebody();
    await times(4, pair, 'WELL');
    await behaves(pair, 'BADLY');
    expect(await score(pair)).toBe(3);
    for (const [before, behaved, after] of [
      [-1000, 'BADLY', -5],
      [1000, 'WELL', 5],
    ] as const) {
      await database
        .current()
        .sql.updateTable('reputation')
        .set({ score: before })
        .where('address', '=', pair.address)
        .execute();
      await behaves(pair, behaved);
      expect(await score(pair)).toBe(after);
    }
  });

  it('is forgotten a day after it began, whatever has happened since', async () => {
    const pair = somebody();
    await behaves(pair, 'BADLY');
    await behaves(pair, 'BADLY', secondsAfter(NOW, DAY - 1));
    expect(await score(pair, secondsAfter(NOW, DAY - 1))).toBe(-2);
    expect(await score(pair, secondsAfter(NOW, DAY))).toBe(0);
    await behaves(pair, 'BADLY', secondsAfter(NOW, DAY));
    expect(await score(pair, secondsAfter(NOW, DAY))).toBe(-1);
    expect(await score(pair, secondsAfter(NOW, 2 * DAY - 1))).toBe(-1);
  });
});

describe('the score that is asked for', () => {
  it('is nothing where nothing is known, and where nothing is asked', async () => {
    expect(await score(somebody())).toBe(0);
    expect(await score({ address: null, name: null })).toBe(0);
  });

  it('is the sum of what matches, with a row of both counted once', async () => {
    const [here, there] = [somebody(), somebody()];
    const { name } = here;
    await times(1, here, 'BADLY');
    await times(2, { name, address: there.address }, 'BADLY');
    await times(3, { name: there.name, address: here.address }, 'BADLY');
    expect(await score({ name, address: null })).toBe(-3);
    expect(await score({ name: null, address: here.address })).toBe(-4);
    expect(await score({ name, address: here.address })).toBe(-6);
  });

  it('is that of a whole network where the address is IPv6', async () => {
    await times(2, { name: named(randomUUID()), address: '2001:db8:7:7::1' }, 'BADLY');
    expect(await score({ name: null, address: '2001:db8:7:7:ffff::2' })).toBe(-2);
    expect(await score({ name: null, address: '2001:db8:7:8::1' })).toBe(0);
  });

  it('is not the account’s where nobody has the name, whose text is not kept', async () => {
    const { name, address } = somebody();
    const typed = named(name.identifier, false);
    await times(2, { name: typed, address }, 'BADLY');
    expect(await score({ name: typed, address: null })).toBe(-2);
    expect(await score({ name, address: null })).toBe(0);
    const rows = await database.current().sql.selectFrom('reputation').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(name.identifier);
  });
});
