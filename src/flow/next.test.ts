import fc from 'fast-check';

import { acceptableNext } from './next.js';

const PUBLIC_URL = 'https://id.example.com';
const ALLOWED = ['https://app.example.com', 'http://localhost:3000'];

const next = (wanted: string) => acceptableNext(wanted, PUBLIC_URL, ALLOWED);

describe('where a person may be sent on to', () => {
  it.each([
    ['/', '/'],
    ['/account?tab=2#top', '/account?tab=2#top'],
    ['account', '/account'],
    ['', '/'],
    ['?a=b', '/?a=b'],
    ['https://id.example.com/account', '/account'],
    ['HTTPS://ID.EXAMPLE.COM/account', '/account'],
    ['https://id.example.com:443/a', '/a'],
    ['https:account', '/account'],
    ['https:evil.com//', '/evil.com//'],
    ['https:/account', '/account'],
    ['/a/../b', '/b'],
    ['/a\\b', '/a/b'],
    ['/a\tb', '/ab'],
    ['/@evil.com', '/@evil.com'],
    ['/?next=//evil.com', '/?next=//evil.com'],
    ['https://app.example.com/welcome', 'https://app.example.com/welcome'],
    ['//app.example.com/welcome', 'https://app.example.com/welcome'],
    ['http://localhost:3000', 'http://localhost:3000/'],
  ])('%j leads to %j', (wanted, expected) => {
    expect(next(wanted)).toBe(expected);
  });

  it.each([
    'https://evil.com',
    '//evil.com',
    '///evil.com',
    '////evil.com',
    '/\\evil.com',
    '\\/evil.com',
    '\\\\evil.com',
    '/\t/evil.com',
    '\t//evil.com',
    '/\n/evil.com',
    '/\r\n/evil.com',
    ' //evil.com',
    '\u0000//evil.com',
    'http:evil.com',
    'http://id.example.com/',
    'https://id.example.com.evil.com/',
    'https://id.example.com@evil.com/',
    'https://id.example.com:password@evil.com/',
    'https://somebody@id.example.com/',
    'https://:secret@app.example.com/',
    'https://id.example.com:8443/',
    'https://id.example.com//evil.com',
    'https://id.example.com/\\evil.com',
    '/.//evil.com',
    '/a/..//evil.com',
    '/%2e/\\evil.com',
    '/./\\/evil.com',
    'https://app.example.com.evil.com/',
    'https://app.example.com:444/',
    'http://app.example.com/',
    'http://localhost:3001/',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,hello',
    'blob:https://id.example.com/1',
    'file:///etc/passwd',
    'ftp://id.example.com/',
    'ws://id.example.com/',
    'mailto:eve@evil.com',
    'https://',
    'https://[::1',
    'https://%65vil.com/',
    'https://еvil.com/',
    `/${'a'.repeat(2048)}`,
  ])('%j leads nowhere', (wanted) => {
    expect(next(wanted)).toBeUndefined();
  });

  it('never leaves the public and the allowed origins, whatever is asked for', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '\\',
        '..',
        '.',
        '@',
        ':',
        '?',
        '#',
        '\t',
        '\n',
        '\r',
        ' ',
        '\u0000',
        '%2f',
        '%5c',
      ),
      fc.constantFrom(
        'http:',
        'https:',
        'javascript:',
        'blob:',
        'evil.com',
        'id.example.com',
        'app.example.com',
      ),
      fc.constantFrom(
        'https://id.example.com',
        'https://app.example.com',
        'http://localhost:3000',
        '[::1]',
        '۰',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const wanted = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(wanted, (text) => {
        const accepted = next(text);
        if (accepted === undefined) return;
        expect([PUBLIC_URL, ...ALLOWED]).toContain(new URL(accepted, PUBLIC_URL).origin);
        expect(accepted).not.toMatch(/^[/\\]{2}/);
        // Read again, it is the same place: nothing in it is understood differently the second time.
        expect(next(accepted)).toBe(accepted);
        expect(new URL(accepted, PUBLIC_URL).username).toBe('');
      }),
      { numRuns: 5000 },
    );
  });
});
