import { upToSecondFactor } from '../support/authenticators.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow, Person } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { SoftwarePasskey } from '../support/software-passkey.js';
import type { Lies } from '../support/software-passkey.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const MODEL = 'cb69481e-8ff7-4039-93ec-0a2729a154a8';

let app: TestApp;
let composer: Composer;
let enrollment: ComposedFlow;
let usual: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  enrollment = await composer.enrollment();
  usual = await setupFlow();
});
afterAll(() => app.close());

function setupFlow(config: object = {}): Promise<ComposedFlow> {
  return composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { webAuthnSetup: config });
}

interface Setup {
  readonly person: Person;
  readonly client: TestClient;
  readonly begun: Execution;
}

async function begin({ slug }: ComposedFlow = usual): Promise<Setup> {
  const person = { username: uniqueName('owner'), password: 'a lovely long passphrase' };
  const client = await signedUp(app, enrollment.slug, person);
  return { person, client, begun: await start(client, { flow: { slug } }) };
}

function answer(
  { client, begun }: Omit<Setup, 'person'>,
  passkey: object,
  name?: string,
): Promise<Execution> {
  return submit(client, begun, { webAuthnSetup: { passkey, ...(name !== undefined && { name }) } });
}

async function optionsOf(config: object) {
  return (await begin(await setupFlow(config))).begun.step.options;
}

/** What a passkey of this person is asked when they sign in. */
async function requestFor(person: Person): Promise<Execution> {
  return (await upToSecondFactor(app.client(), person)).step;
}

describe('what a browser is asked to make', () => {
  it('is a passkey for this domain, of an account that it tells nobody about', async () => {
    const { begun, person } = await begin();
    const { options } = begun.step;
    expect(options).toEqual({
      rp: { id: 'localhost', name: expect.any(String) },
      user: {
        id: expect.stringMatching(/^[\w-]{22}$/),
        name: person.username,
        displayName: expect.any(String),
      },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      pubKeyCredParams: [-7, -8, -35, -36, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'preferred',
        requireResidentKey: false,
        userVerification: 'preferred',
      },
      attestation: 'none',
      extensions: { credProps: true },
    });
    expect(Buffer.from(options.user.id, 'base64url').toString()).not.toContain(person.username);
  });

  it('is what the stage is configured to', async () => {
    const config = { userVerification: 'REQUIRED', residentKey: 'REQUIRED', attestation: 'DIRECT' };
    const options = await optionsOf({ ...config, authenticatorAttachment: 'PLATFORM' });
    expect(options).toMatchObject({
      attestation: 'direct',
      authenticatorSelection: {
        ...{ residentKey: 'required', requireResidentKey: true },
        ...{ userVerification: 'required', authenticatorAttachment: 'platform' },
      },
    });
  });

  it('says its model where models are restricted, whatever else is configured', async () => {
    expect(await optionsOf({ allowedModels: [MODEL] })).toMatchObject({ attestation: 'direct' });
  });

  it('is looked for in the order of the hints', async () => {
    expect(await optionsOf({ hints: ['CLIENT_DEVICE', 'SECURITY_KEY', 'HYBRID'] })).toMatchObject({
      hints: ['client-device', 'security-key', 'hybrid'],
    });
  });

  it.each([
    [['SECURITY_KEY'], undefined, 'cross-platform'],
    [['SECURITY_KEY', 'HYBRID'], undefined, 'cross-platform'],
    [['CLIENT_DEVICE'], undefined, 'platform'],
    [['CLIENT_DEVICE', 'HYBRID'], undefined, undefined],
    [['CLIENT_DEVICE'], 'CROSS_PLATFORM', 'cross-platform'],
    [['SECURITY_KEY'], 'PLATFORM', 'platform'],
  ])('with the hints %j and the attachment %p is kept in %p', async (hints, wanted, expected) => {
    const config = { hints, ...(wanted !== undefined && { authenticatorAttachment: wanted }) };
    const { authenticatorSelection } = await optionsOf(config);
    expect(authenticatorSelection.authenticatorAttachment).toBe(expected);
  });

  it('is none of those that the person has', async () => {
    const passkey = new SoftwarePasskey({ transports: ['usb', 'nfc', 'telepathy'] });
    const setup = await begin();
    await answer(setup, passkey.create(setup.begun.step.options));
    const { client } = setup;
    const asked = await start(client, { flow: { slug: usual.slug } });
    // Whoever has one shows it before they set up another one.
    expect(asked.step.__typename).toBe('AuthenticatorValidateChallenge');
    const shown = { passkey: passkey.get(asked.step.passkeyOptions) };
    const { step } = await submit(client, asked, { authenticatorValidate: shown });
    expect(step.options.excludeCredentials).toEqual([
      { type: 'public-key', id: passkey.id, transports: ['nfc', 'usb'] },
    ]);
  });
});

