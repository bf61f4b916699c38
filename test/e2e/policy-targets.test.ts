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

const START = `mutation($input: StartFlowInput!) {
  startFlow(input: $input) {
    step { __typename ... on RedirectChallenge { to } ... on FlowDenied { code } }
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

describe('what a policy sets on the way', () => {
  it.each([
    [
      'a condition',
      (target: string) => ({
        condition: { actions: [{ type: 'set', target: 'redirectTarget', value: target }] },
      }),
    ],
    [
      'an expression',
      (target: string) => ({
        expression: { expression: `setContext('redirectTarget', '${target}'); return true` },
      }),
    ],
  ])('is where the redirect stage leads that %s guards', async (_, configOf) => {
    const other = await composer.flowOf({ authentication: 'REQUIRE_REDIRECT' }, { dummy: {} });
    const led = async (target: string): Promise<Execution> => {
      const flow = await composer.flow();
      const stageBindingId = await composer.add(flow, 1, { redirect: { url: '/help' } });
      await composer.guardWith({ stageBindingId }, configOf(target));
      const input = { flow: { slug: flow.slug } };
      return (await app.client().ok(START, { input })).startFlow.step;
    };
    expect(await led('/welcome')).toMatchObject({ __typename: 'RedirectChallenge', to: '/welcome' });
    expect(await led(`flow:${other.slug}`)).toMatchObject({ __typename: 'DummyChallenge' });
    expect(await led('flow:gone')).toMatchObject({ __typename: 'RedirectChallenge', to: '/help' });
    expect(await led('https://evil.example')).toMatchObject({ code: 'CONFIGURATION_ERROR' });
  });
});

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
