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

it('no character makes one of it that ends a line, an address or a command, wherever it stands', () => {
  const harmless = /[\w!#$%&'*+/=?^`{|}~.-]/;
  const hostile = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((text) => !harmless.test(text));
  fc.assert(
    fc.property(hostile, fc.nat({ max: 'ada@example.org'.length }), (character, place) => {
      const text = `${'ada@example.org'.slice(0, place)}${character}${'ada@example.org'.slice(place)}`;
      expect(isMailAddress(text)).toBe(false);
    }),
  );
});
