import fc from 'fast-check';

import { isMailAddress } from './mail-address.js';

it.each([
  'ada@example.org',
  'a.b+tag@mail.example.co.uk',
  "o'hara@example.org",
  'no-reply@localhost',
  'x@xn--bcher-kva.example',
  `${'a'.repeat(64)}@example.org`,
])('%s is a mail address', (text) => expect(isMailAddress(text)).toBe(true));

it.each([
  '',
  'ada',
  '@example.org',
  'ada@',
  'ada@example..org',
  'ada@-example.org',
  '.ada@example.org',
  'ada.@example.org',
  'a..b@example.org',
  'ada@example.org,eve@example.org',
  'ada@example.org;eve@example.org',
  'ada@eve@example.org',
  'Ada <ada@example.org>',
  '<ada@example.org>',
  'ada@[127.0.0.1]',
  '"ada eve"@example.org',
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org\n',
  'ada\0@example.org',
  'ada @example.org',
  'ada@example.org ',
  'ädä@example.org',
  'ada@exämple.org',
  `${'a'.repeat(65)}@example.org`,
  `ada@${'a.'.repeat(125)}org`,
])('%j is none', (text) => expect(isMailAddress(text)).toBe(false));

it('whatever is one has one @ and no space, bracket, comma, quote, control character or letter of other scripts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (local, host) => {
      const text = `${local}@${host}`;
      fc.pre(isMailAddress(text));
      expect(text).toMatch(/^[^@\s<>()[\],;:"\\\p{Cc}]+@[a-z\d.-]+$/iu);
      expect(text).toMatch(/^[\x21-\x7e]+$/);
    }),
  );
});
