import { Composer } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import type { Delegate } from '../support/delegates.js';
import { WRONG, credentials, viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const RECENT_SECONDS = 900;
const SIGN_IN = { designation: 'AUTHENTICATION' };
const AGAIN = 'default-reauthentication';
const CREATE = 'mutation($name: String!) { createGroup(input: { name: $name }) { name } }';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let delegates: Delegates;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  delegates = new Delegates(app, composer);
});
beforeEach(() => proveAgain(admin));
afterAll(() => app.close());

const proof = (password = ADMIN.password) => ({ password: { password } });

async function proveAgain(client: TestClient, password?: string): Promise<Execution> {
  return start(client, { flow: { slug: AGAIN }, responses: [proof(password)] });
}

const refusal = async (client: TestClient, name = 'group') =>
  (await client.send(CREATE, { name })).errors[0]?.extensions;

describe('signing in', () => {
  it('is the login for somebody who is not signed in, and the proof of the password for somebody who is', async () => {
    const nobody = await start(app.client(), { flow: SIGN_IN });
    expect(nobody).toMatchObject({
      flow: { slug: 'default-authentication-flow' },
      step: { __typename: 'IdentificationChallenge' },
    });
    const { flow, step } = await start(admin, { flow: SIGN_IN });
    expect([flow.slug, step.__typename, step.user.displayName]).toEqual([
      AGAIN,
      'PasswordChallenge',
      ADMIN.username,
    ]);
    const { defaultFlow } = await admin.ok('{ defaultFlow(designation: AUTHENTICATION) { slug } }');
    expect(defaultFlow.slug).toBe(AGAIN);
  });

  it('is still the login for somebody who asks for it by its name', async () => {
    const { step } = await start(admin, { flow: { slug: 'default-authentication-flow' } });
    expect(step.__typename).toBe('IdentificationChallenge');
  });

  it('anew is nothing for somebody who is not signed in', async () => {
    const { step } = await proveAgain(app.client());
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'NOT_APPLICABLE' });
  });
});

describe('what asks for a recent authentication', () => {
  it('is done by a browser that has proved it again by the flow that is named, in a new session', async () => {
    const client = await signedIn(app);
    app.clock.advance(RECENT_SECONDS - 1);
    await client.ok(CREATE, { name: 'in time' });
    app.clock.advance(1);
    expect(await refusal(client)).toMatchObject({ code: 'STEP_UP_REQUIRED', flow: { slug: AGAIN } });
    const old = app.client();
    for (const [name, value] of client.cookies) old.cookies.set(name, value);
    const before = (await viewerOf(client)).session.id;
    const { step } = await proveAgain(client);
    expect(step).toMatchObject({ __typename: 'FlowCompleted', session: { token: null } });
    expect((await client.ok(CREATE, { name: 'proved again' })).createGroup).toEqual({ name: 'proved again' });
    expect((await viewerOf(client)).session.id).not.toBe(before);
    expect(await viewerOf(old)).toBeNull();
  });

  it('is done by a native client likewise', async () => {
    const client = app.client();
    const native = { client: 'NATIVE' };
    const login = await start(client, { flow: SIGN_IN, ...native, responses: credentials() });
    const first = login.step.session.token;
    client.bearer = first;
    app.clock.advance(RECENT_SECONDS);
    const refused = await refusal(client);
    expect(refused).toMatchObject({ code: 'STEP_UP_REQUIRED', flow: { slug: AGAIN } });
    const execution = await start(client, { flow: refused?.flow, ...native });
    const { step } = await submit(client, execution, proof());
    client.bearer = step.session.token;
    expect((await client.ok(CREATE, { name: 'natively' })).createGroup).toEqual({ name: 'natively' });
    client.bearer = first;
    expect(await viewerOf(client)).toBeNull();
  });

  it('is refused before anything is said of what was asked for, and only to those who may ask at all', async () => {
    const { client } = await delegates.delegate('GROUP_VIEW');
    const rename = 'mutation { updateGroup(id: "nothing", input: { name: "x" }) { id } }';
    app.clock.advance(RECENT_SECONDS);
    expect((await client.send(rename)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await admin.send(rename)).errors).toMatchObject([{ extensions: { code: 'STEP_UP_REQUIRED' } }]);
  });

  it('is refused without a flow where none lets the person in, and the message says what to do', async () => {
    const guard = async (slug: string) => {
      const { flow } = await admin.ok('query($slug: String!) { flow(slug: $slug) { id } }', { slug });
      const policyId = await composer.policy({ expression: { expression: 'user === null' } });
      return composer.guard({ flowId: flow.id }, { policyId });
    };
    const guards = [await guard(AGAIN), await guard('default-authentication-flow')];
    app.clock.advance(RECENT_SECONDS);
    const { errors } = await admin.send(CREATE, { name: 'group' });
    expect(errors).toMatchObject([{ extensions: { code: 'STEP_UP_REQUIRED', flow: null } }]);
    expect(errors[0]?.message).toMatch(/administrator.*REQUIRE_AUTHENTICATED.*sign out and in again/);
    await admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: guards[1] });
    await start(admin, { flow: { slug: 'default-invalidation-flow' } });
    await start(admin, { flow: SIGN_IN, responses: credentials() });
    await admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: guards[0] });
  });
});

