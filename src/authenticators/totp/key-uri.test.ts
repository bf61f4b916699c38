import fc from 'fast-check';

import { keyUri } from './key-uri.js';

const key = { issuer: 'Stagedoor', account: 'ada', secret: 'JBSWY3DPEHPK3PXP', digits: 6 };

describe('the address that an authenticator app reads a key from', () => {
  it('says who has given it, whose it is, the key, and how codes are made of it', () => {
    expect(keyUri(key)).toBe(
      'otpauth://totp/Stagedoor:ada?secret=JBSWY3DPEHPK3PXP&issuer=Stagedoor&algorithm=SHA1&digits=6&period=30',
    );
    expect(keyUri({ ...key, digits: 8 })).toContain('&digits=8&');
  });

  it.each([
    ['spaces', 'My House', 'ada lovelace', 'My%20House:ada%20lovelace', 'issuer=My%20House&'],
    ['colons', 'A:B', 'c:d', 'AB:cd', 'issuer=AB&'],
    ['umlauts', 'Bühne', 'jörg', 'B%C3%BChne:j%C3%B6rg', 'issuer=B%C3%BChne&'],
    ['an e-mail address', 'Stagedoor', 'ada@example.org', 'Stagedoor:ada%40example.org', 'issuer=Stagedoor&'],
    [
      'what RFC 3986 reserves',
      "!'()*",
      '#?&=/',
      '%21%27%28%29%2A:%23%3F%26%3D%2F',
      'issuer=%21%27%28%29%2A&',
    ],
    ['a half of a character', 'A\uD800', 'b', 'A%EF%BF%BD:b', 'issuer=A%EF%BF%BD&'],
  ])('quotes %s', (_what, issuer, account, label, parameter) => {
    const uri = keyUri({ ...key, issuer, account });
    expect(uri).toContain(`otpauth://totp/${label}?`);
    expect(uri).toContain(parameter);
  });

  it('means the same to whoever reads it, whatever the two are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (issuer, account) => {
        const [who, whose] = [issuer, account].map((name) => name.replaceAll(':', ''));
        const url = new URL(keyUri({ ...key, issuer, account }));
        expect(url.protocol).toBe('otpauth:');
        expect(url.pathname.split(':').map(decodeURIComponent)).toEqual([`/${who}`, whose]);
        expect(Object.fromEntries(url.searchParams)).toEqual({
          ...{ secret: key.secret, issuer: who, algorithm: 'SHA1', digits: '6', period: '30' },
        });
      }),
    );
  });
});
