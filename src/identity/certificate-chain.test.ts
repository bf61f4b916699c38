import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { isCertified } from './certificate-chain.js';

const file = new URL('../../test/vectors/certificates/chain.json', import.meta.url);
const names = ['root', 'maker', 'key', 'forged'] as const;
const made = z.record(z.enum([...names, 'source']), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
const AT = new Date('2040-01-01T00:00:00Z');

type Name = (typeof names)[number];

function isTrusted(chain: Name[], root: Name = 'root', at = AT): boolean {
  const der = (pem: string) => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return isCertified(
    chain.map((name) => der(made[name])),
    [made[root]],
    at,
  );
}

it.each<[Name[], Name]>([
  [['key', 'maker'], 'root'],
  [['key', 'maker', 'root'], 'root'],
  [['key'], 'maker'],
  [['key', 'maker'], 'maker'],
  [['key'], 'key'],
])('a chain of %j leads to %s', (chain, root) => {
  expect(isTrusted(chain, root)).toBe(true);
});

it.each<[Name[], Name, string]>([
  [[], 'root', 'there is none'],
  [['key'], 'root', 'a link is missing'],
  [['key', 'root', 'maker'], 'root', 'its links are in another order'],
  [['key', 'key', 'maker'], 'root', 'a link vouches for itself'],
  [['maker'], 'key', 'it is the other way round'],
  [['forged', 'key', 'maker'], 'root', 'a key vouches that may not'],
  [['forged'], 'key', 'a root vouches that may not'],
])('a chain of %j does not lead to %s: %s', (chain, root) => {
  expect(isTrusted(chain, root)).toBe(false);
});

it('a chain leads nowhere before and after its time', () => {
  expect(isTrusted(['key', 'maker'], 'root', new Date('2020-01-01T00:00:00Z'))).toBe(false);
  expect(isTrusted(['key', 'maker'], 'root', new Date('2200-01-01T00:00:00Z'))).toBe(false);
});

it('a chain without end leads nowhere', () => {
  expect(isTrusted([...Array.from({ length: 10 }, (): Name => 'key'), 'root'])).toBe(false);
});
