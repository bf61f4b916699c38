import { start, submit } from '../support/flows.js';
import { LOGIN, credentials, tryStart, viewerOf } from '../support/executions.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const PERSON = { username: 'Zoë', email: 'Zoe@example.org', password: 'crème brûlée at midnight' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    STAGEDOOR_ADMIN_USERNAME: PERSON.username,
    STAGEDOOR_ADMIN_EMAIL: PERSON.email,
    STAGEDOOR_ADMIN_PASSWORD: PERSON.password,
  });
});
afterAll(() => app.close());

describe('signing in', () => {
  it('takes a browser through identification and password to a session in an HttpOnly cookie', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    expect(first).toMatchObject({
      token: null,
      responsesUsed: 0,
      step: { __typename: 'IdentificationChallenge', errors: [], passwordRequired: false, user: null },
    });
    const second = await submit(client, first, { identification: { identifier: PERSON.username } });
    expect(second.step).toMatchObject({
      __typename: 'PasswordChallenge',
      errors: [],
      user: { displayName: PERSON.username },
    });
    expect(await viewerOf(client)).toBeNull();
    const last = await submit(client, second, { password: { password: PERSON.password } });
    expect(last.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { token: null, session: { aal: 1, amr: ['pwd'] } },
    });
    expect(await viewerOf(client)).toMatchObject({ username: PERSON.username, isSuperuser: true });
  });

  it('gives a native client its secrets in the response, and sets no cookie', async () => {
    const client = app.client();
    const started = await tryStart(client, { flow: LOGIN, client: 'NATIVE' });
    expect(started.headers.getSetCookie()).toEqual([]);
    const first = started.data.startFlow;
    expect(first.token).toMatch(/^[\w-]{43}$/);
    const second = await submit(client, first, { identification: { identifier: PERSON.email } });
    const last = await submit(client, second, { password: { password: PERSON.password } });
    const { token, session } = last.step.session;
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(client.cookies.size).toBe(0);

    expect(await viewerOf(client)).toBeNull();
    client.bearer = first.token;
    expect(await viewerOf(client)).toBeNull();
    client.bearer = token;
    expect(await viewerOf(client)).toMatchObject({
      username: PERSON.username,
      session: { id: session.id, amr: ['pwd'] },
    });
  });

  it('finds the flow by its designation', async () => {
    const client = app.client();
    const byDesignation = await start(client, { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' });
    expect(byDesignation).toMatchObject({
      flow: { slug: LOGIN.slug, designation: 'AUTHENTICATION' },
      step: { __typename: 'IdentificationChallenge' },
    });
    const { defaultFlow } = await client.ok('{ defaultFlow(designation: AUTHENTICATION) { slug title } }');
    expect(defaultFlow).toEqual({ slug: LOGIN.slug, title: 'Welcome' });
    const none = await client.ok('{ defaultFlow(designation: RECOVERY) { slug } }');
    expect(none.defaultFlow).toBeNull();
  });

  it.each([
    ['the username in capitals', 'ZOË'],
    ['the username in small letters, decomposed', 'zoe\u0308'],
    ['the username in full-width letters', 'Ｚｏë'],
    ['the username between spaces', '  Zoë '],
    ['the e-mail address', 'Zoe@example.org'],
    ['the e-mail address in another case', 'ZOE@EXAMPLE.org'],
  ])('knows a person by %s', async (_how, identifier) => {
    const client = app.client();
    const responses = credentials({ ...PERSON, username: identifier });
    const { step } = await start(client, { flow: LOGIN, responses });
    expect(step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: PERSON.username, email: PERSON.email });
  });

  it('knows the password in any Unicode form, and otherwise exactly as it is', async () => {
    const outcomes = [];
    for (const password of [
      PERSON.password.normalize('NFD'),
      `${PERSON.password} `,
      'Crème brûlée at midnight',
    ]) {
      const responses = credentials({ ...PERSON, password });
      outcomes.push((await start(app.client(), { flow: LOGIN, responses })).step.__typename);
    }
    expect(outcomes).toEqual(['FlowCompleted', 'PasswordChallenge', 'PasswordChallenge']);
  });
});

describe('signing in within one round trip', () => {
  const [identification, password] = credentials(PERSON);
  const wrong = { password: { password: 'crème caramel at midnight' } };

  async function startWith(...responses: unknown[]) {
    return start(app.client(), { flow: LOGIN, client: 'NATIVE', responses });
  }

  it('uses every answer that fits', async () => {
    const execution = await startWith(identification, password);
    expect(execution).toMatchObject({
      responsesUsed: 2,
      step: { __typename: 'FlowCompleted', session: { token: expect.any(String) } },
    });
  });

  it('goes as far as the answers go', async () => {
    expect(await startWith(identification)).toMatchObject({
      responsesUsed: 1,
      step: { __typename: 'PasswordChallenge', errors: [] },
    });
  });

  it('leaves the rest unused after a wrong password, also the right one', async () => {
    const execution = await startWith(identification, wrong, password);
    expect(execution).toMatchObject({
      responsesUsed: 2,
      step: {
        __typename: 'PasswordChallenge',
        errors: [{ field: 'password', code: 'INVALID_CREDENTIALS', retryAt: null }],
      },
    });
    const last = await submit(app.client(), execution, { password: { password: PERSON.password } });
    expect(last.step.__typename).toBe('FlowCompleted');
  });

  it('leaves the first answer unused that does not fit its challenge, and those after it', async () => {
    expect(await startWith(password, identification)).toMatchObject({
      responsesUsed: 0,
      step: { __typename: 'IdentificationChallenge', errors: [], user: null },
    });
    expect(await startWith(identification, identification, password)).toMatchObject({
      responsesUsed: 1,
      step: { __typename: 'PasswordChallenge', errors: [] },
    });
  });

  it('leaves answers unused that come after the end', async () => {
    const responses = [identification, password, { userLogin: { rememberMe: true } }, password];
    expect(await startWith(...responses)).toMatchObject({
      responsesUsed: 2,
      step: { __typename: 'FlowCompleted' },
    });
  });

  it('refuses more answers than any flow could want', async () => {
    const responses = Array.from({ length: 21 }, () => identification);
    const { errors } = await tryStart(app.client(), { flow: LOGIN, responses });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.responses', code: 'TOO_MANY' }] } },
    ]);
  });
});
