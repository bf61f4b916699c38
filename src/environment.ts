import { z } from 'zod';

import { readBlueprintEnvironment } from './blueprints/environment.js';
import { isAddressOrNetwork } from './kernel/ip.js';
import { isLoopback } from './kernel/loopback.js';
import { isMailAddress, noReplyAt } from './kernel/mail-address.js';
import { isPasskeyOrigin, isRelyingPartyIdFor, originsWithin } from './kernel/relying-party.js';
import { Secret } from './kernel/secret.js';
import { isPercentEncoded } from './kernel/text.js';

/** How the process is to run, as the environment says it; parsed once. */
export interface Environment {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly dataDirectory: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Null where they are to be made and kept in the data folder. */
  readonly secretKeys: readonly [ConfiguredKey, ...ConfiguredKey[]] | null;
  readonly allowedOrigins: readonly string[];
  /** For whom passkeys are made, and from where they may be used. */
  readonly relyingParty: { readonly id: string; readonly origins: readonly string[] };
  readonly trustedProxies: readonly string[];
  readonly administrator: ConfiguredAdministrator | null;
  /** Only a server, a port and credentials. */
  readonly smtpUrl: Secret | null;
  /** Whom mails come from; where there is no name, they say what the product is called. */
  readonly mailFrom: { readonly name: string | null; readonly address: string };
  /** The paths of MaxMind databases; null for none. */
  readonly geoip: { readonly city: string | null; readonly asn: string | null };
  /** Of the k-anonymity service for breached passwords, with a slash at its end; null for none. */
  readonly pwnedPasswordsUrl: string | null;
  /** A file of clients' documents, and whether no others are run; null for none. */
  readonly documents: { readonly path: string; readonly only: boolean } | null;
  /** The names of the example documents that a start applies. */
  readonly examples: 'all' | readonly string[];
  readonly blueprints: ReturnType<typeof readBlueprintEnvironment>;
  /** A folder of texts and layouts that take the place of ours in mails; null for none. */
  readonly mailTemplatesDirectory: string | null;
  readonly logLevel: LogLevel;
}

export interface ConfiguredKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface ConfiguredAdministrator {
  readonly username: string;
  readonly email: string | null;
  readonly password: Secret;
}

const modes = ['production', 'development', 'test'] as const;
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Everything that is wrong with the environment, one line for each variable. Values are not quoted. */
export class EnvironmentProblems extends Error {
  override readonly name = 'EnvironmentProblems';

