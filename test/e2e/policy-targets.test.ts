import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const SIMULATE = `query($input: SimulateFlowInput!) {
  simulateFlow(input: $input) {
    steps {
      step {
        __typename
        ... on Challenge { stageName }
        ... on RedirectChallenge { to }
        ... on FlowDenied { code message }
      }
    }
  }
}`;

let app: TestApp;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_ALLOWED_ORIGINS: 'https://app.example' });
  composer = new Composer(await signedIn(app));
});
afterAll(() => app.close());

/** What a flow of this stage shows first to somebody in whose execution a policy has set this before. */
async function shownWith(context: object, config: object): Promise<Execution> {
  const { slug } = await composer.flowOf({}, config);
  const { simulateFlow } = await composer.admin.ok(SIMULATE, { input: { flow: { slug }, context } });
  return simulateFlow.steps[0].step;
}

describe('what a policy has set', () => {
  it('is where a redirect stage leads, in place of what is configured, where that is allowed', async () => {
    const other = await composer.flowOf({ authentication: 'REQUIRE_REDIRECT' }, { dummy: {} });
    for (const config of [{ url: '/help' }, { flowId: (await composer.flow()).id }]) {
      const to = (redirectTarget: string) => shownWith({ redirectTarget }, { redirect: config });
      expect(await to('/welcome')).toMatchObject({ to: '/welcome' });
      expect(await to('https://app.example/in')).toMatchObject({ to: 'https://app.example/in' });
      expect(await to(`flow:${other.slug}`)).toMatchObject({ __typename: 'DummyChallenge' });
      for (const target of ['https://evil.example', '//evil.example', 'javascript:alert(1)']) {
        expect(await to(target)).toMatchObject({ __typename: 'FlowDenied', code: 'CONFIGURATION_ERROR' });
      }
    }
  });

  it('gives way to what is configured where it names a flow that there is not', async () => {
    const gone = { redirectTarget: 'flow:gone' };
    const { id: flowId } = await composer.flowOf({}, { dummy: {} });
    expect(await shownWith(gone, { redirect: { url: '/help' } })).toMatchObject({ to: '/help' });
    expect(await shownWith(gone, { redirect: { flowId } })).toMatchObject({ __typename: 'DummyChallenge' });
  });

  it('is what a deny stage says, in place of what is configured', async () => {
    const denyMessage = 'Your account is too new.';
    for (const config of [{ message: 'No.' }, {}]) {
      expect(await shownWith({ denyMessage }, { deny: config })).toEqual({
        __typename: 'FlowDenied',
        code: 'STAGE_DENIED',
        message: denyMessage,
      });
    }
    expect(await shownWith({}, { deny: { message: 'No.' } })).toMatchObject({ message: 'No.' });
  });
});
