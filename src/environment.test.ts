import { EnvironmentProblems, parseKeys, readEnvironment } from './environment.js';

type Variables = Readonly<Record<string, string>>;

const KEY = Buffer.alloc(32, 1).toString('base64url');
const OTHER_KEY = Buffer.alloc(48, 2).toString('base64url');
const PRODUCTION = { NODE_ENV: 'production', STAGEDOOR_SECRET_KEYS: `a:${KEY}` };
const NONE = new Map();

function problemsOf(variables: Variables): readonly string[] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentProblems) return error.problems;
    throw error;
  }
  return [];
}

/** The names that the problems begin with. */
function troubled(variables: Variables): string[] {
  return problemsOf(variables).map((problem) => problem.split(' ')[0] ?? '');
}

describe('an empty environment', () => {
  const defaults = {
    production: false,
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: null,
    dataDirectory: '.data',
    publicUrl: 'http://localhost:4000',
    secretKeys: null,
    allowedOrigins: [],
    trustedProxies: [],
    administrator: null,
    smtpUrl: null,
    mailFrom: { name: null, address: 'no-reply@localhost' },
    geoip: { city: null, asn: null },
    pwnedPasswordsUrl: null,
    relyingParty: { id: 'localhost', origins: ['http://localhost:4000'] },
    documents: null,
    examples: [],
    blueprints: { directory: null, filesDirectory: null, variables: null, secrets: NONE, parameters: NONE },
    mailTemplatesDirectory: null,
    logLevel: 'info',
  };

  it('means development on this machine', () => expect(readEnvironment({})).toEqual(defaults));

  it('is what empty and blank variables are as well', () => {
    const names = ['PORT', 'HOST', 'DATABASE_URL', 'SMTP_URL', 'LOG_LEVEL', 'NODE_ENV'].concat(
      [
        'DATA_DIR',
        'PUBLIC_URL',
        'SECRET_KEYS',
        'ALLOWED_ORIGINS',
        'WEBAUTHN_RP_ID',
        'WEBAUTHN_ORIGINS',
        'TRUSTED_PROXIES',
        'GEOIP_CITY_DB',
        'GEOIP_ASN_DB',
        'PWNED_PASSWORDS_URL',
        'DOCUMENTS',
        'DOCUMENTS_ONLY',
        'EXAMPLES',
        'BLUEPRINTS_DIR',
        'BLUEPRINTS_FILES_DIR',
        'BLUEPRINTS_VARIABLES',
        'MAIL_TEMPLATES_DIR',
        'MAIL_FROM',
      ].map((n) => `STAGEDOOR_${n}`),
      ['USERNAME', 'EMAIL', 'PASSWORD'].map((name) => `STAGEDOOR_ADMIN_${name}`),
    );
    expect(readEnvironment(Object.fromEntries(names.map((name) => [name, ''] as const)))).toEqual(defaults);
    // A password is taken as it is, also if it is blank.
    const blank = names.filter((name) => !name.endsWith('PASSWORD')).map((name) => [name, '  '] as const);
    expect(readEnvironment(Object.fromEntries(blank))).toEqual(defaults);
  });
});

