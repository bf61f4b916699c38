import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import { start, submit } from '../support/flows.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const VIEWER = '{ viewer { username isSuperuser session { aal amr } } }';

describe('signing in', () => {
  it('takes a browser through identification and password to a session in an HttpOnly cookie', async () => {
    const client = app.client();
    const first = await start(client, { flow: { slug: 'default-authentication-flow' } });
    expect(first).toMatchObject({ token: null, step: { __typename: 'IdentificationChallenge', errors: [] } });
    const second = await submit(client, first, { identification: { identifier: ADMIN.username } });
    expect(second.step).toMatchObject({
      __typename: 'PasswordChallenge',
      user: { displayName: ADMIN.username },
    });
    const last = await submit(client, second, { password: { password: ADMIN.password } });
    expect(last.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { token: null, session: { aal: 1 } },
    });
    expect((await client.ok(VIEWER)).viewer).toMatchObject({ username: ADMIN.username, isSuperuser: true });
  });
});
