import { KeyRing } from './key-ring.js';
import type { SecretKey } from './key-ring.js';

function key(id: string, fill: number): SecretKey {
  return { id, bytes: new Uint8Array(32).fill(fill) };
}

const old = key('old', 1);
const current = key('new', 2);

describe('sealing', () => {
  it('gives back what was sealed, whatever characters it has', () => {
    const ring = new KeyRing([old]);
    for (const text of ['', 'secret', 'ß👩‍👩‍👧 :\0', 'x'.repeat(100_000)]) {
      expect(ring.open(ring.seal(text, 'row 1'), 'row 1')).toBe(text);
    }
  });

  it('shows nothing of the text, and never looks the same twice', () => {
    const ring = new KeyRing([old]);
    const sealed = ring.seal('secret', 'row 1');
    expect(sealed).not.toContain('secret');
    expect(ring.seal('secret', 'row 1')).not.toBe(sealed);
  });

  it('is bound to its place', () => {
    const ring = new KeyRing([old]);
    const sealed = ring.seal('secret', 'row 1');
    expect(() => ring.open(sealed, 'row 2')).toThrow();
  });

  it('notices each changed byte, a shortened text and a shortened tag', () => {
    const ring = new KeyRing([old]);
    const sealed = ring.seal('secret', 'row 1');
    const bytes = Buffer.from(sealed.slice('old:'.length), 'base64url');
    const reseal = (changed: Buffer): string => `old:${changed.toString('base64url')}`;
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(() => ring.open(reseal(changed), 'row 1')).toThrow();
    }
    for (const length of [bytes.length - 1, 28, 16, 12, 4, 0]) {
      expect(() => ring.open(reseal(bytes.subarray(0, length)), 'row 1')).toThrow();
    }
  });

  it('does not open what another key of the same name has sealed', () => {
    const sealed = new KeyRing([old]).seal('secret', 'row 1');
    expect(() => new KeyRing([key('old', 9)]).open(sealed, 'row 1')).toThrow();
  });
});

describe('rotation', () => {
  it('writes with the first key and reads with all of them', () => {
    const before = new KeyRing([old]);
    const after = new KeyRing([current, old]);
    expect(after.writingKeyId).toBe('new');
    expect(after.open(before.seal('secret', 'row 1'), 'row 1')).toBe('secret');
    expect(after.seal('secret', 'row 1')).toMatch(/^new:/);
    expect(after.mac('password', 'text', 'old')).toBe(before.mac('password', 'text'));
    expect(after.mac('password', 'text')).not.toBe(before.mac('password', 'text'));
  });

  it('names the key that is gone', () => {
    const sealed = new KeyRing([old]).seal('secret', 'row 1');
    const ring = new KeyRing([current]);
    expect(ring.has('old')).toBe(false);
    expect(() => ring.open(sealed, 'row 1')).toThrow('the secret key old is not configured');
    expect(() => ring.mac('answer', 'text', 'old')).toThrow('the secret key old is not configured');
  });
});

describe('keyed hashes', () => {
  it('are the same for the same text and purpose, and for no other', () => {
    const ring = new KeyRing([old]);
    const macs = [
      ring.mac('password', 'text'),
      ring.mac('answer', 'text'),
      ring.mac('guess', 'text'),
      ring.mac('guess', 'texT'),
    ];
    expect(new Set(macs).size).toBe(macs.length);
    expect(ring.mac('guess', 'text')).toBe(macs[2]);
  });
});
