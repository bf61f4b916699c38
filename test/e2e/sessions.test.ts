import pg from 'pg';

import { EXECUTION, signedIn, start } from '../support/flows.js';
import { LOGIN, LOGOUT, credentials, tryStart, viewerOf } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const DAY_SECONDS = 24 * 3600;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A browser that still holds these cookies, however the first one has gone on. */
function copyOf(client: TestClient): TestClient {
  const copy = app.client();
  for (const [name, value] of client.cookies) copy.cookies.set(name, value);
  return copy;
}

async function nativelySignedIn(): Promise<TestClient> {
  const client = app.client();
  const { step } = await start(client, { flow: LOGIN, client: 'NATIVE', responses: credentials() });
  client.bearer = step.session.token;
  return client;
}

/** Cookies as they were set, by name; their values, executions' ids and moments left out. */
function cookiesSet(headers: Headers): Record<string, string[]> {
  const entries = headers.getSetCookie().map((line): [string, string[]] => {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('=')).replace(/[0-9a-f-]{36}$/, '*');
    return [name, attributes.map((attribute) => attribute.replace(/^(Expires)=.*/, '$1')).toSorted()];
  });
  return Object.fromEntries(entries);
}

describe('cookies', () => {
  it('are HttpOnly and SameSite=Lax, and not Secure where the public URL is plain http on this machine', async () => {
    const { headers } = await tryStart(app.client(), { flow: LOGIN, responses: credentials() });
    expect(cookiesSet(headers)).toEqual({
      'stagedoor_execution_*': ['Expires', 'HttpOnly', 'Path=/', 'SameSite=Lax'],
      stagedoor_session: ['HttpOnly', 'Path=/', 'SameSite=Lax'],
    });
  });

  it('are Secure and bound to the host where the public URL is https', async () => {
    const secure = await startTestApp({ STAGEDOOR_PUBLIC_URL: 'https://id.example.org' });
    try {
      const client = secure.client();
      const { headers } = await tryStart(client, { flow: LOGIN, responses: credentials() });
      expect(cookiesSet(headers)).toEqual({
        '__Host-stagedoor_execution_*': ['Expires', 'HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'],
        '__Host-stagedoor_session': ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'],
      });
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
      const plain = secure.client();
      const session = client.cookies.get('__Host-stagedoor_session');
      plain.cookies.set('stagedoor_session', session ?? '');
      expect(await viewerOf(plain)).toBeNull();
    } finally {
      await secure.close();
    }
  });

  it('hold nothing but chance: not the person, not the session’s id', async () => {
    const client = await signedIn(app);
    const { id } = (await viewerOf(client)).session;
    for (const value of client.cookies.values()) {
      expect(value).toMatch(/^[\w-]{43}$/);
      expect(value).not.toContain(id);
    }
  });

  it.each(['', 'x', 'a'.repeat(43), 'a'.repeat(5000), '%00', "' or true --"])(
    'that are no secrets of ours sign nobody in: %p',
    async (value) => {
      const client = app.client();
      client.cookies.set('stagedoor_session', value);
      client.cookies.set('stagedoor_execution', value);
      expect(await viewerOf(client)).toBeNull();
      expect((await start(client, { flow: LOGIN })).step.__typename).toBe('IdentificationChallenge');
    },
  );
});

describe('a session', () => {
  it('has a new secret at each login, and the one before it ends', async () => {
    const client = await signedIn(app);
    const before = copyOf(client);
    const first = await viewerOf(before);
    const { step } = await start(client, { flow: LOGIN, responses: credentials() });
    expect(step.__typename).toBe('FlowCompleted');
    expect(client.cookies.get('stagedoor_session')).not.toBe(before.cookies.get('stagedoor_session'));
    expect((await viewerOf(client)).session.id).not.toBe(first.session.id);
    expect(await viewerOf(before)).toBeNull();
  });

  it('is not ended by a login elsewhere, nor by a login that fails', async () => {
    const client = await signedIn(app);
    await signedIn(app);
    const responses = credentials({ ...ADMIN, password: 'surely not the password' });
    const { step } = await start(client, { flow: LOGIN, responses });
    expect(step.__typename).toBe('PasswordChallenge');
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });

  it('ends for a browser when it signs out: the cookie is dropped, and its secret is dead', async () => {
    const client = await signedIn(app);
    const elsewhere = await signedIn(app);
    const before = copyOf(client);
    const { headers, data } = await tryStart(client, { flow: LOGOUT });
    expect(data.startFlow.step).toMatchObject({ __typename: 'FlowCompleted', session: null });
    expect(headers.getSetCookie().find((line) => line.startsWith('stagedoor_session='))).toMatch(
      /^stagedoor_session=;.*Expires=Thu, 01 Jan 1970/,
    );
    expect(client.cookies.has('stagedoor_session')).toBe(false);
    expect(await viewerOf(before)).toBeNull();
    expect(await viewerOf(elsewhere)).toMatchObject({ username: ADMIN.username });
  });

  it('ends for a native client when it signs out', async () => {
    const client = await nativelySignedIn();
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
    const { step } = await start(client, { flow: { designation: 'INVALIDATION' }, client: 'NATIVE' });
    expect(step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toBeNull();
  });

  it('can be signed out of twice, and by somebody who was never signed in', async () => {
    const { step } = await start(app.client(), { flow: LOGOUT });
    expect(step).toMatchObject({ __typename: 'FlowCompleted', session: null });
  });

  it('is told of by its id in the query of an ended execution, but its secret only once', async () => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN, client: 'NATIVE', responses: credentials() });
    const { session } = execution.step.session;
    const found = await client.ok(
      `query($id: ID!, $token: String) { flowExecution(id: $id, token: $token) { ...Execution } } ${EXECUTION}`,
      { id: execution.id, token: execution.token },
    );
    expect(found.flowExecution).toMatchObject({ token: null, step: { session: { token: null, session } } });
  });

  it('ends by itself when its time is over', async () => {
    const client = await signedIn(app);
    app.clock.advance(DAY_SECONDS - 1);
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
    app.clock.advance(1);
    expect(await viewerOf(client)).toBeNull();
  });

  // The API cannot disable a user yet, so this reaches into the database, which it can do on a server only.
  const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? it : it.skip;
  onServer('ends when its user is disabled, and no other can be opened', async () => {
    const browser = await signedIn(app);
    const native = await nativelySignedIn();
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    try {
      await database.query('update user_account set active = false');
      expect([await viewerOf(browser), await viewerOf(native)]).toEqual([null, null]);
      const { step } = await start(browser, { flow: LOGIN, responses: credentials() });
      expect(step).toMatchObject({
        __typename: 'PasswordChallenge',
        errors: [{ code: 'INVALID_CREDENTIALS' }],
      });
    } finally {
      await database.query('update user_account set active = true');
      await database.end();
    }
  });
});
