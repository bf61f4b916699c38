import { demandedLevel } from './assurance.js';
import type { OwnedAuthenticator } from './services/users.js';

const one = (
  kind: OwnedAuthenticator['kind'],
  also: Partial<OwnedAuthenticator> = {},
): OwnedAuthenticator => ({
  ...{ id: kind, kind, usable: true, verifiesUser: false },
  ...also,
});

describe('the level that is demanded of somebody', () => {
  it.each<[string, boolean, OwnedAuthenticator[], number]>([
    ['a password', true, [], 1],
    ['a password and an app', true, [one('TOTP')], 2],
    ['a password and recovery codes', true, [one('STATIC')], 2],
    ['a password and what is sent to them', true, [one('SMS'), one('EMAIL')], 1],
    ['an app, and no password', false, [one('TOTP')], 1],
    ['a passkey that asks for a PIN, and no password', false, [one('WEBAUTHN', { verifiesUser: true })], 2],
    ['a passkey that asks for nothing, and no password', false, [one('WEBAUTHN')], 1],
  ])('is what they can reach, with %s', (_, hasPassword, authenticators, level) => {
    expect(demandedLevel({ hasPassword, authenticators })).toBe(level);
  });

  it('does not fall because an authenticator was wrong too often: whoever guesses would bring that about', () => {
    const authenticators = [one('TOTP', { usable: false })];
    expect(demandedLevel({ hasPassword: true, authenticators })).toBe(2);
  });
});
