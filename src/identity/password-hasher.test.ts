import { availableParallelism } from 'node:os';

import { Secret } from '../kernel/secret.js';
import { KeyRing } from './key-ring.js';
import type { SecretKey } from './key-ring.js';
import { PasswordHasher } from './password-hasher.js';

/** As cheap as bcrypt goes. */
const COST = 4;
const old: SecretKey = { id: 'old', bytes: new Uint8Array(32).fill(1) };
const current: SecretKey = { id: 'new', bytes: new Uint8Array(32).fill(2) };
const hasher = new PasswordHasher(new KeyRing([old]), COST);
const INVALID = { valid: false, rehashed: null };
const VALID = { valid: true, rehashed: null };

describe('checking a password', () => {
  it('accepts the right one and no other', async () => {
    const stored = await hasher.hash(new Secret('correct horse battery staple'));
    expect(await hasher.verify(new Secret('correct horse battery staple'), stored)).toEqual(VALID);
    for (const wrong of ['', 'correct horse battery stapl', 'Correct horse battery staple', stored]) {
      expect(await hasher.verify(new Secret(wrong), stored)).toEqual(INVALID);
    }
  });

  it('looks at the whole password, also beyond the 72 bytes that bcrypt sees and beyond a NUL', async () => {
    const long = 'x'.repeat(72);
    const stored = await hasher.hash(new Secret(`${long}a`));
    expect(await hasher.verify(new Secret(`${long}b`), stored)).toEqual(INVALID);
    expect(await hasher.verify(new Secret(`${long}a`), stored)).toEqual(VALID);
    const withNul = await hasher.hash(new Secret('a\0b'));
    expect(await hasher.verify(new Secret('a\0c'), withNul)).toEqual(INVALID);
  });

  it('takes the same characters for the same, however they were typed, and changes nothing else', async () => {
    const stored = await hasher.hash(new Secret('caf\u00e9 \u{1f469}'));
    expect(await hasher.verify(new Secret('cafe\u0301 \u{1f469}'), stored)).toEqual(VALID);
    expect(await hasher.verify(new Secret(' caf\u00e9 \u{1f469}'), stored)).toEqual(INVALID);
    expect(await hasher.verify(new Secret('cafe \u{1f469}'), stored)).toEqual(INVALID);
  });

  it.each([
    ['nobody has', null],
    ['is not of ours', 'plain text'],
    ['is of an unknown scheme', 'argon2id:old:$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA'],
    ['is cut off', 'bcrypt-hmac-sha256:old'],
    ['is no bcrypt', 'bcrypt-hmac-sha256:old:nonsense'],
  ])('refuses against a hash that %s', async (_case, stored) => {
    expect(await hasher.verify(new Secret(''), stored)).toEqual(INVALID);
    expect(await hasher.verify(new Secret('plain text'), stored)).toEqual(INVALID);
  });

  it('refuses, and does not fail, where the key is gone', async () => {
    const password = new Secret('correct horse battery staple');
    const stored = await hasher.hash(password);
    expect(await new PasswordHasher(new KeyRing([current]), COST).verify(password, stored)).toEqual(INVALID);
  });
});

describe('an outdated hash', () => {
  const password = new Secret('correct horse battery staple');

  it.each([
    ['under an older key', new PasswordHasher(new KeyRing([current, old]), COST)],
    ['at a lower cost', new PasswordHasher(new KeyRing([old]), COST + 1)],
  ])('%s is replaced once the right password is there', async (_case, next) => {
    const stored = await hasher.hash(password);
    expect(await next.verify(new Secret('wrong'), stored)).toEqual(INVALID);
    const { valid, rehashed } = await next.verify(password, stored);
    expect(valid).toBe(true);
    expect(rehashed).not.toBeNull();
    expect(await next.verify(password, rehashed)).toEqual(VALID);
  });

  it('at a higher cost stays', async () => {
    const stored = await new PasswordHasher(new KeyRing([old]), COST + 1).hash(password);
    expect(await hasher.verify(password, stored)).toEqual(VALID);
  });
});

describe('more passwords than can be checked', () => {
  it('are refused at once with UNAVAILABLE, and the next are welcome again', async () => {
    const many = 64 + availableParallelism() + 10;
    const results = await Promise.allSettled(
      Array.from({ length: many }, () => hasher.hash(new Secret('correct horse battery staple'))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(10);
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'Refusal', code: 'UNAVAILABLE' });
    await expect(hasher.hash(new Secret('correct horse battery staple'))).resolves.toEqual(
      expect.any(String),
    );
  });
});
