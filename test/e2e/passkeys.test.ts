import { upToSecondFactor } from '../support/authenticators.js';
import { solved } from '../support/captchas.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { LOGIN, find, viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import {
  LONE_PASSKEY_SETUP,
  REFUSED_PASSKEY,
  enrollWith,
  identifiedBy,
  offerPasskeys,
  passkeyEnrollment,
  passkeyLogin,
  passkeyOwner,
} from '../support/passkeys.js';
import type { PasskeyOwner } from '../support/passkeys.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EVENTS = `query($action: String!, $userId: ID) {
  events(filter: { actions: [$action], userId: $userId }, first: 10) { edges { node { details } } totalCount }
}`;

let app: TestApp;
let composer: Composer;
let enrollment: ComposedFlow;
let passwordEnrollment: ComposedFlow;
let passwordless: ComposedFlow;
let setup: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  enrollment = await passkeyEnrollment(composer);
  passwordEnrollment = await composer.enrollment();
  passwordless = await passkeyLogin(composer);
  setup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, LONE_PASSKEY_SETUP);
  await offerPasskeys(composer, { passwordlessFlowId: passwordless.id });
});
afterAll(() => app.close());

const owner = (passkey?: SoftwarePasskey): Promise<PasskeyOwner> => passkeyOwner(app, enrollment, passkey);
const asked = (client: TestClient): Promise<Execution> => start(client, { flow: LOGIN });

describe('somebody who has a passkey and no password', () => {
  it('has made their account with it, and is signed in at the second level', async () => {
    const [client, username] = [app.client(), uniqueName('owner')];
    const passkey = new SoftwarePasskey({ backedUp: true });
    const { step } = await enrollWith(client, enrollment, username, passkey);
    expect(step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['enrollment', 'swk', 'user'], aal: 2 } },
    });
    expect(await viewerOf(client)).toMatchObject({ username });
  });

  it('has not, where the passkey was not unlocked', async () => {
    const passkey = new SoftwarePasskey({ verifiesUser: false });
    const client = app.client();
    const { step } = await enrollWith(client, enrollment, uniqueName('owner'), passkey);
    expect(step.errors).toMatchObject([{ field: 'passkey' }]);
    expect(await viewerOf(client)).toBeNull();
  });

  it('signs in with it on the screen that asks who they are: no name, no password, no second factor', async () => {
    const { username, passkey } = await owner();
    const client = app.client();
    const execution = await asked(client);
    expect(execution.step).toMatchObject({
      __typename: 'IdentificationChallenge',
      passkeyOptions: { rpId: 'localhost', allowCredentials: [], userVerification: 'required' },
    });
    expect((await identifiedBy(passkey, client, execution)).step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['hwk', 'user'], aal: 2 } },
    });
    expect(await viewerOf(client)).toMatchObject({ username });
  });

  it('signs in with it in a flow that asks for nothing else, to which the first screen leads', async () => {
    const { username, passkey } = await owner();
    const client = app.client();
    const LINK = `mutation { startFlow(input: { flow: { slug: "${LOGIN.slug}" } }) {
      step { ... on IdentificationChallenge { passwordlessFlow { slug } } } } }`;
    const { slug } = (await client.ok(LINK)).startFlow.step.passwordlessFlow;
    expect(slug).toBe(passwordless.slug);
    const execution = await start(client, { flow: { slug } });
    expect(execution.step).toMatchObject({ authenticators: [], selectedId: null });
    const response = { passkey: passkey.get(execution.step.passkeyOptions) };
    const { step } = await submit(client, execution, { authenticatorValidate: response });
    expect(step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { aal: 2 } } });
    expect(await viewerOf(client)).toMatchObject({ username });
  });

  it('has shown their second factor with it, where a flow demands one', async () => {
    const { slug } = await composer.flowOf(
      { designation: 'AUTHENTICATION' },
      { identification: { passkeys: true } },
      { authenticatorValidate: { notConfiguredAction: 'DENY' } },
      { userLogin: {} },
    );
    const { passkey } = await owner();
    const client = app.client();
    const execution = await start(client, { flow: { slug } });
    expect((await identifiedBy(passkey, client, execution)).step).toMatchObject({
      session: { session: { amr: ['hwk', 'user'], aal: 2 } },
    });
  });

  it('cannot be signed in with a password that they do not have', async () => {
    const { username } = await owner();
    const responses = [
      { identification: { identifier: username } },
      { password: { password: 'anything at all' } },
    ];
    const { step } = await start(app.client(), { flow: LOGIN, responses });
    expect(step.errors).toMatchObject([{ field: 'password', code: 'INVALID_CREDENTIALS' }]);
  });

  it('is known by each of two passkeys', async () => {
    const { username, passkey } = await owner();
    const client = app.client();
    await identifiedBy(passkey, client, await asked(client));
    const another = new SoftwarePasskey();
    const begun = await start(client, { flow: { slug: setup.slug } });
    expect(begun.step.options.excludeCredentials).toMatchObject([{ id: passkey.id }]);
    const made = { webAuthnSetup: { passkey: another.create(begun.step.options) } };
    expect((await submit(client, begun, made)).step.__typename).toBe('FlowCompleted');
    for (const either of [passkey, another]) {
      const browser = app.client();
      await identifiedBy(either, browser, await asked(browser));
      expect(await viewerOf(browser)).toMatchObject({ username });
    }
  });

  it('leaves a login in the event log, with what it rests on', async () => {
    const { id, passkey } = await owner();
    const client = app.client();
    await identifiedBy(passkey, client, await asked(client));
    const { events } = await composer.admin.ok(EVENTS, { action: 'LOGIN', userId: id });
    const logins = events.edges.map(({ node }: Execution) => node.details);
    expect(logins).toContainEqual({ flow: LOGIN.slug, amr: ['hwk', 'user'], client: 'BROWSER' });
  });
});

describe('somebody who has a password and a passkey', () => {
  it('is asked for nothing else where they use the passkey first, and for it where they use the password', async () => {
    const person = { username: uniqueName('both'), password: 'a lovely long passphrase' };
    const client = await signedUp(app, passwordEnrollment.slug, person);
    const begun = await start(client, { flow: { slug: setup.slug } });
    const passkey = new SoftwarePasskey();
    await submit(client, begun, { webAuthnSetup: { passkey: passkey.create(begun.step.options) } });
    const [one, other] = [app.client(), app.client()];
    expect((await identifiedBy(passkey, one, await asked(one))).step.__typename).toBe('FlowCompleted');
    const second = await upToSecondFactor(other, person);
    expect(second.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      passkeyOptions: { allowCredentials: [{ id: passkey.id }] },
    });
    const response = { passkey: passkey.get(second.step.passkeyOptions) };
    expect((await submit(other, second, { authenticatorValidate: response })).step).toMatchObject({
      session: { session: { amr: ['pwd', 'hwk', 'user'], aal: 2 } },
    });
  });
});

it('proves only that somebody has it, where a key was set up without being unlocked', async () => {
  const person = { username: uniqueName('lax'), password: 'a lovely long passphrase' };
  const client = await signedUp(app, passwordEnrollment.slug, person);
  const laxSetup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { webAuthnSetup: {} });
  const begun = await start(client, { flow: { slug: laxSetup.slug } });
  const passkey = new SoftwarePasskey({ verifiesUser: false });
  await submit(client, begun, { webAuthnSetup: { passkey: passkey.create(begun.step.options) } });
  const other = app.client();
  const second = await upToSecondFactor(other, person);
  const response = { passkey: passkey.get(second.step.passkeyOptions, { userVerified: true }) };
  const { step } = await submit(other, second, { authenticatorValidate: response });
  expect(step.session.session.amr).toEqual(['pwd', 'hwk']);
});

describe('the screen that asks who somebody is', () => {
  it('offers the same to everybody, whoever they say that they are', async () => {
    const { username } = await owner();
    const client = app.client();
    for (const identifier of [username, 'nobody at all']) {
      const responses = [{ identification: { identifier } }];
      const { step } = await start(client, { flow: LOGIN, responses });
      expect(step).toMatchObject({ __typename: 'PasswordChallenge' });
      expect(JSON.stringify(step)).not.toMatch(/passkey|credential/i);
    }
  });

  it('asks passkeys the same until one has answered, and then something else', async () => {
    const client = app.client();
    const first = await asked(client);
    const { passkeyOptions } = first.step;
    expect((await find(client, first)).step.passkeyOptions).toEqual(passkeyOptions);
    const unnamed = await submit(client, first, { identification: { identifier: ' ' } });
    expect(unnamed.step.errors).toMatchObject([{ field: 'identifier', code: 'REQUIRED' }]);
    expect(unnamed.step.passkeyOptions).toEqual(passkeyOptions);
    const refused = await identifiedBy(new SoftwarePasskey(), client, unnamed);
    expect(refused.step).toMatchObject(REFUSED_PASSKEY);
    expect(refused.step.passkeyOptions.challenge).not.toBe(passkeyOptions.challenge);
  });

  it('takes the right passkey after a wrong one', async () => {
    const { username, passkey } = await owner();
    const client = app.client();
    const refused = await identifiedBy(passkey, client, await asked(client), {
      counter: 0,
      userVerified: false,
    });
    expect(refused.step).toMatchObject(REFUSED_PASSKEY);
    await identifiedBy(passkey, client, refused);
    expect(await viewerOf(client)).toMatchObject({ username });
  });
});

describe('a screen that asks for password and captcha as well', () => {
  it('asks a passkey for the captcha only, and looks at no passkey before that is solved', async () => {
    const captchaStageId = await composer.stage({ captcha: { difficulty: 10 } });
    const passwordStageId = await composer.stage({ password: {} });
    const identification = { passkeys: true, captchaStageId, passwordStageId };
    const { slug } = await composer.flowOf(
      { designation: 'AUTHENTICATION' },
      { identification },
      { userLogin: {} },
    );
    const { passkey } = await owner();
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    const signed = passkey.get(first.step.passkeyOptions);
    const unsolved = await submit(client, first, { identification: { passkey: signed } });
    expect(unsolved.step.errors).toMatchObject([{ field: 'captchaToken', code: 'REQUIRED' }]);
    const wrong = { passkey: signed, captchaToken: 'no solution' };
    const refused = await submit(client, unsolved, { identification: wrong });
    expect(refused.step.errors).toMatchObject([{ field: null, code: 'INVALID_CREDENTIALS' }]);
    expect(refused.step.passkeyOptions).toEqual(first.step.passkeyOptions);
    const captchaToken = await solved(refused.step.captcha.puzzle);
    const password = { passkey: signed, captchaToken, password: 'and a password' };
    const both = await submit(client, refused, { identification: password });
    expect(both.step.errors).toMatchObject([{ field: null, code: 'AMBIGUOUS' }]);
    const right = { passkey: signed, captchaToken: await solved(both.step.captcha.puzzle) };
    const done = await submit(client, both, { identification: right });
    expect(done.step).toMatchObject({ session: { session: { amr: ['hwk', 'user'], aal: 2 } } });
  });
});