describe('a passkey', () => {
  it('is set up when it answers, and asked for from then on', async () => {
    const passkey = new SoftwarePasskey();
    const setup = await begin();
    const { step } = await answer(setup, passkey.create(setup.begun.step.options), 'My laptop');
    expect(step.__typename).toBe('FlowCompleted');
    const asked = await requestFor(setup.person);
    expect(asked).toMatchObject({
      authenticators: [{ kind: 'WEBAUTHN', name: 'My laptop', hint: null }],
      passkeyOptions: {
        rpId: 'localhost',
        allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal'] }],
      },
    });
  });

  it.each([
    [{}, 'Passkey'],
    [{ backedUp: true, transports: ['hybrid'] }, 'Passkey'],
    [{ transports: ['usb'] }, 'Security key'],
  ])('like %j is called %s where nobody says how', async (nature, name) => {
    const setup = await begin();
    await answer(setup, new SoftwarePasskey(nature).create(setup.begun.step.options));
    expect((await requestFor(setup.person)).authenticators).toMatchObject([{ name }]);
  });

  it.each([
    [{}, ['pwd', 'hwk', 'user']],
    [{ backedUp: true }, ['pwd', 'swk', 'user']],
    [{ verifiesUser: false }, ['pwd', 'hwk']],
  ])('like %j proves %j', async (nature, amr) => {
    const passkey = new SoftwarePasskey(nature);
    const setup = await begin();
    await answer(setup, passkey.create(setup.begun.step.options));
    const client = app.client();
    const asked = await upToSecondFactor(client, setup.person);
    const shown = { passkey: passkey.get(asked.step.passkeyOptions) };
    const { step } = await submit(client, asked, { authenticatorValidate: shown });
    expect(step.session.session).toMatchObject({ amr, aal: 2 });
  });
});

