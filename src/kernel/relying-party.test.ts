import { isPasskeyOrigin, isRelyingPartyIdFor, originsWithin, webOrigins } from './relying-party.js';

const APP = `android:apk-key-hash:${'Ab1_-'.repeat(8)}xyz`;

it.each([
  ['example.org', 'example.org'],
  ['example.org', 'id.example.org'],
  ['id.example.org', 'a.id.example.org'],
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
])('takes %s for pages of %s', (id, host) => {
  expect(isRelyingPartyIdFor(id, host)).toBe(true);
});

it.each([
  ['other.org', 'example.org'],
  ['ample.org', 'example.org'],
  ['id.example.org', 'example.org'],
  ['org', 'example.org'],
  ['', 'example.org'],
  ['.example.org', 'id.example.org'],
  ['Example.org', 'id.example.org'],
  ['example.org:443', 'id.example.org'],
  ['https://example.org', 'id.example.org'],
  ['0.1', '127.0.0.1'],
  ['0.0.1', '127.0.0.1'],
])('does not take %p for pages of %s', (id, host) => {
  expect(isRelyingPartyIdFor(id, host)).toBe(false);
});

it.each([
  'https://example.org',
  'https://example.org:8443',
  'http://localhost:3000',
  'http://127.0.0.1',
  APP,
])('lets passkeys be used from %s', (origin) => expect(isPasskeyOrigin(origin)).toBe(true));

it.each([
  'http://example.org',
  'https://example.org/',
  'https://example.org/path',
  'https://*.example.org',
  'https://ada:secret@example.org',
  'ftp://example.org',
  'example.org',
  'null',
  'android:apk-key-hash:',
  `${APP}x`,
  `android:apk-key-hash-sha256:${'a'.repeat(43)}`,
  `ios:bundle-id:org.example`,
])('does not let passkeys be used from %s', (origin) => {
  expect(isPasskeyOrigin(origin)).toBe(false);
});

it('finds the origins at a domain and below it, each once', () => {
  const origins = ['https://id.example.org', 'https://app.example.org', 'https://id.example.org'];
  const others = ['https://example.com', 'https://badexample.org', 'http://app.example.org', APP];
  expect(originsWithin('example.org', [...origins, ...others])).toEqual(origins.slice(0, 2));
});

it('tells pages from apps', () => {
  expect(webOrigins(['https://example.org', APP])).toEqual(['https://example.org']);
});
