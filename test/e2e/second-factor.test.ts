import { setUpTotp, totpCode, upToSecondFactor, wrongTotpCode } from '../support/authenticators.js';
import { Composer, signedUp, uniqueName } from '../support/compose.js';
import type { ComposedFlow, Person } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let enrollment: ComposedFlow;
let setup: ComposedFlow;
/** As an installation has it that was there before second factors were: with no stage that asks for one. */
let plainLogin: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  const composer = new Composer(await signedIn(app));
  enrollment = await composer.enrollment();
  setup = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
  plainLogin = await composer.flowOf(
    { designation: 'AUTHENTICATION' },
    ...[{ identification: {} }, { password: {} }, { userLogin: {} }],
  );
});
afterAll(() => app.close());

interface Owner {
  readonly person: Person;
  readonly client: TestClient;
  readonly key: string;
}

async function owner(): Promise<Owner> {
  const person = { username: uniqueName('owner'), password: 'a lovely long passphrase' };
  const client = await signedUp(app, enrollment.slug, person);
  return { person, client, key: await setUpTotp(app, client, setup) };
}

const code = (key: string): object => ({ authenticatorValidate: { code: totpCode(key, app.clock.now()) } });

describe('somebody who has set up a second factor', () => {
  it('is asked for it where the flow has no stage for that, and is signed in at the level that both make', async () => {
    const { person, key } = await owner();
    const client = app.client();
    const asked = await upToSecondFactor(client, person, plainLogin.slug);
    expect(asked.step).toMatchObject({
      __typename: 'AuthenticatorValidateChallenge',
      stageName: 'second-factor',
      authenticators: [{ kind: 'TOTP', name: 'Authenticator app' }],
      selectedId: asked.step.authenticators[0].id,
    });
    expect(await viewerOf(client)).toBeNull();
    const wrongCode = wrongTotpCode(key, app.clock.now());
    const wrong = await submit(client, asked, { authenticatorValidate: { code: wrongCode } });
    expect(wrong.step.errors).toMatchObject([{ field: 'code', code: 'INVALID_CODE' }]);
    const { step } = await submit(client, wrong, code(key));
    expect(step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { amr: ['pwd', 'otp'], aal: 2 } },
    });
  });

  it('cannot use a code twice, in whatever execution', async () => {
    const { person, key } = await owner();
    const [one, other] = [app.client(), app.client()];
    const [first, second] = [await upToSecondFactor(one, person), await upToSecondFactor(other, person)];
    expect((await submit(one, first, code(key))).step.__typename).toBe('FlowCompleted');
    expect((await submit(other, second, code(key))).step.errors).toMatchObject([{ code: 'INVALID_CODE' }]);
  });

  it('has not got it before the code of the app was shown', async () => {
    const person = { username: uniqueName('owner'), password: 'a lovely long passphrase' };
    const client = await signedUp(app, enrollment.slug, person);
    const begun = await start(client, { flow: { slug: setup.slug } });
    await submit(client, begun, { totpSetup: { code: wrongTotpCode(begun.step.key, app.clock.now()) } });
    expect((await upToSecondFactor(app.client(), person)).step.__typename).toBe('FlowCompleted');
  });
});