it('reads every variable', () => {
  const environment = readEnvironment({
    NODE_ENV: 'production',
    PORT: '8080',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://ada:secret@db.example.org:5433/auth?sslmode=verify-full',
    STAGEDOOR_DATA_DIR: '/var/lib/stagedoor',
    STAGEDOOR_PUBLIC_URL: 'https://auth.example.org/',
    STAGEDOOR_SECRET_KEYS: `new:${OTHER_KEY}, old:${KEY}`,
    STAGEDOOR_ALLOWED_ORIGINS: 'https://app.example.org, http://localhost:3000,',
    STAGEDOOR_TRUSTED_PROXIES: '10.0.0.0/8, ::1, fd00::/8, loopback',
    STAGEDOOR_ADMIN_USERNAME: 'ada',
    STAGEDOOR_ADMIN_EMAIL: 'ada@example.org',
    STAGEDOOR_ADMIN_PASSWORD: ' with spaces ',
    SMTP_URL: 'smtps://user:secret@mail.example.org',
    STAGEDOOR_MAIL_FROM: 'Example <auth@example.org>',
    STAGEDOOR_GEOIP_CITY_DB: '/var/lib/GeoIP/GeoLite2-City.mmdb',
    STAGEDOOR_GEOIP_ASN_DB: '/var/lib/GeoIP/GeoLite2-ASN.mmdb',
    STAGEDOOR_DOCUMENTS: '/etc/stagedoor/documents.json',
    STAGEDOOR_DOCUMENTS_ONLY: 'true',
    STAGEDOOR_EXAMPLES: 'unenrollment, enrollment-two-steps',
    STAGEDOOR_BLUEPRINTS_DIR: '/etc/stagedoor/blueprints',
    STAGEDOOR_MAIL_TEMPLATES_DIR: '/etc/stagedoor/mail',
    LOG_LEVEL: 'warn',
  });
  expect(environment).toMatchObject({
    production: true,
    port: 8080,
    host: '0.0.0.0',
    databaseUrl: 'postgres://ada:secret@db.example.org:5433/auth?sslmode=verify-full',
    dataDirectory: '/var/lib/stagedoor',
    publicUrl: 'https://auth.example.org',
    allowedOrigins: ['https://app.example.org', 'http://localhost:3000'],
    trustedProxies: ['10.0.0.0/8', '::1', 'fd00::/8', 'loopback'],
    administrator: { username: 'ada', email: 'ada@example.org' },
    geoip: { city: '/var/lib/GeoIP/GeoLite2-City.mmdb', asn: '/var/lib/GeoIP/GeoLite2-ASN.mmdb' },
    documents: { path: '/etc/stagedoor/documents.json', only: true },
    examples: ['unenrollment', 'enrollment-two-steps'],
    blueprints: { directory: '/etc/stagedoor/blueprints' },
    mailTemplatesDirectory: '/etc/stagedoor/mail',
    mailFrom: { name: 'Example', address: 'auth@example.org' },
    logLevel: 'warn',
  });
  expect(environment.secretKeys?.map(({ id, bytes }) => [id, bytes.length])).toEqual([
    ['new', 48],
    ['old', 32],
  ]);
  expect(environment.administrator?.password.reveal()).toBe(' with spaces ');
  expect(environment.smtpUrl?.reveal()).toBe('smtps://user:secret@mail.example.org');
});

it('knows one word for every example', () => {
  expect(readEnvironment({ STAGEDOOR_EXAMPLES: ' all ' }).examples).toBe('all');
});

describe('problems', () => {
  const broken = {
    NODE_ENV: 'hunter2',
    PORT: 'hunter2',
    DATABASE_URL: 'mysql://hunter2@localhost',
    STAGEDOOR_PUBLIC_URL: 'ftp://hunter2',
    STAGEDOOR_SECRET_KEYS: 'hunter2',
    STAGEDOOR_ALLOWED_ORIGINS: 'https://hunter2/path',
    STAGEDOOR_WEBAUTHN_RP_ID: 'hunter2',
    STAGEDOOR_WEBAUTHN_ORIGINS: 'http://hunter2',
    STAGEDOOR_TRUSTED_PROXIES: 'hunter2',
    STAGEDOOR_ADMIN_EMAIL: 'hunter2',
    SMTP_URL: 'hunter2://mail',
    STAGEDOOR_MAIL_FROM: 'hunter2',
    STAGEDOOR_PWNED_PASSWORDS_URL: 'http://hunter2/range/',
    STAGEDOOR_DOCUMENTS_ONLY: 'hunter2',
    STAGEDOOR_BLUEPRINTS_VARIABLES: 'hunter2',
    STAGEDOOR_BLUEPRINT_SECRET_low: 'hunter2',
    LOG_LEVEL: 'hunter2',
  };

  it('are all told at once, by name', () => {
    expect(troubled(broken).toSorted()).toEqual(
      [...Object.keys(broken), 'STAGEDOOR_ADMIN_USERNAME', 'STAGEDOOR_ADMIN_PASSWORD'].toSorted(),
    );
  });

  it('never quote a value, for it may be a secret', () => {
    expect(problemsOf(broken).join('\n')).not.toContain('hunter2');
    expect(new EnvironmentProblems(problemsOf(broken)).message).toContain('\n  PORT must be');
  });
});

describe('NODE_ENV', () => {
  it('must be spelt right, so that a misspelt production is not development', () => {
    expect(troubled({ NODE_ENV: 'prod' })).toEqual(['NODE_ENV']);
    expect(troubled({ NODE_ENV: 'Production' })).toEqual(['NODE_ENV']);
    expect(readEnvironment({ NODE_ENV: 'test' }).production).toBe(false);
  });

  it('as production needs secret keys', () => {
    expect(troubled({ NODE_ENV: 'production' })).toEqual(['STAGEDOOR_SECRET_KEYS']);
    expect(readEnvironment(PRODUCTION).production).toBe(true);
  });
});

