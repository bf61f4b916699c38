import { setUpTotp, totpCode } from '../support/authenticators.js';
import { FakeProvider } from '../support/captchas.js';
import { filledIn } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { START, start, submit } from '../support/flows.js';
import { SecondFactors } from '../support/second-factors.js';
import type { Owner } from '../support/second-factors.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

let app: TestApp;
let provider: FakeProvider;
let scene: SecondFactors;
/** Leaves other flows of the person alone, so that they find what has come meanwhile. */
let quietSetup: ComposedFlow;
beforeAll(async () => {
  [app, provider] = await Promise.all([startTestApp(), FakeProvider.start()]);
  scene = await SecondFactors.in(app);
  quietSetup = await scene.composer.flowOf(
    { authentication: 'REQUIRE_AUTHENTICATED' },
    { totpSetup: { endOtherSessions: false } },
  );
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await app.close();
  await provider.close();
});

const setUp = ({ client }: Owner): Promise<string> => setUpTotp(app, client, quietSetup);
const login = (...stages: object[]): Promise<ComposedFlow> =>
  scene.composer.flowOf({ designation: 'AUTHENTICATION' }, ...stages);

describe('a second factor that is set up in another browser while somebody signs in', () => {
  it('is asked for where only the password was still to come', async () => {
    const owner = await scene.owner();
    const flow = await login({ identification: {} }, { password: {} }, { userLogin: {} });
    const client = app.client();
    const { username: identifier, password } = owner.person;
    const begun = await start(client, {
      flow: { slug: flow.slug },
      responses: [{ identification: { identifier } }],
    });
    const key = await setUp(owner);
    const asked = await submit(client, begun, { password: { password } });
    expect(asked.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', authenticators: [{}] });
    expect(await viewerOf(client)).toBeNull();
    const { step } = await submit(client, asked, {
      authenticatorValidate: { code: totpCode(key, app.clock.now()) },
    });
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'otp'], aal: 2 } } });
  });

  it('is asked for where the login stage itself was the last that asked', async () => {
    const owner = await scene.owner();
    const flow = await login(
      { identification: {} },
      { password: {} },
      { userLogin: { rememberMeOffset: 'P30D' } },
    );
    const client = app.client();
    const offered = await scene.login(owner, flow, client);
    expect(offered.step.__typename).toBe('UserLoginChallenge');
    const key = await setUp(owner);
    const asked = await submit(client, offered, { userLogin: { rememberMe: true } });
    expect(asked.step.__typename).toBe('AuthenticatorValidateChallenge');
    expect(await viewerOf(client)).toBeNull();
    const again = await submit(client, asked, scene.code(key));
    expect(again.step.__typename).toBe('UserLoginChallenge');
    const { step } = await submit(client, again, { userLogin: { rememberMe: true } });
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'otp'] } } });
  });

  it('is asked for where a stage that lets by whoever has none had let them by', async () => {
    const owner = await scene.owner();
    const flow = await login(
      { identification: {} },
      { password: {} },
      { authenticatorValidate: { notConfiguredAction: 'SKIP' } },
      { captcha: captcha() },
      { userLogin: {} },
    );
    const client = app.client();
    const waiting = await scene.login(owner, flow, client);
    expect(waiting.step.__typename).toBe('CaptchaChallenge');
    await setUp(owner);
    const asked = await submit(client, waiting, { captcha: { token: 'solved' } });
    expect(asked.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      stageName: 'second-factor',
    });
    expect(await viewerOf(client)).toBeNull();
  });
});

describe('a second factor that is set up while the very request is worked on that signs somebody in', () => {
  it('lets no session be stored, and is asked for at the next try', async () => {
    const owner = await scene.owner();
    const flow = await login(
      { identification: {} },
      { password: {} },
      { captcha: captcha() },
      { userLogin: {} },
    );
    const { username: identifier, password } = owner.person;
    const input = {
      flow: { slug: flow.slug },
      responses: [
        { identification: { identifier } },
        { password: { password } },
        { captcha: { token: 'solved just now' } },
      ],
    };
    const meanwhile = whileCaptchaIsVerified(() => setUp(owner));
    const client = app.client();
    const { errors } = await client.send(START, { input });
    const key = await meanwhile;
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/second factor by now/), extensions: { code: 'CONFLICT' } },
    ]);
    expect(await viewerOf(client)).toBeNull();
    provider.reset();
    const responses = [...input.responses.slice(0, -1), { captcha: { token: 'solved again' } }];
    const asked = await start(client, { ...input, responses });
    expect(asked.step.__typename).toBe('AuthenticatorValidateChallenge');
    const { step } = await submit(client, asked, scene.code(key));
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'otp'], aal: 2 } } });
  });
});

describe('a second factor that is set up while the very request is worked on that takes the strongest proof there is', () => {
  it.each<[string, object, object[]]>([
    ['deletes the account', { userDelete: {} }, []],
    ['sets up something else', { staticSetup: {} }, [{ staticSetup: { acknowledge: true } }]],
    [
      'changes the password',
      { userWrite: { creation: 'NEVER' } },
      [filledIn({ password: 'another lovely long passphrase' })],
    ],
  ])('lets nothing come of it that %s', async (_what, stage, answers) => {
    const owner = await scene.owner();
    const fieldIds = [await scene.composer.promptField({ key: 'password', type: 'PASSWORD', order: 1 })];
    const isForm = answers.some((answer) => 'prompt' in answer);
    const flow = await scene.composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      ...(isForm ? [{ prompt: { fieldIds } }] : []),
      { captcha: captcha() },
      stage,
    );
    const solution = { captcha: { token: `solved for ${owner.person.username}` } };
    const responses = isForm ? [...answers, solution] : [solution, ...answers];
    const meanwhile = whileCaptchaIsVerified(() => setUp(owner));
    const { errors } = await owner.client.send(START, { input: { flow: { slug: flow.slug }, responses } });
    const key = await meanwhile;
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/has been set up .* by now/), extensions: { code: 'CONFLICT' } },
    ]);
    // All is as it was: the account, its password, and what was set up meanwhile, alone.
    const { viewer } = await owner.client.ok('{ viewer { authenticators { kind } } }');
    expect(viewer.authenticators).toEqual([{ kind: 'TOTP' }]);
    const client = app.client();
    const asked = await scene.login(
      owner,
      await login({ identification: {} }, { password: {} }, { userLogin: {} }),
      client,
    );
    expect((await submit(client, asked, scene.code(key))).step.__typename).toBe('FlowCompleted');
  });
});

/** Has something done before the provider answers: the person has been read by then, and no session is stored yet. */
function whileCaptchaIsVerified<T>(act: () => Promise<T>): Promise<T> {
  const answer = provider.respond;
  return new Promise((resolve, reject) => {
    provider.respond = (response) => {
      void act()
        .then(resolve, reject)
        .finally(() => answer(response));
    };
  });
}

function captcha(): object {
  return { provider: 'TURNSTILE', siteKey: 'key', secretKey: 'secret', verifyUrl: provider.url };
}
