import { afterAllWith } from './prefix.js';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('what comes after all texts that begin alike', () => {
  it.each([
    ['a', 'b'],
    ['an', 'ao'],
    ['100%', '100&'],
    ['\u{D7FF}', '\u{E000}'],
    ['a\u{10FFFF}', 'b'],
    ['😀', '😁'],
  ])('of %p is %p', (prefix, after) => {
    expect(afterAllWith(prefix)).toBe(after);
    // As PostgreSQL compares in the collation C.
    for (const end of ['', 'z', '\u{10FFFF}'.repeat(3)]) {
      expect(Buffer.compare(bytes(prefix + end), bytes(after))).toBe(-1);
    }
  });

  it.each(['', '\u{10FFFF}', '\u{10FFFF}\u{10FFFF}'])('of %p is nothing', (prefix) => {
    expect(afterAllWith(prefix)).toBeNull();
  });
});