describe('proving it again', () => {
  let bob: Delegate;
  beforeAll(async () => {
    await start(admin, { flow: { slug: AGAIN }, responses: [proof()] });
    bob = await delegates.delegate();
  });

  it('keeps the old session where the password is wrong, also too often', async () => {
    const client = await signedIn(app);
    const before = await viewerOf(client);
    let execution = await start(client, { flow: { slug: AGAIN } });
    for (let attempt = 0; attempt < 5; attempt += 1) execution = await submit(client, execution, WRONG);
    expect(execution.step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    expect(await viewerOf(client)).toEqual(before);
    // Whoever has guessed wrong has to wait before the next guess is looked at.
    app.clock.advance(60);
  });

  it('is for the person who is signed in: somebody else’s name and password have no place in it', async () => {
    const name = { identification: { identifier: bob.username } };
    const input = { flow: { slug: AGAIN }, loginHint: bob.username, responses: [name, proof(bob.password)] };
    const client = await signedIn(app);
    const { step, responsesUsed } = await start(client, input);
    expect([step.__typename, responsesUsed]).toEqual(['PasswordChallenge', 0]);
    const refused = await start(client, { ...input, responses: [proof(bob.password)] });
    expect(refused.step).toMatchObject({ errors: [{ code: 'INVALID_CREDENTIALS' }] });
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });

  it('never opens a session for somebody who has not proved anything, whoever has begun it', async () => {
    const execution = await start(admin, { flow: { slug: AGAIN } });
    const swapped = app.client();
    for (const [cookie, value] of admin.cookies) swapped.cookies.set(cookie, value);
    swapped.cookies.set('stagedoor_session', bob.client.cookies.get('stagedoor_session') ?? '');
    const wrong = await submit(swapped, execution, proof(ADMIN.password));
    expect(wrong.step).toMatchObject({ errors: [{ code: 'INVALID_CREDENTIALS' }] });
    swapped.cookies.delete('stagedoor_session');
    const { step } = await submit(swapped, wrong, proof(ADMIN.password));
    expect(step).toMatchObject({ __typename: 'FlowDenied' });
    expect(await viewerOf(swapped)).toBeNull();
    expect(await viewerOf(bob.client)).toMatchObject({ username: bob.username });
  });

  it('comes to nothing once the session has been ended that it was begun in', async () => {
    const client = await signedIn(app);
    const execution = await start(client, { flow: { slug: AGAIN } });
    const { id } = (await viewerOf(client)).session;
    await admin.ok('mutation($id: ID!) { endSession(id: $id) }', { id });
    expect((await submit(client, execution, proof())).step.__typename).toBe('FlowDenied');
    expect(await viewerOf(client)).toBeNull();
  });
});
