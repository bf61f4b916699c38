import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { cancel, find, viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const NAME = { identification: { identifier: BOB.username } };
const PASSWORD = { password: { password: BOB.password } };
const OK = { dummy: { acknowledge: true } };

let app: TestApp;
let composer: Composer;
let client: TestClient;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  await signedUp(app, (await composer.enrollment()).slug, BOB);
});
beforeEach(() => {
  client = app.client();
});
afterAll(() => app.close());

const to = (flow: ComposedFlow, how: object = {}) => ({ redirect: { flowId: flow.id, ...how } });
const returning = (flow: ComposedFlow, how: object = {}) => to(flow, { returns: true, ...how });
const shown = ({ flow, step }: Execution) => [flow.slug, step.__typename, step.code ?? null];

describe('a redirect to an address', () => {
  it.each(['https://www.example.com/help', '/help?from=login'])('shows %s, and stays there', async (url) => {
    const flow = await composer.flowOf({}, { redirect: { url } }, { dummy: {} });
    const execution = await start(client, { flow: { slug: flow.slug } });
    const document = `{ flowExecution(id: "${execution.id}") { step { ... on RedirectChallenge { id to errors { code } } } } }`;
    const { flowExecution } = await client.ok(document);
    expect(flowExecution.step).toEqual({ id: execution.step.id, to: url, errors: [] });
  });

  it('takes no answer, so that nobody gets past it', async () => {
    const flow = await composer.flowOf({}, { redirect: { url: '/help' } }, { dummy: {} });
    const { id: executionId, step } = await start(client, { flow: { slug: flow.slug }, responses: [OK] });
    expect(step.__typename).toBe('RedirectChallenge');
    for (const response of [OK, NAME, PASSWORD, { userLogin: { rememberMe: true } }]) {
      const { errors } = await trySubmit(client, { executionId, challengeId: step.id, response });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect((await find(client, { id: executionId })).step.id).toBe(step.id);
  });

  it('is not accepted where it would lead somewhere else than it seems', async () => {
    const document = 'mutation($input: CreateStageInput!) { createStage(input: $input) { id } }';
    for (const url of ['//evil.example', 'javascript:alert(1)', 'https://a:b@evil.example', '']) {
      const input = { name: `to ${url}`, config: { redirect: { url } } };
      const { errors } = await composer.admin.send(document, { input });
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.config.redirect.url' }] } },
      ]);
    }
  });
});

