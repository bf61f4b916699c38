import { setUpTotp, upToSecondFactor } from '../support/authenticators.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { LOGIN, answerTo, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import {
  REFUSED_PASSKEY,
  enrollWith,
  identifiedBy,
  offerPasskeys,
  passkeyEnrollment,
  passkeyLogin,
  passkeyOwner,
} from '../support/passkeys.js';
import type { PasskeyOwner } from '../support/passkeys.js';
import { UPDATE_USER } from '../support/people.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Lies } from '../support/software-passkey.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const FAILURES = '{ events(filter: { actions: ["SECOND_FACTOR_FAILED"] }, first: 1) { totalCount } }';

let app: TestApp;
let composer: Composer;
let enrollment: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  enrollment = await passkeyEnrollment(composer);
  await offerPasskeys(composer);
});
afterAll(() => app.close());

const owner = (): Promise<PasskeyOwner> => passkeyOwner(app, enrollment);
const asked = (client: TestClient): Promise<Execution> => start(client, { flow: LOGIN });

describe('the screen that asks who somebody is', () => {
  const lies: [string, (victim: PasskeyOwner, stranger: PasskeyOwner) => Lies][] = [
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
    const refused = await identifiedBy(victim.passkey, client, await asked(client), lie(victim, stranger));
    expect(refused.step).toMatchObject(REFUSED_PASSKEY);
    expect(refused.step.errors).toHaveLength(1);
    expect(await viewerOf(client)).toBeNull();
  });

  it('takes no answer twice, nor one that was meant for another execution', async () => {
    const { passkey } = await owner();
    const [client, other] = [app.client(), app.client()];
    const [first, second] = [await asked(client), await asked(other)];
    const response = { identification: { passkey: passkey.get(first.step.passkeyOptions) } };
    expect((await submit(other, second, response)).step).toMatchObject(REFUSED_PASSKEY);
    expect((await submit(client, first, response)).step.__typename).toBe('FlowCompleted');
    const third = await asked(other);
    expect((await submit(other, third, response)).step).toMatchObject(REFUSED_PASSKEY);
    expect(await viewerOf(other)).toBeNull();
  });

  it('takes none whose counter goes backwards, as that of a copy would', async () => {
    const { passkey } = await owner();
    const [client, other] = [app.client(), app.client()];
    await identifiedBy(passkey, client, await asked(client), { counter: 7 });
    for (const counter of [7, 6, 0]) {
      const refused = await identifiedBy(passkey, other, await asked(other), { counter });
      expect(refused.step).toMatchObject(REFUSED_PASSKEY);
    }
    expect((await identifiedBy(passkey, other, await asked(other), { counter: 8 })).step.__typename).toBe(
      'FlowCompleted',
    );
  });

  it('takes none of somebody who is disabled, and says so in the event log only', async () => {
    const { id, passkey } = await owner();
    await composer.admin.ok(UPDATE_USER, { id, input: { active: false } });
    const before = await failures();
    const client = app.client();
    expect((await identifiedBy(passkey, client, await asked(client))).step).toMatchObject(REFUSED_PASSKEY);
    expect(await failures()).toBe(before + 1);
  });

  it('takes none that was set up without being unlocked, even if it is unlocked now', async () => {
    const lax = await passkeyEnrollment(composer, { userVerification: 'DISCOURAGED' });
    const [client, passkey] = [app.client(), new SoftwarePasskey({ verifiesUser: false })];
    const { step } = await enrollWith(client, lax, uniqueName('lax'), passkey);
    expect(step.session.session).toMatchObject({ aal: 1 });
    // Whoever finds a key that has no PIN yet can give it one.
    const other = app.client();
    const refused = await identifiedBy(passkey, other, await asked(other), { userVerified: true });
    expect(refused.step).toMatchObject(REFUSED_PASSKEY);
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
    expect(data.submitStage.step).toMatchObject(REFUSED_PASSKEY);
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
      expect(execution.step).toMatchObject(REFUSED_PASSKEY);
    }
    execution = await submit(client, execution, { identification: { passkey: right() } });
    expect(execution.step.__typename).toBe('FlowCompleted');
  });
});

async function failures(): Promise<number> {
  return (await composer.admin.ok(FAILURES)).events.totalCount;
}

describe('a flow that asks for a passkey and nothing else', () => {
  it('takes none that was not unlocked', async () => {
    const { passkey } = await owner();
    const client = app.client();
    const { slug } = await passkeyLogin(composer);
    const execution = await start(client, { flow: { slug } });
    const response = { passkey: passkey.get(execution.step.passkeyOptions, { userVerified: false }) };
    const { step } = await submit(client, execution, { authenticatorValidate: response });
    expect(step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    expect(await viewerOf(client)).toBeNull();
  });
});

it('lets nobody by their second factor with the passkey of somebody else', async () => {
  const totpSetup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
  const person = { username: uniqueName('victim'), password: 'a lovely long passphrase' };
  const client = await signedUp(app, (await composer.enrollment()).slug, person);
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