  constructor(readonly problems: readonly string[]) {
    super(`The environment has problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

const KEY_BYTES = 32;

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65535));
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' });

/** Reads the variables, or throws `EnvironmentProblems` that names each one which cannot be used. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const problems: string[] = [];
  const text = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === '' ? undefined : value;
  };
  const read = <T>(name: string, fallback: T, parse: (value: string) => T): T => {
    const value = text(name);
    if (value === undefined) return fallback;
    try {
      return parse(value);
    } catch (error) {
      problems.push(`${name} ${error instanceof Problem ? error.message : 'cannot be used'}`);
      return fallback;
    }
  };

  // A misspelt `production` must not run with what development allows.
  const mode = read('NODE_ENV', 'development', (value) =>
    checked(z.enum(modes), value, `must be one of ${modes.join(', ')}`),
  );
  const production = mode === 'production';
  const portNumber = read('PORT', 4000, (value) =>
    checked(port, value, 'must be a whole number from 0 to 65535'),
  );
  const publicUrl = read('STAGEDOOR_PUBLIC_URL', `http://localhost:${portNumber}`, parsePublicUrl);
  const secretKeys = read('STAGEDOOR_SECRET_KEYS', null, parseKeys);
  if (production && text('STAGEDOOR_SECRET_KEYS') === undefined) {
    problems.push(
      'STAGEDOOR_SECRET_KEYS must be set in production: a comma-separated list of id:base64url keys',
    );
  }
  const allowedOrigins = read('STAGEDOOR_ALLOWED_ORIGINS', [], (value) => list(value).map(parseOrigin));
  const host = new URL(publicUrl).hostname;
  const relyingPartyId = read('STAGEDOOR_WEBAUTHN_RP_ID', host, (id) => parseRelyingPartyId(id, host));
  const usualOrigins = originsWithin(relyingPartyId, [publicUrl, ...allowedOrigins]);
  const documentsPath = text('STAGEDOOR_DOCUMENTS');
  const documentsOnly = read('STAGEDOOR_DOCUMENTS_ONLY', false, parseBoolean);
  if (documentsOnly && documentsPath === undefined) {
    problems.push('STAGEDOOR_DOCUMENTS must be set along with STAGEDOOR_DOCUMENTS_ONLY');
  }
  const environment: Environment = {
    production,
    port: portNumber,
    host: text('HOST') ?? '127.0.0.1',
    databaseUrl: read('DATABASE_URL', null, (value) =>
      checked(databaseUrl, value, 'must be a postgres:// address'),
    ),
    dataDirectory: text('STAGEDOOR_DATA_DIR') ?? '.data',
    publicUrl,
    secretKeys,
    allowedOrigins,
    relyingParty: {
      id: relyingPartyId,
      origins: read('STAGEDOOR_WEBAUTHN_ORIGINS', usualOrigins, (value) =>
        list(value).map(parsePasskeyOrigin),
      ),
    },
    trustedProxies: read('STAGEDOOR_TRUSTED_PROXIES', [], (value) => list(value).map(parseProxy)),
    administrator: readAdministrator(variables, text, problems),
    smtpUrl: read('SMTP_URL', null, parseSmtpUrl),
    mailFrom: read('STAGEDOOR_MAIL_FROM', { name: null, address: noReplyAt(host) }, parseMailFrom),
    geoip: {
      city: text('STAGEDOOR_GEOIP_CITY_DB') ?? null,
      asn: text('STAGEDOOR_GEOIP_ASN_DB') ?? null,
    },
    pwnedPasswordsUrl: read('STAGEDOOR_PWNED_PASSWORDS_URL', null, parsePwnedPasswordsUrl),
    documents: documentsPath === undefined ? null : { path: documentsPath, only: documentsOnly },
    examples: read('STAGEDOOR_EXAMPLES', [], (value) => (value === 'all' ? value : list(value))),
    blueprints: readBlueprintEnvironment(variables, problems),
    mailTemplatesDirectory: text('STAGEDOOR_MAIL_TEMPLATES_DIR') ?? null,
    logLevel: read<LogLevel>('LOG_LEVEL', 'info', (value) =>
      checked(z.enum(logLevels), value, `must be one of ${logLevels.join(', ')}`),
    ),
  };
  if (problems.length > 0) throw new EnvironmentProblems(problems);
  return environment;
}

/** What is wrong with one variable, in words that follow its name. */
class Problem extends Error {}

function checked<T>(schema: z.ZodType<T>, value: string, problem: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Problem(problem);
  return parsed.data;
}

function parseBoolean(value: string): boolean {
  return checked(z.enum(['true', 'false']), value, 'must be true or false') === 'true';
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** An address to which nobody else can listen. */
function parseSafeUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new Problem('must be an https:// address, or http:// on localhost');
}

function parsePublicUrl(value: string): string {
  const url = parseSafeUrl(value);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username + url.password !== '') {
    throw new Problem('must be an origin: no path, no query, no credentials');
  }
  return url.origin;
}

/** The first digits of a hash are put behind it. */
function parsePwnedPasswordsUrl(value: string): string {
  const url = parseSafeUrl(value);
  if (url.search !== '' || url.hash !== '' || url.username + url.password !== '') {
    throw new Problem('must have no query and no credentials');
  }
  return url.origin + url.pathname.replace(/\/?$/, '/');
}

/** What a library would understand besides could switch its checks off. */
function parseSmtpUrl(value: string): Secret {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new Problem('must be an smtp:// or smtps:// address');
  }
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new Problem('must have no path and no query');
  }
  if (!isPercentEncoded(url.username + url.password)) {
    throw new Problem('must have its user name and password percent-encoded');
  }
  return new Secret(value);
}

