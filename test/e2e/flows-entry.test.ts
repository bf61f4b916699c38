import { Composer, signedUp } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const DUMMY = { dummy: {} };
const passes = (message = '') => ({ dummy: { result: true, message } });
const fails = (message = '') => ({ dummy: { result: false, message } });

let app: TestApp;
let admin: TestClient;
let bob: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  const { slug } = await composer.enrollment();
  bob = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
});
afterAll(() => app.close());

type Guard = readonly [config: object, how?: object];

/** Where a new flow of one stage, guarded like this, leads at once. */
async function enter(fields: object, guards: readonly Guard[], input: object = {}, client = app.client()) {
  const flow = await composer.flowOf(fields, DUMMY);
  for (const [config, how] of guards) await composer.guardWith({ flowId: flow.id }, config, how);
  return (await start(client, { flow: { slug: flow.slug }, ...input })).step;
}

const ENTERED = { __typename: 'DummyChallenge' };
const DENIED = { __typename: 'FlowDenied', code: 'POLICY_DENIED' };

describe('policies before a flow', () => {
  it.each<[string, string, readonly Guard[], object]>([
    ['nothing', 'ANY', [], ENTERED],
    ['nothing', 'ALL', [], ENTERED],
    ['one that passes', 'ANY', [[passes()]], ENTERED],
    ['one that fails', 'ANY', [[fails()]], DENIED],
    ['one of each', 'ANY', [[passes()], [fails()]], ENTERED],
    ['one of each', 'ALL', [[passes()], [fails()]], DENIED],
    ['two that pass', 'ALL', [[passes()], [passes()]], ENTERED],
    ['a failing one that is negated', 'ANY', [[fails(), { negate: true }]], ENTERED],
    ['a passing one that is negated', 'ANY', [[passes(), { negate: true }]], DENIED],
    ['a failing one that is disabled', 'ALL', [[fails(), { enabled: false }]], ENTERED],
    ['a passing one that is disabled', 'ANY', [[fails()], [passes(), { enabled: false }]], DENIED],
    ['one that errs', 'ANY', [[{ dummy: { throwError: true } }]], DENIED],
    [
      'an error that counts as passed',
      'ALL',
      [[{ dummy: { throwError: true } }, { failureResult: true }]],
      ENTERED,
    ],
    ['a negated error', 'ANY', [[{ dummy: { throwError: true } }, { negate: true }]], DENIED],
    ['an error beside one that passes', 'ALL', [[{ dummy: { throwError: true } }], [passes()]], DENIED],
  ])('decide on it: %s, mode %s', async (_, policyEngineMode, guards, expected) => {
    expect(await enter({ policyEngineMode }, guards)).toMatchObject(expected);
  });

  it('say their messages in their order, also those that pass', async () => {
    const step = await enter({ policyEngineMode: 'ALL' }, [
      [passes('third'), { order: 3 }],
      [fails('first'), { order: 1 }],
      [fails('second'), { order: 2 }],
    ]);
    expect(step).toMatchObject({ ...DENIED, message: 'first\nsecond\nthird' });
    expect(step.supportId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never tell the person why a policy erred', async () => {
    const { message } = await enter({}, [[{ dummy: { throwError: true, message: 'inner workings' } }]]);
    expect(message).toBe('This flow does not apply to you.');
  });
});

describe('the denied action', () => {
  it.each([
    ['MESSAGE', '/welcome?x=1', null],
    ['MESSAGE', null, null],
    ['MESSAGE_CONTINUE', '/welcome?x=1', '/welcome?x=1'],
    ['MESSAGE_CONTINUE', null, null],
    ['CONTINUE', '/welcome?x=1', '/welcome?x=1'],
    ['CONTINUE', null, '/'],
  ])('%s with the next %j leads to %j', async (deniedAction, next, redirectTo) => {
    const step = await enter({ deniedAction }, [[fails('Not for you.')]], { next });
    expect(step).toMatchObject({ ...DENIED, message: 'Not for you.', redirectTo });
  });
});

describe('people and groups before a flow', () => {
  it.each([
    ['the person', false, { ada: 'FlowDenied', bob: 'DummyChallenge', nobody: 'FlowDenied' }],
    ['the person', true, { ada: 'DummyChallenge', bob: 'FlowDenied', nobody: 'FlowDenied' }],
    ['the group', false, { ada: 'DummyChallenge', bob: 'FlowDenied', nobody: 'FlowDenied' }],
    ['the group', true, { ada: 'FlowDenied', bob: 'DummyChallenge', nobody: 'FlowDenied' }],
  ])('let in %s, negated %j; nobody never', async (subject, negate, expected) => {
    const flow = await composer.flowOf({}, DUMMY);
    const { viewer } = await bob.ok('{ viewer { id } }');
    const group = '{ stage(name: "initial-setup-write") { config { ... on UserWriteConfig { groupId } } } }';
    const { groupId } = (await admin.ok(group)).stage.config;
    const chosen = subject === 'the person' ? { userId: viewer.id } : { groupId };
    await composer.guard({ flowId: flow.id }, chosen, { negate });
    const reached = async (client: TestClient): Promise<string> =>
      (await start(client, { flow: { slug: flow.slug } })).step.__typename;
    expect({
      ada: await reached(admin),
      bob: await reached(bob),
      nobody: await reached(app.client()),
    }).toEqual(expected);
  });
});

describe('the authentication requirement', () => {
  const no = 'NOT_APPLICABLE';
  it.each([
    ['NONE', { nobody: null, bob: null, ada: null }],
    ['REQUIRE_AUTHENTICATED', { nobody: no, bob: null, ada: null }],
    ['REQUIRE_UNAUTHENTICATED', { nobody: null, bob: no, ada: no }],
    ['REQUIRE_SUPERUSER', { nobody: no, bob: no, ada: null }],
    ['REQUIRE_REDIRECT', { nobody: no, bob: no, ada: no }],
    ['REQUIRE_TOKEN', { nobody: 'INVALID_TOKEN', bob: 'INVALID_TOKEN', ada: 'INVALID_TOKEN' }],
  ])('%s lets in whom it should', async (authentication, expected) => {
    const { slug } = await composer.flowOf({ authentication }, DUMMY);
    const code = async (client: TestClient): Promise<string | null> =>
      (await start(client, { flow: { slug } })).step.code ?? null;
    expect({ nobody: await code(app.client()), bob: await code(bob), ada: await code(admin) }).toEqual(
      expected,
    );
  });

  it('comes before the policies, and a token that is no good before both', async () => {
    const { id, slug } = await composer.flowOf({ authentication: 'REQUIRE_SUPERUSER' }, DUMMY);
    await composer.guardWith({ flowId: id }, fails('from the policy'));
    expect((await start(bob, { flow: { slug } })).step.code).toBe('NOT_APPLICABLE');
    expect((await start(admin, { flow: { slug } })).step.code).toBe('POLICY_DENIED');
    const forged = { flow: { slug }, flowToken: 'A'.repeat(43) };
    expect((await start(admin, forged)).step.code).toBe('INVALID_TOKEN');
  });
});

describe('somebody who is signed in and wants to sign in', () => {
  it('goes on to where they were going', async () => {
    const fields = { designation: 'AUTHENTICATION', authentication: 'REQUIRE_UNAUTHENTICATED' };
    const { slug } = await composer.flowOf(fields, DUMMY);
    const { step } = await start(bob, { flow: { slug }, next: '/inbox' });
    expect(step).toMatchObject({ __typename: 'FlowCompleted', redirectTo: '/inbox', session: null });
    expect(await start(app.client(), { flow: { slug } })).toMatchObject({ step: ENTERED });
  });

  it('may sign in again where the flow lets them, and stays who they are until then', async () => {
    const { step } = await start(bob, { flow: { slug: 'default-authentication-flow' } });
    expect(step).toMatchObject({ __typename: 'IdentificationChallenge' });
    expect((await bob.ok('{ viewer { username } }')).viewer).toEqual({ username: 'bob' });
  });
});

describe('a flow of a designation', () => {
  it('is the first one by slug that lets the caller in', async () => {
    const designation = 'UNENROLLMENT';
    const first = await composer.flowOf({ designation, slug: 'a-first' }, DUMMY);
    await composer.flowOf({ designation, slug: 'b-second' }, DUMMY);
    await composer.guardWith(
      { flowId: first.id },
      { expression: { expression: 'user?.isSuperuser ?? false' } },
    );
    const chosen = async (client: TestClient): Promise<string> =>
      (await client.ok(`{ defaultFlow(designation: ${designation}) { slug } }`)).defaultFlow.slug;
    expect([await chosen(app.client()), await chosen(bob), await chosen(admin)]).toEqual([
      'b-second',
      'b-second',
      'a-first',
    ]);
    expect((await start(bob, { flow: { designation } })).flow.slug).toBe('b-second');
  });

  it('that has no stages is denied', async () => {
    const { slug } = await composer.flow();
    expect((await start(app.client(), { flow: { slug } })).step).toMatchObject({ code: 'EMPTY_FLOW' });
  });
});
