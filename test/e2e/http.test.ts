import { LOGIN, VIEWER, credentials, tryStart } from '../support/executions.js';
import { start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const FRIEND = 'https://app.example.org';
const PUBLIC = 'https://id.example.org';
const CANARY = 'canary7Qx8DoNotRepeat';
const viewer = JSON.stringify({ query: VIEWER });

let production: TestApp;
beforeAll(async () => {
  production = await startTestApp({
    NODE_ENV: 'production',
    STAGEDOOR_PUBLIC_URL: PUBLIC,
    STAGEDOOR_ALLOWED_ORIGINS: FRIEND,
    LOG_LEVEL: 'trace',
    STAGEDOOR_WEBAUTHN_ORIGINS: `${PUBLIC},https://example.com,android:apk-key-hash:${'a'.repeat(43)}`,
  });
});
afterAll(() => production.close());

async function request(path: string, init: RequestInit = {}) {
  const response = await fetch(`${production.address}${path}`, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function codeIn(text: string): unknown {
  return JSON.parse(text).errors?.[0].extensions.code;
}

it('tells browsers from which pages passkeys may be used, for a few minutes', async () => {
  const { status, headers, text } = await request('/.well-known/webauthn');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(headers.get('cache-control')).toBe('public, max-age=300');
  expect(JSON.parse(text)).toEqual({ origins: [PUBLIC, 'https://example.com'] });
});

describe('a request in production', () => {
  it('signs in', async () => {
    const { step } = await start(production.client(), { flow: LOGIN, responses: credentials() });
    expect(step.__typename).toBe('FlowCompleted');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('by %s gets nothing', async (method) => {
    const { status, headers, text } = await request(`/graphql?query=${encodeURIComponent(VIEWER)}`, {
      method,
      headers: { accept: 'text/html', 'apollo-require-preflight': 'yes' },
    });
    expect(status).toBe(404);
    if (method !== 'HEAD') expect(codeIn(text)).toBe('NOT_FOUND');
    expect(headers.getSetCookie()).toEqual([]);
  });

  it('does not tell the schema', async () => {
    const client = production.client();
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
      const { status, data, errors } = await client.send(query);
      expect([status, data]).toEqual([400, undefined]);
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const { errors } = await client.send('{ viewe { id } }');
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
  });

  it('does not know of stages that are for trying things out', async () => {
    const query = 'mutation($input: StartFlowInput!) { startFlow(input: $input) { id } }';
    const responses = [{ dummy: { acknowledge: true } }];
    const { errors } = await production.client().send(query, { input: { flow: LOGIN, responses } });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a body', () => {
  it.each<[string, string, number, string]>([
    ['that is no JSON', `{"query": "${CANARY}`, 400, 'BAD_REQUEST'],
    ['that ends too early', '{"query":', 400, 'BAD_REQUEST'],
    ['that is empty', '', 400, 'BAD_REQUEST'],
    ['that is a text', `"${CANARY}"`, 400, 'BAD_REQUEST'],
    ['that is a number', '7', 400, 'BAD_REQUEST'],
    ['that is null', 'null', 400, 'BAD_REQUEST'],
    ['without a query', `{"variables":{"password":"${CANARY}"}}`, 400, 'BAD_REQUEST'],
    ['whose query is an object', `{"query":{"a":"${CANARY}"}}`, 400, 'BAD_REQUEST'],
    [
      'whose variables are a text',
      `{"query":"{ viewer { id } }","variables":"${CANARY}"}`,
      400,
      'BAD_REQUEST',
    ],
    ['of several operations', `[${viewer},${viewer}]`, 400, 'BAD_REQUEST'],
    [
      'that is larger than 256 kB',
      JSON.stringify({ query: CANARY.padEnd(300_000) }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['with a prototype in it', `{"__proto__":{"query":"${CANARY}"}}`, 400, 'BAD_REQUEST'],
  ])('%s is refused', async (_what, body, status, code) => {
    const response = await production.client().post(body);
    const text = await response.text();
    expect([response.status, codeIn(text)]).toEqual([status, code]);
    expect(text + production.log.join('')).not.toContain(CANARY);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/xml',
    'nonsense',
  ])('as %s is refused, so that no form of another site can send it', async (type) => {
    const response = await production.client().post(viewer, { 'content-type': type });
    expect([400, 415]).toContain(response.status);
    expect(codeIn(await response.text())).toBe('BAD_REQUEST');
  });
});

describe('an origin', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://id.example.org',
    'https://id.example.org.evil.example',
    'https://id.example.org:8443',
    'http://localhost:3000',
    'file://',
  ])('%s that is not ours is refused', async (origin) => {
    const client = production.client();
    const response = await client.post(viewer, { origin });
    expect(response.status).toBe(403);
    expect(codeIn(await response.text())).toBe('FORBIDDEN');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const { headers, status } = await request('/graphql', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(status).toBeLessThan(500);
  });

  it.each([PUBLIC, FRIEND])('%s that is ours is answered, with its cookies', async (origin) => {
    const response = await production.client().post(viewer, { origin });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('on this machine is answered in development only', async () => {
    const development = await startTestApp();
    try {
      const response = await development.client().post(viewer, { origin: 'http://localhost:3000' });
      expect(response.status).toBe(200);
      const evil = await development.client().post(viewer, { origin: 'http://localhost.evil.example' });
      expect(evil.status).toBe(403);
    } finally {
      await development.close();
    }
  });
});

describe('an answer', () => {
  it('is not stored by anybody on the way, nor taken for anything but JSON', async () => {
    const { headers } = await tryStart(production.client(), { flow: LOGIN });
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
