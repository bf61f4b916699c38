import { setUpTotp, totpCode, upToSecondFactor } from '../support/authenticators.js';
import { Composer, filledIn, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow, Person } from '../support/compose.js';
import { answerTo, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { simulate } from '../support/simulations.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';
import { TextProvider, codeIn } from '../support/text-provider.js';

const SECRET = 'canary-sms-5Rk the token';
const SID = `AC${'a'.repeat(32)}`;
const NOBODY = '+4915123456789';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let provider: TextProvider;
let enrollment: ComposedFlow;
let setup: ComposedFlow;
/** That nobody has been sent anything to before: what one number is sent in a day is limited. */
let number: string;
let numbers = 100_000;

beforeAll(async () => {
  [app, provider] = await Promise.all([startTestApp({}, { mailSeconds: 0.02 }), TextProvider.start()]);
  admin = await signedIn(app);
  composer = new Composer(admin);
  enrollment = await composer.enrollment();
  setup = await setupWith({});
});
beforeEach(() => {
  provider.reset();
  number = `+4915${(numbers += 1)}789`;
  // What others have sent from the same address is none of this test's.
  app.clock.advance(601);
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

const generic = (also: object = {}) => ({
  ...{ provider: 'GENERIC', fromNumber: 'Acme', url: `${provider.url}/sms`, secretKey: SECRET },
  ...also,
});
const setupWith = (config: object): Promise<ComposedFlow> =>
  composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { smsSetup: generic(config) });

async function somebody(): Promise<{ person: Person; client: TestClient }> {
  const person = { username: uniqueName('caller'), password: 'a lovely long passphrase' };
  return { person, client: await signedUp(app, enrollment.slug, person) };
}

const begin = (client: TestClient, { slug }: ComposedFlow = setup) => start(client, { flow: { slug } });
const sms = (answer: object) => ({ smsSetup: answer });
const validate = (answer: object) => ({ authenticatorValidate: answer });
const codesOf = ({ step }: Execution) => step.errors.map(({ code }: { code: string }) => code);
const wrongFor = (code: string) => (code === '000000' ? '111111' : '000000');

/** Somebody with a telephone; how many messages they were sent by then. */
async function caller(number: string, flow = setup): Promise<{ person: Person; client: TestClient }> {
  const { person, client } = await somebody();
  const asked = await submit(client, await begin(client, flow), sms({ number }));
  const code = await provider.code(provider.handedIn.length || 1);
  const { step } = await submit(client, asked, sms({ code }));
  expect(step.__typename).toBe('FlowCompleted');
  provider.reset();
  return { person, client };
}

describe('setting up a telephone', () => {
  it('asks for the number, sends one message, and is done with the code of it', async () => {
    const { client } = await somebody();
    const begun = await begin(client);
    expect(begun.step).toMatchObject({
      ...{ __typename: 'SmsSetupChallenge', numberRequired: true, number: null },
      ...{ codeResendAt: null, codeExpiresAt: null },
    });
    const asked = await submit(
      client,
      begun,
      sms({ number: `+49 (15) ${number.slice(5, 8)}-${number.slice(8)}` }),
    );
    expect(asked.step).toMatchObject({
      ...{ numberRequired: false, number: '+49••••••••789', errors: [] },
      codeExpiresAt: new Date(app.clock.now().getTime() + 300_000).toISOString(),
    });
    const { from, to, text } = await provider.message(1);
    const code = codeIn(text);
    expect({ from, to, text }).toEqual({
      ...{ from: 'Acme', to: number },
      text: `Stagedoor: your code is ${code}. Do not pass it on to anybody.\n\n@localhost #${code}`,
    });
    expect(JSON.stringify(asked)).not.toContain(code);
    expect(JSON.stringify(asked)).not.toContain(number);
    const wrong = await submit(client, asked, sms({ code: wrongFor(code) }));
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    const { step } = await submit(client, wrong, sms({ code: `${code.slice(0, 3)} ${code.slice(3)}` }));
    expect(step.__typename).toBe('FlowCompleted');
    expect(provider.handedIn).toHaveLength(1);
  });

  it('sends at once to a number that a prompt before has asked for, and asks again where that cannot be used', async () => {
    const fieldIds = [await composer.promptField({ key: 'phone', type: 'TEXT', order: 1 })];
    const flow = await composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      { prompt: { fieldIds } },
      { smsSetup: generic() },
    );
    const { client } = await caller(number);
    const told = (phone: string) =>
      begin(client, flow).then((run) => submit(client, run, filledIn({ phone })));
    expect((await told('+49 151 1111111')).step).toMatchObject({ numberRequired: false, errors: [] });
    expect(await provider.message(1)).toMatchObject({ to: '+491511111111' });
    for (const unfit of [number, '0151 2345678', '+1']) {
      expect((await told(unfit)).step).toMatchObject({ numberRequired: true, number: null });
    }
    expect(provider.handedIn).toHaveLength(1);
  });

  it('takes another number as long as none is set up, and the code of the first confirms nothing then', async () => {
    const { client } = await somebody();
    const first = await submit(client, await begin(client), sms({ number: '+4915100000001' }));
    const code = await provider.code(1);
    const second = await submit(client, first, sms({ number: '+4915100000002' }));
    expect(await provider.message(2)).toMatchObject({ to: '+4915100000002' });
    const other = await provider.code(2);
    const answer = sms({ code: code === other ? wrongFor(code) : code });
    const refused = await submit(client, second, answer);
    expect(codesOf(refused)).toEqual(['INVALID_CODE']);
    expect((await submit(client, refused, sms({ code: other }))).step.__typename).toBe('FlowCompleted');
  });

  it('looks at five codes, and then wants another to be sent', async () => {
    const { client } = await somebody();
    let run = await submit(client, await begin(client), sms({ number }));
    const code = await provider.code(1);
    for (let time = 0; time < 5; time += 1) {
      run = await submit(client, run, sms({ code: wrongFor(code) }));
      expect(codesOf(run)).toEqual(['INVALID_CODE']);
    }
    run = await submit(client, run, sms({ code }));
    expect(codesOf(run)).toEqual(['CODE_EXPIRED']);
    run = await submit(client, run, sms({ resend: true }));
    const { step } = await submit(client, run, sms({ code: await provider.code(2) }));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('takes a code for as long as the stage is configured to, and no longer', async () => {
    const { client } = await somebody();
    const brief = await setupWith({ codeLifetime: 'PT1M' });
    const asked = await submit(client, await begin(client, brief), sms({ number }));
    const code = await provider.code(1);
    app.clock.advance(60);
    expect(codesOf(await submit(client, asked, sms({ code })))).toEqual(['CODE_EXPIRED']);
  });

  it('sends five messages in ten minutes, whatever numbers they are for, and in whatever execution', async () => {
    const { client } = await somebody();
    let run = await begin(client);
    for (let time = 0; time < 4; time += 1)
      run = await submit(client, run, sms({ number: `+491510000000${time}` }));
    run = await submit(client, run, sms({ resend: true }));
    await provider.handed(5);
    const limited = await submit(client, run, sms({ resend: true }));
    expect(limited.step.errors).toMatchObject([
      { field: 'resend', code: 'RATE_LIMITED', retryAt: expect.any(String) },
    ]);
    const elsewhere = await submit(client, await begin(client), sms({ number }));
    expect(elsewhere.step.errors).toMatchObject([{ field: 'number', code: 'RATE_LIMITED' }]);
    expect(elsewhere.step.numberRequired).toBe(true);
    // The code that was sent last is good all the same.
    const { step } = await submit(client, limited, sms({ code: await provider.code(5) }));
    expect(step.__typename).toBe('FlowCompleted');
    expect(provider.handedIn).toHaveLength(5);
  });

  it.each([
    ['empty', '', 'REQUIRED'],
    ['blank', '  ', 'INVALID_NUMBER'],
    ['made of letters', 'call me', 'INVALID_NUMBER'],
    ['without a country', '0151 23456789', 'INVALID_NUMBER'],
    ['too short', '+49151', 'INVALID_NUMBER'],
    ['too long', '+4915123456789012', 'INVALID_NUMBER'],
    ['of ten thousand characters', `+${'1'.repeat(10_000)}`, 'TOO_LONG'],
    ['of other digits', '+٤٩١٥١٢٣٤٥٦٧٨٩', 'INVALID_NUMBER'],
    ['two', `${NOBODY},+4915199999999`, 'INVALID_NUMBER'],
    ['a header', `${NOBODY}\r\nBcc: x`, 'INVALID_NUMBER'],
    ['a form', `${NOBODY}&To=+4915199999999`, 'INVALID_NUMBER'],
    ['JSON', `${NOBODY}","to":"+4915199999999`, 'INVALID_NUMBER'],
    ['unstorable', `${NOBODY}\0`, 'INVALID'],
  ])('takes no number that is %s, and sends nothing', async (_what, typed, code) => {
    const { client } = await somebody();
    const refused = await submit(client, await begin(client), sms({ number: typed }));
    expect(refused.step.errors).toMatchObject([{ field: 'number', code }]);
    expect(refused.step).toMatchObject({ numberRequired: true, number: null });
    const next = await submit(client, refused, sms({ number }));
    expect(next.step.numberRequired).toBe(false);
    expect(await provider.message(1)).toMatchObject({ to: number });
  });

  it.each([
    [{}, null, 'REQUIRED'],
    [{ name: 'mine' }, null, 'REQUIRED'],
    [{ resend: true }, 'number', 'REQUIRED'],
    [{ code: '123456' }, 'number', 'REQUIRED'],
  ])('wants a number before %j', async (answer, field, code) => {
    const { client } = await somebody();
    const { step } = await submit(client, await begin(client), sms(answer));
    expect(step.errors).toMatchObject([{ field, code }]);
  });

  it('sends only to the countries that the stage names', async () => {
    const { client } = await somebody();
    const flow = await setupWith({ allowedPrefixes: ['+49', '+43'] });
    const refused = await submit(client, await begin(client, flow), sms({ number: '+15005550006' }));
    expect(refused.step.errors).toMatchObject([{ field: 'number', code: 'NUMBER_NOT_ALLOWED' }]);
    const asked = await submit(client, refused, sms({ number: '+43 664 1234567' }));
    expect(asked.step.numberRequired).toBe(false);
    expect(await provider.message(1)).toMatchObject({ to: '+436641234567' });
  });

  it('takes a number once of each person: not twice, nor twice at once, and tells nobody who else has it', async () => {
    const [, { client }] = [await caller(number), await somebody()];
    const [one, other] = [
      await submit(client, await begin(client), sms({ number })),
      await submit(client, await begin(client), sms({ number })),
    ];
    expect(one.step.errors).toEqual([]);
    const [first, second] = [await provider.code(1), await provider.code(2)];
    const answers = await Promise.all([
      trySubmit(client, answerTo(one, sms({ code: first }))),
      trySubmit(client, answerTo(other, sms({ code: second }))),
    ]);
    const completed = answers.filter(({ data }) => data?.submitStage?.step.__typename === 'FlowCompleted');
    expect(completed).toHaveLength(1);
    const again = await submit(client, await begin(client), sms({ number }));
    expect(again.step.errors).toMatchObject([{ field: 'number', code: 'ALREADY_SET_UP' }]);
  });

  it('is no matter of somebody who is not signed in', async () => {
    const flow = await composer.flowOf({}, { smsSetup: generic() });
    expect((await begin(app.client(), flow)).step.__typename).toBe('FlowDenied');
  });

  it('sends nothing while it is only tried out', async () => {
    const { steps } = await simulate(admin, {
      flow: { slug: setup.slug },
      responses: [sms({ number })],
    });
    expect(steps.length).toBeGreaterThan(0);
    expect(provider.handedIn).toEqual([]);
  });
});

describe('signing in with a telephone', () => {
  it('is never more than level 1, however the code is shown', async () => {
    const { person } = await caller(number);
    const client = app.client();
    const asked = await upToSecondFactor(client, person);
    expect(asked.step).toMatchObject({
      authenticators: [{ kind: 'SMS', name: 'Telephone', hint: '+49••••••••789' }],
      selectedId: asked.step.authenticators[0].id,
      codeExpiresAt: new Date(app.clock.now().getTime() + 300_000).toISOString(),
    });
    expect(await viewerOf(client)).toBeNull();
    const code = await provider.code(1);
    expect(JSON.stringify(asked)).not.toContain(number);
    const wrong = await submit(client, asked, validate({ code: wrongFor(code) }));
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    const { step } = await submit(client, wrong, validate({ code }));
    expect(step).toMatchObject({
      ...{ __typename: 'FlowCompleted' },
      session: { session: { amr: ['pwd', 'sms'], aal: 1 } },
    });
    expect(provider.handedIn).toHaveLength(1);
  });

  it('sends another code when it is asked to, and the first is good no longer', async () => {
    const { person } = await caller(number);
    const client = app.client();
    const asked = await upToSecondFactor(client, person);
    const first = await provider.code(1);
    const resent = await submit(client, asked, validate({ resend: true }));
    expect(resent.step.errors).toEqual([]);
    const second = await provider.code(2);
    const old = await submit(client, resent, validate({ code: first === second ? wrongFor(first) : first }));
    expect(codesOf(old)).toEqual(['INVALID_CODE']);
    expect((await submit(client, old, validate({ code: second }))).step.__typename).toBe('FlowCompleted');
  });

  it('takes no code that was sent for another sign-in, or to somebody else', async () => {
    const [ada, bob] = [await caller('+4915100000011'), await caller('+4915100000012')];
    const [one, two, three] = [app.client(), app.client(), app.client()];
    const first = await upToSecondFactor(one, ada.person);
    const code = await provider.code(1);
    const second = await upToSecondFactor(two, ada.person);
    const own = await provider.code(2);
    if (own !== code)
      expect(codesOf(await submit(two, second, validate({ code })))).toEqual(['INVALID_CODE']);
    const third = await upToSecondFactor(three, bob.person);
    expect(await provider.message(3)).toMatchObject({ to: '+4915100000012' });
    const foreign = (await provider.code(3)) === code ? wrongFor(code) : code;
    expect(codesOf(await submit(three, third, validate({ code: foreign })))).toEqual(['INVALID_CODE']);
    expect((await submit(one, first, validate({ code }))).step.__typename).toBe('FlowCompleted');
  });

  it('shows somebody with two telephones both, and sends to the one that is chosen', async () => {
    const { person, client } = await caller('+4915100000021');
    const told = await submit(client, await begin(client), sms({ number: '+4915100000022' }));
    const done = await submit(client, told, sms({ code: await provider.code(1), name: 'the other' }));
    expect(done.step.__typename).toBe('FlowCompleted');
    const browser = app.client();
    const offered = await upToSecondFactor(browser, person);
    expect(offered.step).toMatchObject({
      authenticators: [{ hint: '+49••••••••021' }, { hint: '+49••••••••022', name: 'the other' }],
      selectedId: null,
    });
    expect(provider.handedIn).toHaveLength(1);
    const authenticatorId = offered.step.authenticators[1].id;
    const chosen = await submit(browser, offered, validate({ authenticatorId }));
    expect(await provider.message(2)).toMatchObject({ to: '+4915100000022' });
    const { step } = await submit(browser, chosen, validate({ code: await provider.code(2) }));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('is refused as limited after five messages, and as unavailable where the stage is gone', async () => {
    const flow = await composer.flow({ authentication: 'REQUIRE_AUTHENTICATED' });
    const stageId = await composer.stage({ smsSetup: generic() });
    const bindingId = await composer.bind(flow.id, stageId, 0);
    const { person } = await caller(number, flow);
    const client = app.client();
    let run = await upToSecondFactor(client, person);
    for (let time = 0; time < 3; time += 1) run = await submit(client, run, validate({ resend: true }));
    const limited = await submit(client, run, validate({ resend: true }));
    expect(limited.step.errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt: expect.any(String) }]);
    app.clock.advance(601);
    await admin.ok('mutation($id: ID!) { unbindStage(id: $id) }', { id: bindingId });
    await admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: stageId });
    const offered = await upToSecondFactor(app.client(), person);
    expect(offered.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', selectedId: null });
    const other = app.client();
    const again = await upToSecondFactor(other, person);
    const authenticatorId = again.step.authenticators[0].id;
    const gone = await submit(other, again, validate({ authenticatorId }));
    expect(codesOf(gone)).toEqual(['AUTHENTICATOR_UNAVAILABLE']);
    expect(await viewerOf(other)).toBeNull();
  });

  it('does not raise the level of somebody who has an authenticator app as well', async () => {
    const { person, client } = await somebody();
    const totp = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
    const key = await setUpTotp(app, client, totp);
    const first = await begin(client);
    const asked = await submit(client, first, validate({ code: totpCode(key, app.clock.now()) }));
    const told = await submit(client, asked, sms({ number: '+4915100000041' }));
    expect((await submit(client, told, sms({ code: await provider.code(1) }))).step.__typename).toBe(
      'FlowCompleted',
    );
    app.clock.advance(601);
    const browser = app.client();
    const offered = await upToSecondFactor(browser, person);
    const { id } = offered.step.authenticators.find(({ kind }: { kind: string }) => kind === 'SMS');
    const chosen = await submit(browser, offered, validate({ authenticatorId: id }));
    const { step } = await submit(browser, chosen, validate({ code: await provider.code(2) }));
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'sms'], aal: 1 } } });
  });
});