describe('a redirect to another flow', () => {
  it('goes on there in the same execution, and ends where that flow ends', async () => {
    const inner = await composer.flowOf({}, { dummy: {} });
    const outer = await composer.flowOf({}, { dummy: {} }, to(inner), { deny: {} });
    const first = await start(client, { flow: { slug: outer.slug }, next: '/account' });
    expect(shown(first)).toEqual([outer.slug, 'DummyChallenge', null]);
    const second = await submit(client, first, OK);
    expect(second.id).toBe(first.id);
    expect(shown(second)).toEqual([inner.slug, 'DummyChallenge', null]);
    const end = await submit(client, second, OK);
    expect(end.step).toMatchObject({ __typename: 'FlowCompleted', redirectTo: '/account' });
  });

  it('takes along what is known, and what was proved', async () => {
    const inner = await composer.flowOf({}, { userLogin: {} });
    const outer = await composer.flowOf({}, { identification: {} }, { password: {} }, to(inner));
    const execution = await start(client, { flow: { slug: outer.slug }, responses: [NAME, PASSWORD] });
    expect(execution.step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { aal: 1 } } });
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
  });

  it('takes nothing along where it was told so', async () => {
    const inner = await composer.flowOf({}, { userLogin: {} });
    const outer = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      to(inner, { keepContext: false }),
    );
    const { step } = await start(client, { flow: { slug: outer.slug }, responses: [NAME, PASSWORD] });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    expect(await viewerOf(client)).toBeNull();
  });

  it.each([
    ['REQUIRE_AUTHENTICATED', 'NOT_APPLICABLE'],
    ['REQUIRE_SUPERUSER', 'NOT_APPLICABLE'],
    ['REQUIRE_TOKEN', 'INVALID_TOKEN'],
  ])('is denied where the other flow asks for %s', async (authentication, code) => {
    const inner = await composer.flowOf({ authentication }, { dummy: {} });
    const outer = await composer.flowOf({}, to(inner));
    expect(shown(await start(client, { flow: { slug: outer.slug } }))).toEqual([
      inner.slug,
      'FlowDenied',
      code,
    ]);
  });

  it('says why, where the other flow’s policies object, and does what that flow’s denied action says', async () => {
    const inner = await composer.flowOf({ deniedAction: 'MESSAGE' }, { dummy: {} });
    await composer.guardWith({ flowId: inner.id }, { dummy: { result: false, message: 'Not on Sundays.' } });
    const outer = await composer.flowOf({ deniedAction: 'CONTINUE' }, to(inner));
    const { step } = await start(client, { flow: { slug: outer.slug }, next: '/account' });
    expect(step).toMatchObject({ code: 'POLICY_DENIED', message: 'Not on Sundays.', redirectTo: null });
  });

  it('is the only way into a flow that asks for it, also after that flow was begun again', async () => {
    const inner = await composer.flow({ authentication: 'REQUIRE_REDIRECT' });
    await composer.add(
      inner,
      1,
      { identification: { pretendUserExists: false } },
      { invalidResponseAction: 'RESTART' },
    );
    expect(shown(await start(client, { flow: { slug: inner.slug } }))).toEqual([
      inner.slug,
      'FlowDenied',
      'NOT_APPLICABLE',
    ]);
    const outer = await composer.flowOf({}, to(inner));
    const first = await start(client, { flow: { slug: outer.slug } });
    expect(shown(first)).toEqual([inner.slug, 'IdentificationChallenge', null]);
    const again = await submit(client, first, { identification: { identifier: 'nobody' } });
    expect(shown(again)).toEqual([inner.slug, 'IdentificationChallenge', null]);
    expect((await submit(client, again, NAME)).step.__typename).toBe('FlowCompleted');
  });

  it('tells policies from where somebody was led', async () => {
    const inner = await composer.flowOf({}, { dummy: {} });
    const outer = await composer.flowOf({}, to(inner));
    const expression = `execution.redirectedFrom === ${JSON.stringify(outer.slug)}`;
    await composer.guardWith({ flowId: inner.id }, { expression: { expression } });
    expect(shown(await start(client, { flow: { slug: inner.slug } }))[1]).toBe('FlowDenied');
    expect(shown(await start(client, { flow: { slug: outer.slug } }))[1]).toBe('DummyChallenge');
  });

  it.each([true, false])('that leads round and round is denied, returning or not: %s', async (returns) => {
    const one = await composer.flow();
    const other = await composer.flowOf({}, to(one, { returns }));
    await composer.add(one, 1, to(other, { returns }));
    const { step } = await start(client, { flow: { slug: one.slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'CONFIGURATION_ERROR' });
  });

  it('lets flows wait for each other only so deep, also where people answer in between', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.add(flow, 20, returning(flow));
    let execution = await start(client, { flow: { slug: flow.slug } });
    for (let depth = 0; depth < 20 && execution.step.__typename === 'DummyChallenge'; depth += 1)
      execution = await submit(client, execution, OK);
    expect(execution.step).toMatchObject({ __typename: 'FlowDenied', code: 'CONFIGURATION_ERROR' });
  });
});

