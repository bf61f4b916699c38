import { wrongTotpCode } from '../support/authenticators.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { SecondFactors } from '../support/second-factors.js';
import type { Owner } from '../support/second-factors.js';
import type { ComposedFlow } from '../support/compose.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const COOKIE = 'stagedoor_browser';
const DAY = 24 * 3600;

let app: TestApp;
let scene: SecondFactors;
let flow: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  scene = await SecondFactors.in(app);
  flow = await scene.loginWith({ rememberFor: 'P30D' });
});
afterAll(() => app.close());

type AppOwner = Owner & { readonly key: string };

/** A browser in which somebody has asked to be remembered. */
async function rememberedIn(owner: AppOwner, client = app.client(), at = flow): Promise<TestClient> {
  const asked = await scene.login(owner, at, client);
  expect(asked.step).toMatchObject({ __typename: 'AuthenticatorValidateChallenge', mayRemember: true });
  await submit(client, asked, scene.code(owner.key, { remember: true }));
  scene.nextStep();
  return client;
}

const isAsked = ({ step }: Execution): boolean => step.__typename === 'AuthenticatorValidateChallenge';

function cookieOf({ headers }: Answer): string | undefined {
  return headers.getSetCookie().find((line) => line.includes(COOKIE));
}

describe('a browser whose person has asked to be remembered', () => {
  it('passes without their second factor, by which nobody is surer of them', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    const { step } = await scene.login(owner, flow, client);
    expect(step).toMatchObject({ session: { session: { amr: ['pwd', 'remembered'], aal: 1 } } });
    expect(isAsked(await scene.login(owner, flow))).toBe(true);
  });

  it('is given a secret that its scripts do not see, and the same one for the same answer', async () => {
    const owner = await scene.ownerOfApp();
    const client = app.client();
    const { id: executionId, step } = await scene.login(owner, flow, client);
    const response = scene.code(owner.key, { remember: true });
    const input = { executionId, challengeId: step.id, response };
    const [first, second] = [await trySubmit(client, input), await trySubmit(client, input)];
    expect(cookieOf(first)).toMatch(
      /^stagedoor_browser=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
    );
    expect(cookieOf(second)).toBe(cookieOf(first));
    expect(JSON.stringify(first.data)).not.toContain(client.cookies.get(COOKIE));
    scene.nextStep();
  });

  it('asks again where another authenticator has been set up', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    await scene.setUpCodes(owner);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(true);
  });

  it('asks again where the stage counts others of what they have', async () => {
    const owner = await scene.ownerOfApp();
    await scene.setUpCodes(owner);
    const client = await rememberedIn(owner);
    const strict = await scene.loginWith({ kinds: ['STATIC'], rememberFor: 'P30D' });
    expect(isAsked(await scene.login(owner, strict, client))).toBe(true);
  });

  it('asks wherever no stage remembers: at one that does not, and where the flow has none', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    const forgetful = await scene.loginWith({});
    const asked = await scene.login(owner, forgetful, client);
    expect(asked.step).toMatchObject({ mayRemember: false, authenticators: [{ kind: 'TOTP' }] });
    const stages = [{ identification: {} }, { password: {} }, { userLogin: {} }];
    const plain = await scene.composer.flowOf({ designation: 'AUTHENTICATION' }, ...stages);
    const builtIn = await scene.login(owner, plain, client);
    expect(builtIn.step).toMatchObject({ stageName: 'second-factor', mayRemember: false });
  });

  it('still asks for the password', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    const responses = [{ identification: { identifier: owner.person.username } }];
    const { step } = await start(client, { flow: { slug: flow.slug }, responses });
    expect(step.__typename).toBe('PasswordChallenge');
  });

  it('asks everybody else', async () => {
    const [owner, other] = [await scene.ownerOfApp(), await scene.ownerOfApp()];
    const client = await rememberedIn(owner);
    expect(isAsked(await scene.login(other, flow, client))).toBe(true);
  });

  it('may remember several people, by a secret that is new each time: one who knew the old one passes for nobody', async () => {
    const [owner, other] = [await scene.ownerOfApp(), await scene.ownerOfApp()];
    const client = await rememberedIn(owner);
    const planted = app.client();
    planted.cookies.set(COOKIE, client.cookies.get(COOKIE) ?? '');
    await rememberedIn(other, client);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(false);
    expect(isAsked(await scene.login(other, flow, client))).toBe(false);
    for (const person of [owner, other]) expect(isAsked(await scene.login(person, flow, planted))).toBe(true);
  });
});

