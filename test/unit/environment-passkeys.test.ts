import { EnvironmentProblems, readEnvironment } from '../../src/environment.js';

function troubled(variables: Readonly<Record<string, string>>): readonly string[] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentProblems) return error.problems.map((text) => text.split(' ')[0] ?? '');
    throw error;
  }
  return [];
}

describe('whom passkeys are made for', () => {
  const HERE = { STAGEDOOR_PUBLIC_URL: 'https://id.example.org' };
  const APP = `android:apk-key-hash:${'a'.repeat(43)}`;

  it('is the public host, with the frontends that are on it or below', () => {
    const origins = 'https://app.example.org,https://shop.id.example.org,http://id.example.org';
    expect(readEnvironment({ ...HERE, STAGEDOOR_ALLOWED_ORIGINS: origins }).relyingParty).toEqual({
      id: 'id.example.org',
      origins: ['https://id.example.org', 'https://shop.id.example.org'],
    });
  });

  it('may be a domain above, with all the frontends below it', () => {
    const origins = 'https://app.example.org,https://example.com,https://badexample.org';
    const variables = { STAGEDOOR_WEBAUTHN_RP_ID: 'example.org', STAGEDOOR_ALLOWED_ORIGINS: origins };
    expect(readEnvironment({ ...HERE, ...variables }).relyingParty).toEqual({
      id: 'example.org',
      origins: ['https://id.example.org', 'https://app.example.org'],
    });
  });

  it('may be used from just these origins, of other domains and of apps as well', () => {
    const origins = `https://id.example.org, https://example.com,${APP}`;
    expect(readEnvironment({ ...HERE, STAGEDOOR_WEBAUTHN_ORIGINS: origins }).relyingParty).toEqual({
      id: 'id.example.org',
      origins: ['https://id.example.org', 'https://example.com', APP],
    });
  });

  it.each(['example.com', 'org', 'a.id.example.org', 'ID.example.org', 'https://example.org'])(
    'is not %s',
    (id) => expect(troubled({ ...HERE, STAGEDOOR_WEBAUTHN_RP_ID: id })).toEqual(['STAGEDOOR_WEBAUTHN_RP_ID']),
  );

  it.each([
    'http://example.org',
    'https://*.example.org',
    'https://example.org/path',
    'android:apk-key-hash:x',
  ])('is not used from %s', (origin) =>
    expect(troubled({ ...HERE, STAGEDOOR_WEBAUTHN_ORIGINS: origin })).toEqual(['STAGEDOOR_WEBAUTHN_ORIGINS']),
  );
});