function parseMailFrom(value: string): Environment['mailFrom'] {
  const [, name = '', address = value] = /^([^<>]*)<([^<>]*)>$/.exec(value) ?? [];
  const unquoted = name.trim().replace(/^"(.*)"$/, '$1');
  if (!isMailAddress(address) || /[\p{Cc}"\\]/u.test(unquoted)) {
    throw new Problem(
      'must be a mail address such as no-reply@example.com, or Example <no-reply@example.com>',
    );
  }
  return { name: unquoted === '' ? null : unquoted, address };
}

function parseOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // A wildcard is a good host name to a URL, and would never match.
  if (url?.origin !== value || !/^https?:$/.test(url.protocol) || value.includes('*')) {
    throw new Problem('must be a comma-separated list of origins such as https://app.example.com');
  }
  return url.origin;
}

function parseRelyingPartyId(id: string, host: string): string {
  if (isRelyingPartyIdFor(id, host)) return id;
  throw new Problem('must be the host of STAGEDOOR_PUBLIC_URL or a domain above it, in small letters');
}

function parsePasskeyOrigin(origin: string): string {
  if (isPasskeyOrigin(origin)) return origin;
  throw new Problem(
    'must be a comma-separated list of https:// origins (or http:// on localhost) and android:apk-key-hash: apps',
  );
}

function parseProxy(value: string): string {
  const isName = ['loopback', 'linklocal', 'uniquelocal'].includes(value);
  if (!isName && !isAddressOrNetwork(value)) {
    throw new Problem(
      'must be a comma-separated list of addresses or networks such as 10.0.0.0/8, or loopback',
    );
  }
  return value;
}

/** Reads keys written as a comma-separated list of `id:base64url`. */
export function parseKeys(value: string): [ConfiguredKey, ...ConfiguredKey[]] {
  const keys = list(value).map((entry): ConfiguredKey => {
    const [id = '', encoded = '', ...rest] = entry.split(':');
    const bytes = Buffer.from(encoded, 'base64url');
    const wellFormed = /^[\w-]{1,32}$/.test(id) && /^[\w-]+$/.test(encoded) && rest.length === 0;
    if (!wellFormed || bytes.length < KEY_BYTES) {
      throw new Problem(
        `must be a comma-separated list of id:base64url, each key of at least ${KEY_BYTES} bytes`,
      );
    }
    return { id, bytes };
  });
  const [first, ...rest] = keys;
  if (!first) throw new Problem('must name at least one key');
  if (new Set(keys.map((key) => key.id)).size < keys.length) throw new Problem('names a key id twice');
  return [first, ...rest];
}

function readAdministrator(
  variables: Readonly<Record<string, string | undefined>>,
  text: (name: string) => string | undefined,
  problems: string[],
): ConfiguredAdministrator | null {
  const username = text('STAGEDOOR_ADMIN_USERNAME');
  const email = text('STAGEDOOR_ADMIN_EMAIL') ?? null;
  // A password is taken as it is, with whatever spaces it has.
  const password = variables.STAGEDOOR_ADMIN_PASSWORD;
  if (username === undefined && email === null && (password === undefined || password === '')) return null;
  if (username === undefined)
    problems.push('STAGEDOOR_ADMIN_USERNAME must be set along with STAGEDOOR_ADMIN_PASSWORD');
  if (password === undefined || password === '') {
    problems.push('STAGEDOOR_ADMIN_PASSWORD must be set along with STAGEDOOR_ADMIN_USERNAME');
  }
  if (email !== null && !z.email().safeParse(email).success) {
    problems.push('STAGEDOOR_ADMIN_EMAIL must be an e-mail address');
  }
  return username === undefined || password === undefined
    ? null
    : { username, email, password: new Secret(password) };
}
