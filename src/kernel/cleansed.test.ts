import fc from 'fast-check';

import { cleansed } from './cleansed.js';
import { isStorableText } from './text.js';

describe('a record that is kept', () => {
  it.each([
    ...['password', 'newPassword', 'PASSWORD', 'passwd', 'passphrase', 'pwd', 'clientSecret', 'flowToken'],
    ...['access_token', 'credentials', 'apiKey', 'api-key', 'api_key', 'privateKey', 'private key', 'totp'],
  ])('does not hold what is called %s, whatever it is', (name) => {
    for (const value of ['hunter2', 4711, ['hunter2'], { deep: 'hunter2' }]) {
      expect(cleansed({ [name]: value, other: value })).toEqual({ [name]: '[secret]', other: value });
    }
  });

  it('says whether there was a secret', () => {
    expect(cleansed({ password: null, isTokenValid: true })).toEqual({ password: null, isTokenValid: true });
  });

  it('does not hold one however deep, in objects and in lists', () => {
    const details = { input: { context: { list: [1, [{ password: 'hunter2', name: 'bob' }], 'two'] } } };
    expect(cleansed(details)).toEqual({
      input: { context: { list: [1, [{ password: '[secret]', name: 'bob' }], 'two'] } },
    });
  });

  it('holds no more of a text than its first 500 characters, and nothing that cannot be stored', () => {
    const { long, odd, cut } = cleansed({
      long: 'x'.repeat(501),
      odd: 'nul\0 and half a \ud83d',
      cut: `${'x'.repeat(499)}😀`,
    });
    expect([long, odd, cut]).toEqual([
      'x'.repeat(500),
      'nul\ufffd and half a \ufffd',
      `${'x'.repeat(499)}\ufffd`,
    ]);
  });

  it('holds moments as texts, and what is not there not at all', () => {
    const details = { at: new Date('2030-01-01T00:00:00Z'), nothing: undefined, list: [undefined] };
    expect(cleansed(details)).toEqual({ at: '2030-01-01T00:00:00.000Z', list: [null] });
  });

  it('can always be stored, under its names too', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '😀') });
    fc.assert(
      fc.property(fc.dictionary(text, fc.jsonValue({ noUnicodeString: false })), text, (details, word) => {
        const kept = JSON.stringify(cleansed({ ...details, nested: { [word]: [{ [word]: word }] } }));
        // JSON writes both as escapes.
        expect(kept).not.toMatch(/\\u0000|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f])/i);
        expect(isStorableText(kept)).toBe(true);
      }),
    );
  });
});
