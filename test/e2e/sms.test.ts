import { setUpTotp, totpCode, upToSecondFactor } from '../support/authenticators.js';
import { uniqueName } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { submit } from '../support/flows.js';
import { shownCode } from '../support/second-factors.js';
import { codeIn } from '../support/text-provider.js';
import { PROVIDER_SECRET, TextScene, codesOf, sms, validate, wrongFor } from '../support/text-scene.js';
import { until, untilThere } from '../support/until.js';

const SID = `AC${'a'.repeat(32)}`;

let scene: TextScene;
beforeAll(async () => {
  scene = await TextScene.start();
});
beforeEach(() => scene.renew());
afterAll(() => scene.close());

describe('signing in with a telephone', () => {
  it('is never more than level 1, however the code is shown', async () => {
    const { person } = await scene.caller();
    const client = scene.app.client();
    const asked = await upToSecondFactor(client, person);
    expect(asked.step).toMatchObject({
      authenticators: [{ kind: 'SMS', name: 'Telephone', hint: '+49••••••••789' }],
      selectedId: asked.step.authenticators[0].id,
      codeExpiresAt: new Date(scene.app.clock.now().getTime() + 300_000).toISOString(),
    });
    expect(await viewerOf(client)).toBeNull();
    const code = await scene.provider.code(1);
    expect(JSON.stringify(asked)).not.toContain(scene.number);
    const wrong = await submit(client, asked, validate({ code: wrongFor(code) }));
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    const { step } = await submit(client, wrong, validate({ code }));
    expect(step).toMatchObject({
      ...{ __typename: 'FlowCompleted' },
      session: { session: { amr: ['pwd', 'sms'], aal: 1 } },
    });
    expect(scene.provider.handedIn).toHaveLength(1);
  });

  it('sends another code when it is asked to, and the first is good no longer', async () => {
    const { person } = await scene.caller();
    const client = scene.app.client();
    const asked = await upToSecondFactor(client, person);
    const first = await scene.provider.code(1);
    const resent = await submit(client, asked, validate({ resend: true }));
    expect(resent.step.errors).toEqual([]);
    const second = await scene.provider.code(2);
    const old = await submit(client, resent, validate({ code: first === second ? wrongFor(first) : first }));
    expect(codesOf(old)).toEqual(['INVALID_CODE']);
    expect((await submit(client, old, validate({ code: second }))).step.__typename).toBe('FlowCompleted');
  });

  it('takes no code that was sent for another sign-in, or to somebody else', async () => {
    const [ada, bob] = [await scene.caller('+4915100000011'), await scene.caller('+4915100000012')];
    const [one, two, three] = [scene.app.client(), scene.app.client(), scene.app.client()];
    const first = await upToSecondFactor(one, ada.person);
    const code = await scene.provider.code(1);
    const second = await upToSecondFactor(two, ada.person);
    const own = await scene.provider.code(2);
    if (own !== code)
      expect(codesOf(await submit(two, second, validate({ code })))).toEqual(['INVALID_CODE']);
    const third = await upToSecondFactor(three, bob.person);
    expect(await scene.provider.message(3)).toMatchObject({ to: '+4915100000012' });
    const foreign = (await scene.provider.code(3)) === code ? wrongFor(code) : code;
    expect(codesOf(await submit(three, third, validate({ code: foreign })))).toEqual(['INVALID_CODE']);
    expect((await submit(one, first, validate({ code }))).step.__typename).toBe('FlowCompleted');
  });

  it('shows somebody with two telephones both, and sends to the one that is chosen', async () => {
    const { person } = await scene.caller('+4915100000021');
    const client = await scene.signedInByText(person);
    scene.app.clock.advance(1);
    const told = await submit(client, await scene.begin(client), sms({ number: '+4915100000022' }));
    const done = await submit(client, told, sms({ code: await scene.provider.code(1), name: 'the other' }));
    expect(done.step.__typename).toBe('FlowCompleted');
    const browser = scene.app.client();
    const offered = await upToSecondFactor(browser, person);
    expect(offered.step).toMatchObject({
      authenticators: [{ hint: '+49••••••••021' }, { hint: '+49••••••••022', name: 'the other' }],
      selectedId: null,
    });
    expect(scene.provider.handedIn).toHaveLength(1);
    const authenticatorId = offered.step.authenticators[1].id;
    const chosen = await submit(browser, offered, validate({ authenticatorId }));
    expect(await scene.provider.message(2)).toMatchObject({ to: '+4915100000022' });
    const { step } = await submit(browser, chosen, validate({ code: await scene.provider.code(2) }));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('is refused as limited after five messages, and as unavailable where the stage is gone', async () => {
    const flow = await scene.composer.flow({ authentication: 'REQUIRE_AUTHENTICATED' });
    const stageId = await scene.composer.stage({ smsSetup: scene.config() });
    const bindingId = await scene.composer.bind(flow.id, stageId, 0);
    const { person } = await scene.caller(scene.number, flow);
    const client = scene.app.client();
    let run = await upToSecondFactor(client, person);
    for (let time = 0; time < 3; time += 1) run = await submit(client, run, validate({ resend: true }));
    // What is on its way would come to the next test, or find that its stage is gone.
    await scene.provider.handed(4);
    const limited = await submit(client, run, validate({ resend: true }));
    expect(limited.step.errors).toMatchObject([{ code: 'RATE_LIMITED', retryAt: expect.any(String) }]);
    scene.app.clock.advance(601);
    await scene.admin.ok('mutation($id: ID!) { unbindStage(id: $id) }', { id: bindingId });
    await scene.admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: stageId });
    const offered = await upToSecondFactor(scene.app.client(), person);
    expect(offered.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', selectedId: null });
    const other = scene.app.client();
    const again = await upToSecondFactor(other, person);
    const authenticatorId = again.step.authenticators[0].id;
    const gone = await submit(other, again, validate({ authenticatorId }));
    expect(codesOf(gone)).toEqual(['AUTHENTICATOR_UNAVAILABLE']);
    expect(await viewerOf(other)).toBeNull();
  });

  it('does not raise the level of somebody who has an authenticator app as well', async () => {
    const { person, client } = await scene.somebody();
    const totp = await scene.composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
    const key = await setUpTotp(scene.app, client, totp);
    const first = await scene.begin(client);
    const asked = await submit(client, first, validate({ code: totpCode(key, scene.app.clock.now()) }));
    const told = await submit(client, asked, sms({ number: '+4915100000041' }));
    expect((await submit(client, told, sms({ code: await scene.provider.code(1) }))).step.__typename).toBe(
      'FlowCompleted',
    );
    scene.app.clock.advance(601);
    const browser = scene.app.client();
    const offered = await upToSecondFactor(browser, person);
    const { id } = offered.step.authenticators.find(({ kind }: { kind: string }) => kind === 'SMS');
    const chosen = await submit(browser, offered, validate({ authenticatorId: id }));
    const { step } = await submit(browser, chosen, validate({ code: await scene.provider.code(2) }));
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'sms'], aal: 1 } } });
  });
});