describe('who sends', () => {
  it('can be Twilio, which is handed a form of three fields', async () => {
    const flow = await composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      {
        smsSetup: {
          ...{ provider: 'TWILIO', fromNumber: '+15005550006', accountSid: SID, secretKey: SECRET },
          apiUrl: provider.url,
        },
      },
    );
    const { client } = await somebody();
    const asked = await submit(client, await begin(client, flow), sms({ number }));
    const { path, headers, body } = await provider.handed(1);
    expect(path).toBe(`/2010-04-01/Accounts/${SID}/Messages.json`);
    expect(headers.authorization).toBe(`Basic ${Buffer.from(`${SID}:${SECRET}`).toString('base64')}`);
    const form = Object.fromEntries(new URLSearchParams(body));
    const code = codeIn(form.Body ?? '');
    expect(form).toEqual({
      ...{ To: number, From: '+15005550006' },
      Body: `Stagedoor: your code is ${code}. Do not pass it on to anybody.\n\n@localhost #${code}`,
    });
    expect((await submit(client, asked, sms({ code }))).step.__typename).toBe('FlowCompleted');
  });

  it('can be nobody, for trying things out: messages are in the mailbox then', async () => {
    const flow = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { smsSetup: {} });
    const { client } = await somebody();
    const asked = await submit(client, await begin(client, flow), sms({ number }));
    const look = () => fetch(`${app.address}/dev/mail`).then((answer) => answer.text());
    const find = (mails: { to: string; text: string }[]) => mails.find(({ to }) => to === number);
    let found: { text: string } | undefined;
    while (!found) found = find(JSON.parse(await look()).mails);
    const { step } = await submit(client, asked, sms({ code: codeIn(found.text) }));
    expect(step.__typename).toBe('FlowCompleted');
    const page = await fetch(`${app.address}/dev/mail`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<h2>Text message</h2>');
  });

  const EVENTS = `query($actions: [String!]) {
    events(first: 50, filter: { actions: $actions }) { edges { node { action details } } }
  }`;
  const events = async (action: string) =>
    (await admin.ok(EVENTS, { actions: [action] })).events.edges.map(
      ({ node }: { node: { details: object } }) => node.details,
    );

  it('is told to administrators, and why a message was not sent, but neither number nor code nor secret', async () => {
    const { client } = await somebody();
    provider.respond = (response) =>
      void response.writeHead(400).end(`{"code": 21211, "message": "${number} is no number"}`);
    const before = (await events('TEXT_FAILED')).length;
    const asked = await submit(client, await begin(client), sms({ number }));
    const refused = await provider.code(1);
    let failed = [];
    while (failed.length === before) failed = await events('TEXT_FAILED');
    expect(failed[0]).toMatchObject({
      ...{ template: 'sign-in-code', stageId: expect.any(String), attempts: 1 },
      reason: 'The provider answered 400 (21211).',
    });
    provider.reset();
    await submit(client, asked, sms({ resend: true }));
    const sent = await provider.code(1);
    while ((await events('TEXT_SENT')).length === 0);
    const told = JSON.stringify([await events('TEXT_FAILED'), await events('TEXT_SENT'), app.log]);
    expect(told).toContain('a text message was given up');
    for (const hidden of [number, number.slice(3), SECRET, refused, sent]) expect(told).not.toContain(hidden);
  });

  const tryStage = (config: object) =>
    admin.send('mutation($input: CreateStageInput!) { createStage(input: $input) { id } }', {
      input: { name: uniqueName('refused'), config: { smsSetup: config } },
    });

  it.each([
    ['fromNumber', { fromNumber: '' }],
    ['fromNumber', { fromNumber: 'a name that is too long' }],
    ['fromNumber', { fromNumber: '+49\r\nx' }],
    ['secretKey', { secretKey: null }],
    ['url', { url: null }],
    ['url', { url: 'http://sms.example/' }],
    ['url', { url: 'https://169.254.169.254/' }],
    ['username', { authType: 'BASIC' }],
    ['username', { authType: 'BASIC', username: 'a:b' }],
    ['accountSid', { provider: 'TWILIO' }],
    ['accountSid', { provider: 'TWILIO', accountSid: 'AC/../x' }],
    ['apiUrl', { apiUrl: 'https://10.0.0.1/' }],
    ['allowedPrefixes.0', { allowedPrefixes: ['49'] }],
    ['codeLifetime', { codeLifetime: 'PT11M' }],
    ['codeLifetime', { codeLifetime: 'PT59S' }],
  ])('cannot be configured with another %s: %j', async (path, config) => {
    const { errors } = await tryStage(generic(config));
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.config.smsSetup.${path}` }] } },
    ]);
    expect(JSON.stringify(errors)).not.toContain(SECRET);
  });

  it('is told no secret that was given for somebody else', async () => {
    const id = await composer.stage({ smsSetup: generic() });
    const update = (smsSetup: object) =>
      admin.send(
        `mutation($id: ID!, $input: UpdateStageInput!) {
          updateStage(id: $id, input: $input) { config { ... on SmsSetupConfig { hasSecretKey } } }
        }`,
        { id, input: { config: { smsSetup } } },
      );
    expect((await update({ fromNumber: 'Other' })).data.updateStage.config).toEqual({ hasSecretKey: true });
    for (const change of [
      { url: 'https://evil.example/' },
      { provider: 'TWILIO', accountSid: SID },
      { apiUrl: 'https://evil.example/' },
    ]) {
      expect((await update(change)).errors).toMatchObject([
        { extensions: { fields: [{ path: 'input.config.smsSetup.secretKey', code: 'REQUIRED' }] } },
      ]);
    }
  });
});
