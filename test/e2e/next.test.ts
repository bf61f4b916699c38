import { start } from '../support/flows.js';
import { LOGIN, LOGOUT, cancel, tryStart } from '../support/executions.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const PUBLIC = 'http://localhost';
const FRIEND = 'https://app.example.org';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_PUBLIC_URL: PUBLIC, STAGEDOOR_ALLOWED_ORIGINS: FRIEND });
});
afterAll(() => app.close());

describe('where a person was going', () => {
  it.each([
    ['/inbox?folder=1#top', '/inbox?folder=1#top'],
    ['/', '/'],
    ['inbox', '/inbox'],
    ['?page=2', '/?page=2'],
    [`${PUBLIC}/inbox`, '/inbox'],
    [`${FRIEND}/back?x=1`, `${FRIEND}/back?x=1`],
    [FRIEND, `${FRIEND}/`],
    ['HTTPS://APP.EXAMPLE.ORG/back', `${FRIEND}/back`],
    ['/a/../inbox', '/inbox'],
    ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
  ])('is taken as %p', async (next, redirectTo) => {
    const { step } = await start(app.client(), { flow: LOGOUT, next });
    expect(step).toMatchObject({ __typename: 'FlowCompleted', redirectTo });
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '\n//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,hello',
    'file:///etc/passwd',
    'ftp://app.example.org/',
    `${FRIEND}.evil.example/`,
    `${FRIEND}@evil.example/`,
    `${FRIEND}:8443/`,
    'http://app.example.org/',
    'https://somebody:something@app.example.org/',
    'http://localhost:81/',
    'https://localhost/',
    'http://',
    `/${'a'.repeat(3000)}`,
  ])('is refused as %p, and nothing is started', async (next) => {
    const client = app.client();
    const { data, errors } = await tryStart(client, { flow: LOGOUT, next });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.next', code: 'NOT_ALLOWED' }] } },
    ]);
    expect(client.cookies.size).toBe(0);
  });

  it('is nowhere in particular where the client does not say', async () => {
    const { step } = await start(app.client(), { flow: LOGOUT });
    expect(step).toMatchObject({ __typename: 'FlowCompleted', redirectTo: null });
  });

  it('is kept while the flow runs', async () => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN, next: '/inbox' });
    expect((await cancel(client, execution)).step).toEqual({
      __typename: 'FlowCancelled',
      redirectTo: '/inbox',
    });
  });
});

describe('what a person is likely to type', () => {
  it('is shown by the identification stage, and is nothing but a hint', async () => {
    const hinted = await start(app.client(), { flow: LOGIN, loginHint: 'ada' });
    expect(hinted.step).toMatchObject({
      __typename: 'IdentificationChallenge',
      loginHint: 'ada',
      user: null,
    });
    const plain = await start(app.client(), { flow: LOGIN });
    expect(plain.step).toMatchObject({ __typename: 'IdentificationChallenge', loginHint: null });
  });

  it.each([
    ['a NUL', 'ada\0'],
    ['half a character', 'ada\ud800'],
    ['far too much', 'a'.repeat(100_000)],
  ])('is refused with %s in it', async (_what, loginHint) => {
    const { errors } = await tryStart(app.client(), { flow: LOGIN, loginHint });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.loginHint' }] } },
    ]);
  });
});