describe('who sends', () => {
  it('can be Twilio, which is handed a form of three fields', async () => {
    const flow = await scene.composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      {
        smsSetup: {
          ...{ provider: 'TWILIO', fromNumber: '+15005550006', accountSid: SID, secretKey: PROVIDER_SECRET },
          apiUrl: scene.provider.url,
        },
      },
    );
    const { client } = await scene.somebody();
    const asked = await submit(client, await scene.begin(client, flow), sms({ number: scene.number }));
    const { path, headers, body } = await scene.provider.handed(1);
    expect(path).toBe(`/2010-04-01/Accounts/${SID}/Messages.json`);
    expect(headers.authorization).toBe(
      `Basic ${Buffer.from(`${SID}:${PROVIDER_SECRET}`).toString('base64')}`,
    );
    const form = Object.fromEntries(new URLSearchParams(body));
    const code = codeIn(form.Body ?? '');
    expect(form).toEqual({
      ...{ To: scene.number, From: '+15005550006' },
      Body: `Stagedoor: your code is ${code}. Do not pass it on to anybody.\n\n@localhost #${code}`,
    });
    expect((await submit(client, asked, sms({ code }))).step.__typename).toBe('FlowCompleted');
  });

  it('can be nobody, for trying things out: messages are in the mailbox then', async () => {
    const flow = await scene.composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { smsSetup: {} });
    const { client } = await scene.somebody();
    const asked = await submit(client, await scene.begin(client, flow), sms({ number: scene.number }));
    const look = () => fetch(`${scene.app.address}/dev/mail`).then((answer) => answer.text());
    const find = (mails: { to: string; text: string }[]) => mails.find(({ to }) => to === scene.number);
    const { text } = await untilThere(async () => find(JSON.parse(await look()).mails));
    const { step } = await submit(client, asked, sms({ code: codeIn(text) }));
    expect(step.__typename).toBe('FlowCompleted');
    const page = await fetch(`${scene.app.address}/dev/mail`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<h2>Text message</h2>');
  });

  const EVENTS = `query($actions: [String!]) {
    events(first: 50, filter: { actions: $actions }) { edges { node { action details } } }
  }`;
  const events = async (action: string) =>
    (await scene.admin.ok(EVENTS, { actions: [action] })).events.edges.map(
      ({ node }: { node: { details: object } }) => node.details,
    );

  it('is told to administrators, and why a message was not sent, but neither number nor code nor secret', async () => {
    const { client } = await scene.somebody();
    scene.provider.respond = (response) =>
      void response.writeHead(400).end(`{"code": 21211, "message": "${scene.number} is no number"}`);
    const before = (await events('TEXT_FAILED')).length;
    const asked = await submit(client, await scene.begin(client), sms({ number: scene.number }));
    const refused = await scene.provider.code(1);
    await until(async () => (await events('TEXT_FAILED')).length > before);
    expect((await events('TEXT_FAILED'))[0]).toMatchObject({
      ...{ template: 'sign-in-code', stageId: expect.any(String), attempts: 1 },
      reason: 'The provider answered 400 (21211).',
    });
    scene.provider.reset();
    await submit(client, asked, sms({ resend: true }));
    const sent = await scene.provider.code(1);
    await until(async () => (await events('TEXT_SENT')).length > 0);
    const told = JSON.stringify([await events('TEXT_FAILED'), await events('TEXT_SENT'), scene.app.log]);
    expect(told).toContain('a text message was given up');
    for (const hidden of [scene.number, scene.number.slice(3), PROVIDER_SECRET])
      expect(told).not.toContain(hidden);
    for (const code of [refused, sent]) expect(told).not.toMatch(shownCode(code));
  });

  const tryStage = (config: object) =>
    scene.admin.send('mutation($input: CreateStageInput!) { createStage(input: $input) { id } }', {
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
    const { errors } = await tryStage(scene.config(config));
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.config.smsSetup.${path}` }] } },
    ]);
    expect(JSON.stringify(errors)).not.toContain(PROVIDER_SECRET);
  });

  it('is told no secret that was given for somebody else', async () => {
    const id = await scene.composer.stage({ smsSetup: scene.config() });
    const update = (smsSetup: object) =>
      scene.admin.send(
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
