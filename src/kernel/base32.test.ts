import fc from 'fast-check';

import { base32 } from './base32.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** By arithmetic on one large number, where ours shifts bits. */
function decoded(text: string): number[] {
  const bits = Array.from(text, (digit) => ALPHABET.indexOf(digit).toString(2).padStart(5, '0')).join('');
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('of %p is what RFC 4648 says, without its padding', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected);
  });

  it('can be read back, whatever it is of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = base32(bytes);
        expect(decoded(text)).toEqual([...bytes]);
        expect(text).toMatch(/^[A-Z2-7]*$/);
      }),
    );
  });
});
