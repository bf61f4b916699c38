import { originRule } from './origin.js';

const PUBLIC = 'https://auth.example.org';
const FRONTEND = 'https://app.example.com:8443';

describe('in production', () => {
  const isAllowed = originRule(PUBLIC, [FRONTEND], false);

  it('allows our own origin and those that are configured', () => {
    expect(isAllowed(PUBLIC)).toBe(true);
    expect(isAllowed(FRONTEND)).toBe(true);
  });

  it.each([
    'http://auth.example.org',
    'https://auth.example.org:444',
    'https://auth.example.org.evil.example',
    'https://evil.example/auth.example.org',
    'https://sub.auth.example.org',
    'https://app.example.com',
    'http://localhost:3000',
    'null',
    '',
  ])('allows no other: %s', (origin) => expect(isAllowed(origin)).toBe(false));
});

describe('in development', () => {
  const isAllowed = originRule(PUBLIC, [], true);

  it.each(['http://localhost', 'http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:8080'])(
    'allows pages of this machine as well: %s',
    (origin) => expect(isAllowed(origin)).toBe(true),
  );

  it.each([
    'http://localhost.evil.example',
    'http://evil.example:3000',
    'http://localhost:3000.evil.example',
    'null',
  ])('allows no page that only looks like it: %s', (origin) => expect(isAllowed(origin)).toBe(false));
});
