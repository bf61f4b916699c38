import { Secret } from '../kernel/secret.js';
import { systemChance, tokenHash } from './token.js';

describe('a token', () => {
  it('is 256 bits of chance that fit into a header, a cookie and an address', () => {
    const tokens = Array.from({ length: 100 }, () => systemChance.token().reveal());
    for (const token of tokens) {
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    }
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('does not show itself', () => {
    const token = systemChance.token();
    expect(`${String(token)} ${JSON.stringify({ token })}`).not.toContain(token.reveal());
  });

  it('is stored as its SHA-256', () => {
    expect(tokenHash(new Secret('abc'))).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});

it('ids are UUIDs, a new one each time', () => {
  const id = systemChance.id();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(systemChance.id()).not.toBe(id);
});
