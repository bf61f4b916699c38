import { setUpTotp, upToSecondFactor } from '../support/authenticators.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { LOGIN, answerTo, find, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import {
  LONE_PASSKEY_SETUP,
  enrollWith,
  offerPasskeys,
  passkeyEnrollment,
  passkeyLogin,
} from '../support/passkeys.js';
import { UPDATE_USER } from '../support/people.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Lies } from '../support/software-passkey.js';
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

interface Owner {
  readonly id: string;
  readonly username: string;
  readonly passkey: SoftwarePasskey;
}

/** Somebody who has a passkey and no password. */
async function owner(passkey = new SoftwarePasskey()): Promise<Owner> {
  const [client, username] = [app.client(), uniqueName('owner')];
  const { step } = await enrollWith(client, enrollment, username, passkey);
  if (step.__typename !== 'FlowCompleted') throw new Error(`not enrolled: ${JSON.stringify(step)}`);
  return { id: (await viewerOf(client)).id, username, passkey };
}

const asked = (client: TestClient): Promise<Execution> => start(client, { flow: LOGIN });

function answered(
  client: TestClient,
  execution: Execution,
  passkey: SoftwarePasskey,
  lies?: Lies,
): Promise<Execution> {
  const response = { passkey: passkey.get(execution.step.passkeyOptions, lies) };
  return submit(client, execution, { identification: response });
}