describe('refused, with a new challenge', () => {
  const lies: [string, Lies][] = [
    ['from another origin', { origin: 'https://localhost' }],
    ['from a page that shares the beginning', { origin: 'http://localhost.example.org' }],
    ['for another domain', { rpId: 'example.org' }],
    ['for another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['as a sign-in', { type: 'webauthn.get' }],
    ['from within a frame of another page', { crossOrigin: true }],
    ['without a person there', { userPresent: false }],
  ];

  it.each(lies)('is a passkey %s', async (_, lie) => {
    const setup = await begin();
    const { options } = setup.begun.step;
    const { step } = await answer(setup, new SoftwarePasskey().create(options, lie));
    expect(step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    expect(step.options.challenge).not.toBe(options.challenge);
    expect((await requestFor(setup.person)).__typename).toBe('FlowCompleted');
  });

  it('is one that was made for another execution, also of the same person', async () => {
    const setup = await begin();
    const other = await start(setup.client, { flow: { slug: usual.slug } });
    const { step } = await answer(setup, new SoftwarePasskey().create(other.step.options));
    expect(step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
  });

  it('is one that answers a challenge which was answered before', async () => {
    const setup = await begin();
    const { options } = setup.begun.step;
    const refused = await answer(setup, { id: 'nothing' });
    const again = { ...setup, begun: refused };
    const { step } = await answer(again, new SoftwarePasskey().create(options));
    expect(step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
  });

  it('is one that had to be unlocked and was not', async () => {
    const flow = await setupFlow({ userVerification: 'REQUIRED' });
    const setup = await begin(flow);
    const { options } = setup.begun.step;
    const refused = await answer(setup, new SoftwarePasskey().create(options, { userVerified: false }));
    expect(refused.step.errors).toMatchObject([{ field: 'passkey', code: 'USER_NOT_VERIFIED' }]);
    const unlocked = new SoftwarePasskey().create(refused.step.options);
    expect((await answer({ ...setup, begun: refused }, unlocked)).step.__typename).toBe('FlowCompleted');
  });

  it('is one of a model that only it itself vouches for, where models are restricted', async () => {
    const setup = await begin(await setupFlow({ allowedModels: [MODEL] }));
    const claims = new SoftwarePasskey({ aaguid: MODEL });
    const { step } = await answer(setup, claims.create(setup.begun.step.options));
    expect(step.errors).toMatchObject([{ field: 'passkey', code: 'MODEL_NOT_ALLOWED' }]);
    expect((await requestFor(setup.person)).__typename).toBe('FlowCompleted');
  });

  it('is one that somebody has set up, whoever it was', async () => {
    const passkey = new SoftwarePasskey();
    const first = await begin();
    await answer(first, passkey.create(first.begun.step.options));
    const second = await begin();
    const { options } = second.begun.step;
    const copied = new SoftwarePasskey().create(options, { credentialId: passkey.id });
    const { step } = await answer(second, copied);
    expect(step.errors).toMatchObject([{ field: null, code: 'ALREADY_SET_UP' }]);
    expect(step.options.challenge).not.toBe(options.challenge);
    // The one that it was taken from is still its owner's.
    expect((await requestFor(first.person)).passkeyOptions.allowCredentials).toMatchObject([
      { id: passkey.id },
    ]);
  });

  it('is what is no passkey at all', async () => {
    const setup = await begin();
    const good = new SoftwarePasskey().create(setup.begun.step.options);
    const nonsense: object[] = [
      {},
      { ...good, id: '' },
      { ...good, id: 'x'.repeat(10_000) },
      { ...good, rawId: 'other' },
      { ...good, type: 'password' },
      { ...good, response: null },
      { ...good, response: 'x'.repeat(10_000) },
      { ...good, response: { ...good.response, clientDataJSON: 'bnVsbA' } },
      { ...good, response: { ...good.response, clientDataJSON: '!' } },
      { ...good, response: { ...good.response, attestationObject: 'oA' } },
      { ...good, response: { ...good.response, attestationObject: 'A'.repeat(32_000) } },
      { ...good, response: { ...good.response, attestationObject: 1 } },
    ];
    let { begun } = setup;
    for (const passkey of nonsense) {
      begun = await answer({ ...setup, begun }, passkey);
      expect(begun.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    }
    const { step } = await answer({ ...setup, begun }, new SoftwarePasskey().create(begun.step.options));
    expect(step.__typename).toBe('FlowCompleted');
  });
});

describe('attempts', () => {
  it('end the flow when there are as many failures as there may be', async () => {
    const setup = await begin(await setupFlow({ maxAttempts: 2 }));
    const wrong = { id: 'nothing' };
    const refused = await answer(setup, wrong);
    expect(refused.step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
    const { step } = await answer({ ...setup, begun: refused }, wrong);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    expect((await requestFor(setup.person)).__typename).toBe('FlowCompleted');
  });

  it('are without end by default', async () => {
    const setup = await begin();
    let { begun } = setup;
    for (let failures = 0; failures < 12; failures += 1)
      begun = await answer({ ...setup, begun }, { id: 'nothing' });
    const { step } = await answer({ ...setup, begun }, new SoftwarePasskey().create(begun.step.options));
    expect(step.__typename).toBe('FlowCompleted');
  });
});