describe('a change of credentials', () => {
  it('ends what every browser remembers of the person, also where an administrator has made it', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(false);
    const { viewer } = await owner.client.ok('{ viewer { id } }');
    const admin = await signedIn(app);
    const password = 'another lovely long passphrase';
    await admin.ok(
      'mutation($id: ID!, $password: String!) { setUserPassword(id: $id, password: $password) { id } }',
      { id: viewer.id, password },
    );
    const changed = { ...owner, person: { ...owner.person, password } };
    expect(isAsked(await scene.login(changed, flow, client))).toBe(true);
    const again = await rememberedIn(changed, client);
    await admin.ok(
      'mutation($id: ID!, $email: String!) { updateUser(id: $id, input: { email: $email }) { id } }',
      { id: viewer.id, email: `${owner.person.username}@example.org` },
    );
    expect(isAsked(await scene.login(changed, flow, again))).toBe(true);
  });
});

describe('nobody is remembered', () => {
  it('who has not asked to be', async () => {
    const owner = await scene.ownerOfApp();
    const client = app.client();
    await submit(client, await scene.login(owner, flow, client), scene.code(owner.key));
    scene.nextStep();
    expect(client.cookies.has(COOKIE)).toBe(false);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(true);
  });

  it('whose code was wrong', async () => {
    const owner = await scene.ownerOfApp();
    const client = app.client();
    const asked = await scene.login(owner, flow, client);
    const code = wrongTotpCode(owner.key, app.clock.now());
    await submit(client, asked, { authenticatorValidate: { code, remember: true } });
    expect(client.cookies.has(COOKIE)).toBe(false);
  });

  it('by a stage that does not, nor outside of a browser', async () => {
    const owner = await scene.ownerOfApp();
    const forgetful = await scene.loginWith({});
    const client = app.client();
    await submit(
      client,
      await scene.login(owner, forgetful, client),
      scene.code(owner.key, { remember: true }),
    );
    scene.nextStep();
    const native = await start(app.client(), {
      flow: { slug: flow.slug },
      client: 'NATIVE',
      responses: [
        { identification: { identifier: owner.person.username } },
        { password: { password: owner.person.password } },
      ],
    });
    expect(native.step).toMatchObject({ mayRemember: false });
    const ended = await submit(client, native, scene.code(owner.key, { remember: true }));
    scene.nextStep();
    expect(ended.step.__typename).toBe('FlowCompleted');
    expect(client.cookies.has(COOKIE)).toBe(false);
  });

  it('who has proved nothing in this flow but signed in a while ago', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    const { slug } = await scene.composer.flowOf(
      { authentication: 'REQUIRE_AUTHENTICATED' },
      { authenticatorValidate: { rememberFor: 'P30D' } },
    );
    expect(isAsked(await start(client, { flow: { slug } }))).toBe(true);
  });
});

describe('with time', () => {
  it('a browser is forgotten once it is over, or once the stage remembers for less long', async () => {
    const owner = await scene.ownerOfApp();
    const client = await rememberedIn(owner);
    const shorter = await scene.loginWith({ rememberFor: 'PT1H' });
    expect(isAsked(await scene.login(owner, shorter, client))).toBe(false);
    app.clock.advance(3600);
    expect(isAsked(await scene.login(owner, shorter, client))).toBe(true);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(false);
    app.clock.advance(30 * DAY);
    expect(isAsked(await scene.login(owner, flow, client))).toBe(true);
  });
});
