import { randomUUID } from 'node:crypto';

import { secondsAfter } from '../../src/kernel/clock.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { SqlGuesses } from '../../src/persistence/guess-store.js';
import { useDatabase } from '../support/test-database.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const keys = new KeyRing([{ id: 'test', bytes: new Uint8Array(32) }]);

const database = useDatabase();

/** A node whose clock says this. */
const nodeAt = (now: Date) => new SqlGuesses(database.current().sql, keys, { now: () => now });

/** Somebody whom nobody has guessed at yet, from a place where nobody has guessed. */
const somebody = () => ({ secret: 'password' as const, identifier: randomUUID(), userId: randomUUID() });
const somewhere = () => randomUUID();

describe('counting guesses', () => {
  it('lets through the free ones of nodes whose clocks differ, and of requests that overtake each other', async () => {
    const target = somebody();
    for (const milliseconds of [0, -3, 5, -2000]) {
      const node = nodeAt(secondsAfter(NOW, milliseconds / 1000));
      expect(await node.count(target, somewhere())).toMatchObject({ allowed: true });
    }
  });

  it('lets exactly five of sixty at once through for one account, whatever it is called', async () => {
    const { userId } = somebody();
    const names = Array.from({ length: 60 }, (_, index) => `name ${index % 2}`);
    const verdicts = await Promise.all(
      names.map((identifier) => nodeAt(NOW).count({ secret: 'password', identifier, userId }, somewhere())),
    );
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(5);
  });

  it('waits a second after the fifth, then twice as long each time, and no longer than an hour', async () => {
    const target = somebody();
    let now = NOW;
    for (let free = 0; free < 5; free += 1) {
      expect(await nodeAt(now).count(target, somewhere())).toMatchObject({ allowed: true });
    }
    for (const wait of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]) {
      const retryAt = secondsAfter(now, wait);
      expect(await nodeAt(now).count(target, somewhere())).toEqual({ allowed: false, retryAt });
      now = retryAt;
      expect(await nodeAt(now).count(target, somewhere())).toMatchObject({ allowed: true });
    }
  });

  it('begins anew a day after the last one', async () => {
    const target = somebody();
    for (let count = 0; count < 6; count += 1) await nodeAt(NOW).count(target, somewhere());
    const tomorrow = secondsAfter(NOW, 24 * 3600);
    for (let free = 0; free < 5; free += 1) {
      expect(await nodeAt(tomorrow).count(target, somewhere())).toMatchObject({ allowed: true });
    }
    expect(await nodeAt(tomorrow).count(target, somewhere())).toMatchObject({ allowed: false });
  });
});