const REFUSED = {
  __typename: 'IdentificationChallenge',
  errors: [
    { field: 'passkey', code: 'INVALID_PASSKEY', message: 'This passkey could not be accepted here.' },
  ],
};

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
    expect((await answered(client, execution, passkey)).step).toMatchObject({
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
    expect((await answered(client, execution, passkey)).step).toMatchObject({
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
    await answered(client, await asked(client), passkey);
    const another = new SoftwarePasskey();
    const begun = await start(client, { flow: { slug: setup.slug } });
    expect(begun.step.options.excludeCredentials).toMatchObject([{ id: passkey.id }]);
    const made = { webAuthnSetup: { passkey: another.create(begun.step.options) } };
    expect((await submit(client, begun, made)).step.__typename).toBe('FlowCompleted');
    for (const either of [passkey, another]) {
      const browser = app.client();
      await answered(browser, await asked(browser), either);
      expect(await viewerOf(browser)).toMatchObject({ username });
    }
  });

  it('leaves a login in the event log, with what it rests on', async () => {
    const { id, passkey } = await owner();
    const client = app.client();
    await answered(client, await asked(client), passkey);
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
    expect((await answered(one, await asked(one), passkey)).step.__typename).toBe('FlowCompleted');
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
    const refused = await answered(client, unnamed, new SoftwarePasskey());
    expect(refused.step).toMatchObject(REFUSED);
    expect(refused.step.passkeyOptions.challenge).not.toBe(passkeyOptions.challenge);
  });

  it('takes the right passkey after a wrong one', async () => {
    const { username, passkey } = await owner();
    const client = app.client();
    const refused = await answered(client, await asked(client), passkey, { counter: 0, userVerified: false });
    expect(refused.step).toMatchObject(REFUSED);
    await answered(client, refused, passkey);
    expect(await viewerOf(client)).toMatchObject({ username });
  });

  const lies: [string, (victim: Owner, stranger: Owner) => Lies][] = [
    ['was used on the page of somebody else', () => ({ origin: 'https://localhost.example' })],
    ['was used on another port', () => ({ origin: 'http://localhost:8080' })],
    ['was used in a frame', () => ({ crossOrigin: true })],
    ['is for somebody else', () => ({ rpId: 'example.org' })],
    ['was not unlocked', () => ({ userVerified: false })],
    ['was not touched', () => ({ userPresent: false })],
    ['was asked something else', () => ({ challenge: 'c29tZXRoaW5nIGVsc2U' })],
    ['was made, and not asked', () => ({ type: 'webauthn.create' })],
    ['is signed by another one', (_, { passkey }) => ({ signedBy: passkey })],
    ['says that it is of another person', (_, { passkey }) => ({ userHandle: passkey.userHandle })],
    ['says that it is another person’s', (_, { passkey }) => ({ credentialId: passkey.id })],
    ['does not say whose it is', () => ({ userHandle: null })],
    ['is nobody’s', () => ({ credentialId: 'bm9ib2R5' })],
  ];

  it.each(lies)('says the same of every passkey that does not do, also of one that %s', async (_, lie) => {
    const [victim, stranger] = [await owner(), await owner()];
    const client = app.client();
    const refused = await answered(client, await asked(client), victim.passkey, lie(victim, stranger));
    expect(refused.step).toMatchObject(REFUSED);
    expect(refused.step.errors).toHaveLength(1);
    expect(await viewerOf(client)).toBeNull();
  });

  it('takes no answer twice, nor one that was meant for another execution', async () => {
    const { passkey } = await owner();
    const [client, other] = [app.client(), app.client()];
    const [first, second] = [await asked(client), await asked(other)];
    const response = { identification: { passkey: passkey.get(first.step.passkeyOptions) } };
    expect((await submit(other, second, response)).step).toMatchObject(REFUSED);
    expect((await submit(client, first, response)).step.__typename).toBe('FlowCompleted');
    const third = await asked(other);
    expect((await submit(other, third, response)).step).toMatchObject(REFUSED);
    expect(await viewerOf(other)).toBeNull();
  });

  it('takes none whose counter goes backwards, as that of a copy would', async () => {
    const { passkey } = await owner();
    const [client, other] = [app.client(), app.client()];
    await answered(client, await asked(client), passkey, { counter: 7 });
    for (const counter of [7, 6, 0]) {
      const refused = await answered(other, await asked(other), passkey, { counter });
      expect(refused.step).toMatchObject(REFUSED);
    }
    expect((await answered(other, await asked(other), passkey, { counter: 8 })).step.__typename).toBe(
      'FlowCompleted',
    );
  });

  it('takes none of somebody who is disabled, and says so in the event log only', async () => {
    const { id, passkey } = await owner();
    await composer.admin.ok(UPDATE_USER, { id, input: { active: false } });
    const before = await failures();
    const client = app.client();
    expect((await answered(client, await asked(client), passkey)).step).toMatchObject(REFUSED);
    expect(await failures()).toBe(before + 1);
  });

  it('takes none that was set up without being unlocked, even if it is unlocked now', async () => {
    const lax = await passkeyEnrollment(composer, { userVerification: 'DISCOURAGED' });
    const [client, passkey] = [app.client(), new SoftwarePasskey({ verifiesUser: false })];
    const { step } = await enrollWith(client, lax, uniqueName('lax'), passkey);
    expect(step.session.session).toMatchObject({ aal: 1 });
    // Whoever finds a key that has no PIN yet can give it one.
    const other = app.client();
    const refused = await answered(other, await asked(other), passkey, { userVerified: true });
    expect(refused.step).toMatchObject(REFUSED);
  });

  const malformed: [string, unknown][] = [
    ['an empty object', {}],
    ['nothing but an id', { id: 'bm9ib2R5' }],
    ['numbers', { id: 1, rawId: 1, type: 1, response: 1 }],
    ['text that cannot be stored', { id: '\0', rawId: '\0', type: 'public-key', response: {} }],
    ['10 kB', { id: 'x'.repeat(10_000), rawId: 'x'.repeat(10_000), type: 'public-key', response: {} }],
  ];

  it.each(malformed)('takes no passkey that is %s, and is none the worse', async (_, passkey) => {
    const client = app.client();
    const execution = await asked(client);
    const { data, errors } = await trySubmit(client, answerTo(execution, { identification: { passkey } }));
    expect(errors).toEqual([]);
    expect(data.submitStage.step).toMatchObject(REFUSED);
  });

  it('takes no part of an answer that is wrong', async () => {
    const { passkey } = await owner();
    const client = app.client();
    let execution = await asked(client);
    const right = (): Execution => passkey.get(execution.step.passkeyOptions);
    const wrong: ((answer: Execution) => object)[] = [
      (answer) => ({ ...answer, type: 'password' }),
      (answer) => ({ ...answer, rawId: 'bm9ib2R5' }),
      (answer) => ({ ...answer, response: { ...answer.response, signature: '' } }),
      (answer) => ({ ...answer, response: { ...answer.response, signature: 'not base64url!' } }),
      (answer) => ({ ...answer, response: { ...answer.response, clientDataJSON: 'bm90IGpzb24' } }),
      (answer) => ({ ...answer, response: { ...answer.response, authenticatorData: 'c2hvcnQ' } }),
      ({ response, ...answer }) => ({ ...answer, response: [response] }),
    ];
    for (const spoilt of wrong) {
      execution = await submit(client, execution, { identification: { passkey: spoilt(right()) } });
      expect(execution.step).toMatchObject(REFUSED);
    }
    execution = await submit(client, execution, { identification: { passkey: right() } });
    expect(execution.step.__typename).toBe('FlowCompleted');
  });
});

async function failures(): Promise<number> {
  return (await composer.admin.ok(EVENTS, { action: 'SECOND_FACTOR_FAILED' })).events.totalCount;
}

describe('a flow that asks for a passkey and nothing else', () => {
  it('takes none that was not unlocked', async () => {
    const { passkey } = await owner();
    const client = app.client();
    const execution = await start(client, { flow: { slug: passwordless.slug } });
    const response = { passkey: passkey.get(execution.step.passkeyOptions, { userVerified: false }) };
    const { step } = await submit(client, execution, { authenticatorValidate: response });
    expect(step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    expect(await viewerOf(client)).toBeNull();
  });
});

it('lets nobody by their second factor with the passkey of somebody else', async () => {
  const totpSetup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
  const person = { username: uniqueName('victim'), password: 'a lovely long passphrase' };
  const client = await signedUp(app, passwordEnrollment.slug, person);
  await setUpTotp(app, client, totpSetup);
  const stranger = await owner();
  const other = app.client();
  const second = await upToSecondFactor(other, person);
  // The challenge of another execution, which the stranger may well be asked.
  const { step } = await asked(app.client());
  const response = { passkey: stranger.passkey.get(step.passkeyOptions) };
  const refused = await submit(other, second, { authenticatorValidate: response });
  expect(refused.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
  expect(await viewerOf(other)).toBeNull();
});