describe('a flow that another one returns to', () => {
  it('goes on where it left off, with what the other one has learnt and proved', async () => {
    const inner = await composer.flowOf({}, { identification: {} }, { password: {} });
    const outer = await composer.flowOf(
      { title: 'Outer' },
      returning(inner),
      { dummy: {} },
      { userLogin: {} },
    );
    const first = await start(client, { flow: { slug: outer.slug }, responses: [NAME] });
    expect(shown(first)).toEqual([inner.slug, 'PasswordChallenge', null]);
    const second = await submit(client, first, PASSWORD);
    expect(shown(second)).toEqual([outer.slug, 'DummyChallenge', null]);
    expect(second.step.user).toEqual({ displayName: 'bob' });
    const end = await submit(client, second, OK);
    expect(end.step).toMatchObject({ __typename: 'FlowCompleted', session: { session: { amr: ['pwd'] } } });
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
  });

  it('knows nothing of the other one where they do not share', async () => {
    const inner = await composer.flowOf({}, { identification: {} }, { password: {} });
    const outer = await composer.flowOf({}, returning(inner, { keepContext: false }), { userLogin: {} });
    const { step } = await start(client, { flow: { slug: outer.slug }, responses: [NAME, PASSWORD] });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });

  it('keeps what it knew before, where they do not share', async () => {
    const inner = await composer.flowOf({}, { identification: {} }, { dummy: {} });
    const outer = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      returning(inner, { keepContext: false }),
      { userLogin: {} },
    );
    const asked = await start(client, { flow: { slug: outer.slug }, responses: [NAME, PASSWORD] });
    expect(shown(asked)).toEqual([inner.slug, 'IdentificationChallenge', null]);
    const named = await submit(client, asked, { identification: { identifier: 'somebody else' } });
    const end = await submit(client, named, OK);
    expect(end.step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
  });

  it('is never signed in for somebody else than was proved, whoever the other one was about', async () => {
    const inner = await composer.flowOf({}, { identification: {} });
    const outer = await composer.flowOf({}, { identification: {} }, { password: {} }, returning(inner), {
      userLogin: {},
    });
    const responses = [NAME, PASSWORD, { identification: { identifier: 'ada' } }];
    const { step } = await start(client, { flow: { slug: outer.slug }, responses });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
    expect(await viewerOf(client)).toBeNull();
  });

  it('waits while the other one is begun again', async () => {
    const inner = await composer.flow();
    const place = { invalidResponseAction: 'RESTART_WITH_CONTEXT' };
    await composer.add(inner, 1, { dummy: {} });
    await composer.add(inner, 2, { identification: { pretendUserExists: false } }, place);
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const first = await start(client, { flow: { slug: outer.slug }, responses: [OK] });
    const again = await submit(client, first, { identification: { identifier: 'nobody' } });
    expect(shown(again)).toEqual([inner.slug, 'DummyChallenge', null]);
    expect(again.step.messages).toMatchObject([{ level: 'ERROR' }]);
    const back = await submit(client, await submit(client, again, OK), NAME);
    expect(shown(back)).toEqual([outer.slug, 'DummyChallenge', null]);
  });

  it('goes on at once for a signed-in person whom the other one was to sign in', async () => {
    const inner = await composer.flowOf(
      { designation: 'AUTHENTICATION', authentication: 'REQUIRE_UNAUTHENTICATED' },
      { identification: {} },
    );
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const bob = await signedIn(app, BOB);
    expect(shown(await start(bob, { flow: { slug: outer.slug } }))).toEqual([
      outer.slug,
      'DummyChallenge',
      null,
    ]);
  });

  it('can be two deep', async () => {
    const innermost = await composer.flowOf({}, { password: {} });
    const inner = await composer.flowOf({}, { identification: {} }, returning(innermost), { dummy: {} });
    const outer = await composer.flowOf({}, returning(inner), { userLogin: {} });
    const execution = await start(client, { flow: { slug: outer.slug }, responses: [NAME, PASSWORD] });
    expect(shown(execution)).toEqual([inner.slug, 'DummyChallenge', null]);
    expect((await submit(client, execution, OK)).step.session).not.toBeNull();
  });

  it('is denied together with the other one', async () => {
    const inner = await composer.flowOf({}, { deny: { message: 'No.' } });
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const { step } = await start(client, { flow: { slug: outer.slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED', message: 'No.' });
  });

  it('is cancelled together with the other one', async () => {
    const inner = await composer.flowOf({}, { dummy: {} });
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const execution = await start(client, { flow: { slug: outer.slug }, next: '/account' });
    const { step } = await cancel(client, execution);
    expect(step).toEqual({ __typename: 'FlowCancelled', redirectTo: '/account' });
  });

  it('denies where it has been deleted meanwhile', async () => {
    const inner = await composer.flowOf({}, { dummy: {} });
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const execution = await start(client, { flow: { slug: outer.slug } });
    await composer.admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: outer.id });
    expect((await submit(client, execution, OK)).step).toMatchObject({ code: 'CONFIGURATION_ERROR' });
  });
});

describe('a login that a policy removed', () => {
  async function blockedLogin(flow: ComposedFlow): Promise<void> {
    const stageBindingId = await composer.add(flow, 5, { userLogin: {} });
    await composer.guardWith({ stageBindingId }, { dummy: { result: false, message: 'Blocked.' } });
  }

  it('in the inner flow is a denial, and nothing returns', async () => {
    const inner = await composer.flow();
    await blockedLogin(inner);
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} });
    const { step } = await start(client, { flow: { slug: outer.slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'LOGIN_BLOCKED', message: 'Blocked.' });
  });

  it('before going on with another flow is not forgotten there, nor when that is begun again', async () => {
    const inner = await composer.flow();
    const place = { invalidResponseAction: 'RESTART' };
    await composer.add(inner, 1, { identification: { pretendUserExists: false } }, place);
    const outer = await composer.flow();
    await blockedLogin(outer);
    await composer.add(outer, 9, to(inner));
    const first = await start(client, { flow: { slug: outer.slug } });
    const again = await submit(client, first, { identification: { identifier: 'nobody' } });
    const { step } = await submit(client, again, NAME);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'LOGIN_BLOCKED', message: 'Blocked.' });
  });
});

describe('a session that a flow opens before its end', () => {
  const responses = [NAME, PASSWORD];

  it('is given to a native client with the end of the flow', async () => {
    const inner = await composer.flowOf({}, { identification: {} }, { password: {} }, { userLogin: {} });
    const outer = await composer.flowOf({}, returning(inner), { dummy: {} }, { dummy: {} });
    const input = { flow: { slug: outer.slug }, client: 'NATIVE', responses };
    const first = await start(client, input);
    expect(first.step.__typename).toBe('DummyChallenge');
    const second = await submit(client, first, OK);
    const end = await submit(client, second, OK);
    client.bearer = end.step.session.token;
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
    const repeated = await submit(client, second, OK);
    expect(repeated.step.session.token).toBe(client.bearer);
  });

  it('is given to a browser at once', async () => {
    const flow = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { userLogin: {} },
      { dummy: {} },
    );
    expect((await start(client, { flow: { slug: flow.slug }, responses })).step.__typename).toBe(
      'DummyChallenge',
    );
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
  });
});