describe('PORT', () => {
  it.each(['0', '1', '65535', ' 8080 '])('may be %s', (PORT) =>
    expect(readEnvironment({ PORT }).port).toBe(Number(PORT)),
  );

  it.each(['-1', '65536', '80.5', '0x50', '1e3', '80 81', 'http', '99999999999'])('may not be %s', (PORT) =>
    expect(problemsOf({ PORT })).toEqual(['PORT must be a whole number from 0 to 65535']),
  );

  it('is in the public URL unless that is given', () => {
    expect(readEnvironment({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
    expect(readEnvironment({ PORT: '8080', STAGEDOOR_PUBLIC_URL: 'https://a.example' }).publicUrl).toBe(
      'https://a.example',
    );
  });
});

describe('SMTP_URL', () => {
  it.each([
    'smtp://localhost',
    'smtp://[::1]:2525/',
    'smtps://ada%40example.org:p%C3%A4ss@mail.example.org:465',
  ])('may be %s', (SMTP_URL) => expect(troubled({ SMTP_URL })).toEqual([]));

  it.each([
    'mail.example.org',
    'http://mail.example.org',
    'smtp://',
    'smtp:///path',
    'smtp://mail.example.org/path',
    // What a library understands could switch its checks off.
    'smtp://mail.example.org?tls.rejectUnauthorized=false',
    'smtp://mail.example.org#fragment',
    'smtp://ada:%ff@mail.example.org',
    'smtp://ada:a%0d%0ab@mail.example.org',
  ])('may not be %s', (SMTP_URL) => expect(troubled({ SMTP_URL })).toEqual(['SMTP_URL']));
});

describe('STAGEDOOR_MAIL_FROM', () => {
  const fromOf = (variables: Variables) => readEnvironment(variables).mailFrom;

  it.each([
    ['auth@example.org', null, 'auth@example.org'],
    ['<auth@example.org>', null, 'auth@example.org'],
    ['Bücher & Co. <auth@example.org>', 'Bücher & Co.', 'auth@example.org'],
    ['"Acme, Inc." <auth@example.org>', 'Acme, Inc.', 'auth@example.org'],
  ])('may be %s', (given, name, address) =>
    expect(fromOf({ STAGEDOOR_MAIL_FROM: given })).toEqual({ name, address }),
  );

  it.each([
    'auth',
    'auth@',
    'auth@example.org, eve@example.org',
    'Auth auth@example.org',
    'Auth <auth@example.org',
    'Auth <auth@example.org> <eve@example.org>',
    'Auth <>',
    'Au\r\nBcc: eve@example.org\r\nth <auth@example.org>',
    'auth@example.org\r\nBcc: eve@example.org',
    'Au"th <auth@example.org>',
  ])('may not be %j', (given) =>
    expect(troubled({ STAGEDOOR_MAIL_FROM: given })).toEqual(['STAGEDOOR_MAIL_FROM']),
  );

  it.each([
    ['https://auth.example.org', 'no-reply@auth.example.org'],
    ['https://auth.example.org:8443', 'no-reply@auth.example.org'],
    ['http://localhost:4000', 'no-reply@localhost'],
    ['http://127.0.0.1:4000', 'no-reply@localhost'],
    ['https://[2001:db8::1]', 'no-reply@localhost'],
    ['https://bücher.example', 'no-reply@xn--bcher-kva.example'],
  ])('is, for the public address %s, %s unless it is set', (url, address) =>
    expect(fromOf({ STAGEDOOR_PUBLIC_URL: url })).toEqual({ name: null, address }),
  );
});

describe('STAGEDOOR_PWNED_PASSWORDS_URL', () => {
  it.each([
    ['https://api.pwnedpasswords.com/range/', 'https://api.pwnedpasswords.com/range/'],
    ['https://mirror.example.org/range', 'https://mirror.example.org/range/'],
    ['http://127.0.0.1:8080?#', 'http://127.0.0.1:8080/'],
  ])('may be %s', (given, pwnedPasswordsUrl) =>
    expect(readEnvironment({ STAGEDOOR_PWNED_PASSWORDS_URL: given }).pwnedPasswordsUrl).toBe(
      pwnedPasswordsUrl,
    ),
  );

  it.each([
    'http://api.pwnedpasswords.com/range/',
    'https://user:secret@example.org/',
    'https://example.org/?range=',
    'https://example.org/#range',
    'ftp://localhost/',
    'range',
  ])('may not be %s', (given) =>
    expect(troubled({ STAGEDOOR_PWNED_PASSWORDS_URL: given })).toEqual(['STAGEDOOR_PWNED_PASSWORDS_URL']),
  );
});

describe('STAGEDOOR_DOCUMENTS_ONLY', () => {
  it.each(['1', 'yes', 'True', 'false true'])(
    'may not be %s: who shuts a door wants to know it shut',
    (given) =>
      expect(problemsOf({ STAGEDOOR_DOCUMENTS: 'documents.json', STAGEDOOR_DOCUMENTS_ONLY: given })).toEqual([
        'STAGEDOOR_DOCUMENTS_ONLY must be true or false',
      ]),
  );

  it('says nothing without documents', () => {
    expect(troubled({ STAGEDOOR_DOCUMENTS_ONLY: 'true' })).toEqual(['STAGEDOOR_DOCUMENTS']);
    expect(readEnvironment({ STAGEDOOR_DOCUMENTS_ONLY: 'false' }).documents).toBeNull();
    expect(readEnvironment({ STAGEDOOR_DOCUMENTS: 'a.json' }).documents).toEqual({
      path: 'a.json',
      only: false,
    });
  });
});

describe('STAGEDOOR_PUBLIC_URL', () => {
  it.each([
    ['https://auth.example.org', 'https://auth.example.org'],
    ['https://auth.example.org:8443/', 'https://auth.example.org:8443'],
    ['HTTPS://Auth.Example.ORG', 'https://auth.example.org'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://127.0.0.1', 'http://127.0.0.1'],
    ['http://127.9.9.9:80', 'http://127.9.9.9'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('may be %s', (given, publicUrl) =>
    expect(readEnvironment({ STAGEDOOR_PUBLIC_URL: given }).publicUrl).toBe(publicUrl),
  );

  it.each([
    'auth.example.org',
    'http://auth.example.org',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://10.0.0.1',
    'javascript:alert(1)',
    'https://auth.example.org/path',
    'https://auth.example.org/?a=b',
    'https://auth.example.org/#a',
    'https://user@auth.example.org',
    'https://:password@auth.example.org',
  ])('may not be %s', (given) =>
    expect(troubled({ STAGEDOOR_PUBLIC_URL: given })).toEqual(['STAGEDOOR_PUBLIC_URL']),
  );
});

describe('STAGEDOOR_SECRET_KEYS', () => {
  it('may be longer than needed, and more than one; the order stays', () => {
    expect(parseKeys(`b:${KEY},a:${OTHER_KEY}`).map((key) => key.id)).toEqual(['b', 'a']);
  });

  it.each([
    ['no id', KEY],
    ['an empty id', `:${KEY}`],
    ['an id with other characters', `a b:${KEY}`],
    ['an id that is too long', `${'a'.repeat(33)}:${KEY}`],
    ['too short a key', `a:${Buffer.alloc(31).toString('base64url')}`],
    ['plain base64', `a:${Buffer.alloc(32, 255).toString('base64')}`],
    ['a third part', `a:${KEY}:b`],
    ['no key at all', ','],
    ['one id twice', `a:${KEY},a:${OTHER_KEY}`],
    ['one broken key among good ones', `a:${KEY},b`],
  ])('may not have %s', (_case, keys) => {
    expect(troubled({ STAGEDOOR_SECRET_KEYS: keys })).toEqual(['STAGEDOOR_SECRET_KEYS']);
  });
});

describe('STAGEDOOR_ALLOWED_ORIGINS', () => {
  it.each(['*', 'null', 'example.org', 'https://example.org/', 'https://*.example.org', 'ftp://example.org'])(
    'may not have %s',
    (origin) =>
      expect(troubled({ STAGEDOOR_ALLOWED_ORIGINS: `https://good.example,${origin}` })).toEqual([
        'STAGEDOOR_ALLOWED_ORIGINS',
      ]),
  );
});

describe('STAGEDOOR_TRUSTED_PROXIES', () => {
  it.each([
    'true',
    '1',
    '*',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::/129',
    '10.0.0',
    '10.0.0.0/8/8',
    'proxy.example.org',
  ])('may not have %s', (proxy) =>
    expect(troubled({ STAGEDOOR_TRUSTED_PROXIES: `127.0.0.1,${proxy}` })).toEqual([
      'STAGEDOOR_TRUSTED_PROXIES',
    ]),
  );
});

describe('STAGEDOOR_ADMIN_*', () => {
  const username = { STAGEDOOR_ADMIN_USERNAME: 'ada' };
  const email = { STAGEDOOR_ADMIN_EMAIL: 'ada@example.org' };
  const password = { STAGEDOOR_ADMIN_PASSWORD: 'correct horse battery staple' };

  it('are a name and a password, and an address if wanted', () => {
    expect(readEnvironment({ ...username, ...password }).administrator).toMatchObject({
      username: 'ada',
      email: null,
    });
  });

  it.each([
    ['a name alone', username, ['STAGEDOOR_ADMIN_PASSWORD']],
    ['a password alone', password, ['STAGEDOOR_ADMIN_USERNAME']],
    ['an address alone', email, ['STAGEDOOR_ADMIN_USERNAME', 'STAGEDOOR_ADMIN_PASSWORD']],
    ['a name and an address', { ...username, ...email }, ['STAGEDOOR_ADMIN_PASSWORD']],
    ['a bad address', { ...username, ...password, STAGEDOOR_ADMIN_EMAIL: 'ada' }, ['STAGEDOOR_ADMIN_EMAIL']],
  ])('cannot be %s', (_case, variables, names) => expect(troubled(variables)).toEqual(names));
});
