import type { ComposedFlow } from '../support/compose.js';
import { totpCode, wrongTotpCode } from '../support/authenticators.js';
import { answerTo } from '../support/executions.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { SecondFactors } from '../support/second-factors.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let scene: SecondFactors;
let flow: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  scene = await SecondFactors.in(app);
  flow = await scene.loginWith({ notConfiguredAction: 'DENY' });
});
afterAll(() => app.close());

const validate = (client: TestClient, asked: Execution, response: object): Promise<Execution> =>
  submit(client, asked, { authenticatorValidate: response });

const FAILED = `{ events(first: 1, filter: { actions: ["SECOND_FACTOR_FAILED"] }) { totalCount } }`;
const failures = async (): Promise<number> => (await scene.composer.admin.ok(FAILED)).events.totalCount;

describe('choosing an authenticator', () => {
  it('is no attempt: all that the person has are offered, and none is held against them', async () => {
    const owner = await scene.ownerOfApp();
    const codes = await scene.setUpCodes(owner);
    const client = app.client();
    const before = await failures();
    const asked = await scene.login(owner, flow, client);
    const [totp, recovery] = asked.step.authenticators;
    expect(asked.step.authenticators).toMatchObject([{ kind: 'TOTP' }, { kind: 'STATIC' }]);
    expect(asked.step).toMatchObject({ selectedId: totp.id, setupStages: [], passkeyOptions: null });
    const chosen = await validate(client, asked, { authenticatorId: recovery.id });
    expect(chosen.step).toMatchObject({ errors: [], selectedId: recovery.id });
    const same = await validate(client, chosen, { authenticatorId: recovery.id });
    expect(same.step).toMatchObject({ errors: [], selectedId: recovery.id });
    expect((await validate(client, same, { code: codes[0] })).step).toMatchObject({
      session: { session: { amr: ['pwd', 'recovery-code'], aal: 2 } },
    });
    expect(await failures()).toBe(before);
  });

  it('takes a code for the chosen one alone, and holds it against no other', async () => {
    const owner = await scene.ownerOfApp();
    const codes = await scene.setUpCodes(owner);
    const client = app.client();
    let asked = await scene.login(owner, flow, client);
    const [totp, recovery] = asked.step.authenticators;
    for (let wrong = 0; wrong < 6; wrong += 1)
      asked = await validate(client, asked, { authenticatorId: totp.id, code: codes[0] });
    expect(asked.step.errors).toMatchObject([{ code: 'RATE_LIMITED' }]);
    const { step } = await validate(client, asked, { authenticatorId: recovery.id, code: codes[0] });
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('finds none of other people, of other kinds than count, or that is not there', async () => {
    const [owner, other] = [await scene.ownerOfApp(), await scene.ownerOfApp()];
    await scene.setUpCodes(owner);
    const strict = await scene.loginWith({ kinds: ['TOTP'] });
    const [own, foreign] = [await scene.login(owner, flow), await scene.login(other, flow)];
    const client = app.client();
    let asked = await scene.login(owner, strict, client);
    expect(asked.step.authenticators).toHaveLength(1);
    const ids = [own.step.authenticators[1].id, foreign.step.authenticators[0].id, crypto.randomUUID()];
    for (const authenticatorId of ids)
      for (const also of [{}, { code: totpCode(other.key, app.clock.now()) }, { resend: true }]) {
        asked = await validate(client, asked, { authenticatorId, ...also });
        expect(asked.step.errors).toMatchObject([
          { field: 'authenticatorId', code: 'UNKNOWN_AUTHENTICATOR' },
        ]);
      }
    expect((await validate(client, asked, {})).step.errors).toMatchObject([{ code: 'REQUIRED' }]);
  });
});

describe('passkeys', () => {
  it('are all asked, in the form that the stage wants', async () => {
    const owner = await scene.owner();
    const passkey = await scene.setUpPasskey(owner);
    const hinted = await scene.loginWith({
      passkeyHints: ['HYBRID', 'SECURITY_KEY'],
      userVerification: 'REQUIRED',
    });
    const plain = await scene.login(owner, flow);
    expect(plain.step.passkeyOptions).toMatchObject({
      rpId: 'localhost',
      userVerification: 'preferred',
      allowCredentials: [{ id: passkey.id, type: 'public-key' }],
    });
    expect(plain.step.passkeyOptions.hints ?? []).toEqual([]);
    const client = app.client();
    const asked = await scene.login(owner, hinted, client);
    expect(asked.step.passkeyOptions).toMatchObject({
      userVerification: 'required',
      hints: ['hybrid', 'security-key'],
    });
    const { step } = await validate(client, asked, { passkey: passkey.get(asked.step.passkeyOptions) });
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'hwk', 'user'], aal: 2 } } });
  });

  it('have to be unlocked where the stage says so, whatever was shown before', async () => {
    const owner = await scene.owner();
    const passkey = await scene.setUpPasskey(owner);
    const twice = await scene.composer.flowOf(
      { designation: 'AUTHENTICATION' },
      ...[{ identification: {} }, { password: {} }, { authenticatorValidate: {} }],
      ...[{ authenticatorValidate: { userVerification: 'REQUIRED' } }, { userLogin: {} }],
    );
    const client = app.client();
    const locked = (asked: Execution) =>
      validate(client, asked, { passkey: passkey.get(asked.step.passkeyOptions, { userVerified: false }) });
    const second = await locked(await scene.login(owner, twice, client));
    expect(second.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', errors: [] });
    const refused = await locked(second);
    expect(refused.step.errors).toMatchObject([{ field: 'passkey', code: 'INVALID_PASSKEY' }]);
    const unlocked = passkey.get(refused.step.passkeyOptions);
    expect((await validate(client, refused, { passkey: unlocked })).step.__typename).toBe('FlowCompleted');
  });

  it('are asked something new after each answer: nothing that was signed is good for more than one', async () => {
    const owner = await scene.owner();
    const passkey = await scene.setUpPasskey(owner);
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    const signed = passkey.get(asked.step.passkeyOptions);
    const spoilt = await validate(client, asked, { passkey: { ...signed, response: {} } });
    expect(spoilt.step.passkeyOptions.challenge).not.toBe(asked.step.passkeyOptions.challenge);
    const replayed = await validate(client, spoilt, { passkey: signed });
    expect(replayed.step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
  });

  it('of somebody else are refused, as is one that the person uses as if it was theirs', async () => {
    const [owner, other] = [await scene.owner(), await scene.owner()];
    const [own, foreign] = [await scene.setUpPasskey(owner), await scene.setUpPasskey(other)];
    const client = app.client();
    let asked = await scene.login(owner, flow, client);
    for (const lies of [{}, { credentialId: own.id }, { userHandle: own.userHandle }]) {
      asked = await validate(client, asked, { passkey: foreign.get(asked.step.passkeyOptions, lies) });
      expect(asked.step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
    }
  });

  it('of models that do not count are none', async () => {
    const owner = await scene.owner();
    await scene.setUpPasskey(owner);
    const models = { allowedModels: ['08987058-cadc-4b81-b6e1-30de50dcbe96'] };
    const { step } = await scene.login(
      owner,
      await scene.loginWith({ notConfiguredAction: 'DENY', ...models }),
    );
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });

  it('sign in whoever is not known yet, and nobody in place of whoever has been named', async () => {
    const [owner, other] = [await scene.owner(), await scene.owner()];
    const passkey = await scene.setUpPasskey(owner);
    const stages = [{ authenticatorValidate: { kinds: ['WEBAUTHN'] } }, { userLogin: {} }];
    const fields = { designation: 'AUTHENTICATION' };
    const alone = await scene.composer.flowOf(fields, ...stages);
    const named = await scene.composer.flowOf(fields, { identification: {} }, ...stages);
    const client = app.client();
    const asked = await start(client, { flow: { slug: alone.slug } });
    expect(asked.step).toMatchObject({ authenticators: [], mayRemember: false });
    expect(asked.step.passkeyOptions.allowCredentials ?? []).toEqual([]);
    const { step } = await validate(client, asked, { passkey: passkey.get(asked.step.passkeyOptions) });
    expect(step).toMatchObject({ session: { session: { amr: ['hwk', 'user'], aal: 2 } } });
    for (const identifier of [other.person.username, 'nobody at all']) {
      const browser = app.client();
      const responses = [{ identification: { identifier } }];
      const begun = await start(browser, { flow: { slug: named.slug }, responses });
      expect(begun.step).toMatchObject({ authenticators: [] });
      const signed = passkey.get(begun.step.passkeyOptions);
      const refused = await validate(browser, begun, { passkey: signed });
      expect(refused.step.errors).toMatchObject([{ code: 'INVALID_PASSKEY' }]);
    }
  });
});

describe('whom it asks', () => {
  it('is whoever is signed in, where the flow is about nobody else', async () => {
    const owner = await scene.ownerOfApp();
    const { slug } = await scene.composer.flowOf(
      { designation: 'AUTHORIZATION' },
      { authenticatorValidate: { notConfiguredAction: 'DENY' } },
    );
    const asked = await start(owner.client, { flow: { slug } });
    expect(asked.step).toMatchObject({ authenticators: [{ kind: 'TOTP' }] });
    expect((await submit(owner.client, asked, scene.code(owner.key))).step.__typename).toBe('FlowCompleted');
    expect((await start(app.client(), { flow: { slug } })).step).toMatchObject({ code: 'STAGE_DENIED' });
  });

  it('is told nothing of what somebody has set up whom they have only named', async () => {
    const owner = await scene.ownerOfApp();
    const { slug } = await scene.composer.flowOf(
      { designation: 'AUTHENTICATION' },
      ...[{ identification: {} }, { authenticatorValidate: {} }, { password: {} }, { userLogin: {} }],
    );
    for (const identifier of [owner.person.username, 'nobody at all']) {
      const client = app.client();
      const responses = [{ identification: { identifier } }];
      const asked = await start(client, { flow: { slug }, responses });
      expect(asked.step).toMatchObject({ authenticators: [], selectedId: null });
      const guessed = await submit(client, asked, scene.code(owner.key));
      expect(guessed.step.errors).toMatchObject([{ field: 'passkey', code: 'REQUIRED' }]);
    }
  });
});

describe('answers of the wrong form', () => {
  it.each([
    ['a number', { code: 123456 }],
    ['nothing', { code: '' }],
    ['ten kilobytes', { code: '1'.repeat(10_000) }],
    ['what cannot be stored', { code: '12\u0000456' }],
    ['another key', { code: '123456', isShown: true }],
    ['a prototype', JSON.parse('{"__proto__": {"code": "123456"}}')],
    ['an id that is none', { authenticatorId: "' or 1=1" }],
    ['a passkey that is none', { passkey: 'x' }],
  ])('are refused and not counted: %s', async (_, response) => {
    const owner = await scene.ownerOfApp();
    const client = app.client();
    const before = await failures();
    let asked = await scene.login(owner, flow, client);
    for (let again = 0; again < 6; again += 1) {
      const { data, errors } = await trySubmit(client, answerTo(asked, { authenticatorValidate: response }));
      const refused = data?.submitStage;
      expect([...errors, ...(refused?.step.errors ?? [])]).not.toEqual([]);
      if (refused) asked = refused;
    }
    expect(await failures()).toBe(before);
    expect((await submit(client, asked, scene.code(owner.key))).step.__typename).toBe('FlowCompleted');
  });

  it('are right with spaces, with hyphens and in wide digits; in those of other scripts they are wrong', async () => {
    const owner = await scene.ownerOfApp();
    const written = [
      (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `,
      (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`,
      (code: string) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff_10 + Number(digit))),
    ];
    for (const write of written) {
      const client = app.client();
      const asked = await scene.login(owner, flow, client);
      const code = write(totpCode(owner.key, app.clock.now()));
      expect([code, (await validate(client, asked, { code })).step.__typename]).toEqual([
        code,
        'FlowCompleted',
      ]);
      scene.nextStep();
    }
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    expect((await validate(client, asked, { code: '١٢٣٤٥٦' })).step.errors).toMatchObject([
      { code: 'INVALID_CODE' },
    ]);
  });

  it('begin the flow anew where it says so, and are counted all the same', async () => {
    const owner = await scene.ownerOfApp();
    const restarting = await scene.composer.flowOf({ designation: 'AUTHENTICATION' }, { identification: {} });
    const place = { invalidResponseAction: 'RESTART_WITH_CONTEXT' };
    await scene.composer.add(restarting, 10, { password: {} });
    await scene.composer.add(restarting, 20, { authenticatorValidate: {} }, place);
    await scene.composer.add(restarting, 30, { userLogin: {} });
    for (let wrong = 0; wrong < 5; wrong += 1) {
      const client = app.client();
      const asked = await scene.login(owner, restarting, client);
      const code = wrongTotpCode(owner.key, app.clock.now());
      expect((await validate(client, asked, { code })).step.__typename).toBe('IdentificationChallenge');
    }
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    expect((await submit(client, asked, scene.code(owner.key))).step.errors).toMatchObject([
      { code: 'RATE_LIMITED' },
    ]);
  });
});
