import { Composer, filledIn, signedUp } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const PASSWORD = 'a long enough password';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

/** Where a flow leads that this expression guards. */
async function guardedBy(expression: string, client = app.client(), how: object = {}) {
  const flow = await composer.flowOf({}, { dummy: {} });
  await composer.guardWith({ flowId: flow.id }, { expression: { expression } }, how);
  return (await start(client, { flow: { slug: flow.slug } })).step;
}

describe('an expression', () => {
  it.each([
    ['true', 'DummyChallenge'],
    ['return true', 'DummyChallenge'],
    ['const day = 1;\nreturn day === 1;', 'DummyChallenge'],
    ['{ passing: true }', 'DummyChallenge'],
    ['({ passing: true, messages: [] })', 'DummyChallenge'],
    ['false', 'FlowDenied'],
    ['return { passing: false }', 'FlowDenied'],
  ])('decides: %s', async (expression, expected) => {
    expect(await guardedBy(expression)).toMatchObject({ __typename: expected });
  });

  it('tells the person why', async () => {
    const step = await guardedBy("return { passing: false, messages: ['Closed.', 'Come back on Monday.'] }");
    expect(step).toMatchObject({ code: 'POLICY_DENIED', message: 'Closed.\nCome back on Monday.' });
  });
});

describe('what an expression says to the person', () => {
  it.each([
    ['a name that is cut in the middle of an emoji', '"Hello " + "😀".slice(0, 1)', 'Hello �'],
    ['a character that no database keeps', '"a\\u0000b"', 'a�b'],
  ])('is said as far as it can be, where it has %s', async (_what, expression, text) => {
    for (const passing of [true, false]) {
      const flow = await composer.flowOf({}, { dummy: {} });
      const said = { expression: { expression: `({ passing: ${passing}, messages: [${expression}] })` } };
      await composer.guardWith({ flowId: flow.id }, said);
      const { step } = await start(app.client(), { flow: { slug: flow.slug } });
      if (passing) expect(step.__typename).toBe('DummyChallenge');
      else expect(step).toMatchObject({ code: 'POLICY_DENIED', message: text });
    }
  });

  it('is for administrators only where it fails, whatever its error says', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith(
      { flowId: flow.id },
      { expression: { expression: 'throw new Error("\\ud83d\\u0000")' } },
    );
    const { step } = await start(app.client(), { flow: { slug: flow.slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
  });
});

describe('what an expression can read', () => {
  const SEEN =
    'return { passing: false, messages: [JSON.stringify({ user, viewer, request, flow, execution, context })] }';

  it('of somebody who is signed in', async () => {
    const { message } = await guardedBy(SEEN, admin);
    const person = {
      id: expect.any(String),
      username: ADMIN.username,
      email: ADMIN.email,
      name: expect.any(String),
      isActive: true,
      isSuperuser: true,
      createdAt: expect.stringMatching(/^2030-/),
      groups: ['administrators'],
      authenticators: [],
      attributes: {},
      emailVerified: false,
      kind: 'INTERNAL',
      path: 'users',
    };
    expect(JSON.parse(message)).toEqual({
      user: person,
      viewer: person,
      request: {
        ...{
          clientIp: '127.0.0.1',
          userAgent: 'node',
          client: 'BROWSER',
          signedIn: true,
          signedInRecently: true,
        },
        ...{ time: app.clock.now().toISOString(), geo: null, asn: null },
      },
      flow: { slug: expect.any(String), designation: 'STAGE_CONFIGURATION' },
      execution: { authenticated: false, methods: [], level: 0, redirectedFrom: null, restored: false },
      context: {},
    });
  });

  it('of nobody', async () => {
    const { message } = await guardedBy(SEEN, app.client({ address: '192.0.2.7' }));
    expect(JSON.parse(message)).toMatchObject({
      user: null,
      viewer: null,
      request: { clientIp: '192.0.2.7', signedIn: false },
    });
  });

  it('in the middle of a flow, without any secret that passed through it', async () => {
    const fieldIds = [
      await composer.promptField({ key: 'nickname', type: 'TEXT', order: 1 }),
      await composer.promptField({ key: 'password', type: 'PASSWORD', order: 2 }),
    ];
    const flow = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { prompt: { fieldIds } },
    );
    const last = await composer.add(flow, 100, { dummy: {} });
    const all = `const own = Object.getOwnPropertyNames(globalThis).filter((name) => /^[a-z]/.test(name) && name !== 'globalThis');
      const seen = Object.fromEntries(own.filter((name) => typeof globalThis[name] !== 'function')
        .map((name) => [name, globalThis[name]]));
      const text = JSON.stringify({ user, viewer, request, flow, execution, context, ...seen });
      return { passing: true, messages: text.match(/[^]{1,900}/g) };`;
    await composer.guardWith({ stageBindingId: last }, { expression: { expression: all } });
    const client = app.client();
    const { step } = await start(client, {
      flow: { slug: flow.slug },
      loginHint: 'hinted',
      responses: [
        { identification: { identifier: ADMIN.username } },
        { password: { password: ADMIN.password } },
        filledIn({ nickname: 'Countess', password: 'typed into the form' }),
      ],
    });
    const text = step.messages.map((message: { text: string }) => message.text).join('');
    const seen: { context: object } = JSON.parse(text);
    expect(seen).toMatchObject({
      user: { username: ADMIN.username },
      execution: { authenticated: true, methods: ['pwd'], redirectedFrom: null },
      context: { loginHint: 'hinted', promptData: { nickname: 'Countess' } },
    });
    for (const secret of [ADMIN.password, 'typed into the form', '$2', ...client.cookies.values()]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/hash|secret|token|promptPasswords|password"/i);
    expect(Object.keys(seen).toSorted()).toEqual([
      ...['context', 'execution', 'flow', 'request', 'user', 'viewer'],
    ]);
  });

  it('is only a copy: what it writes there is not seen by anybody', async () => {
    const meddling = "user.isSuperuser = true; context.pendingUser = { id: 'x' }; return user.isSuperuser;";
    const { slug } = await composer.enrollment();
    const bob = await signedUp(app, slug, { username: 'bob', password: PASSWORD });
    expect(await guardedBy(meddling, bob)).toMatchObject({
      __typename: 'DummyChallenge',
      user: { displayName: 'bob' },
    });
    expect(await guardedBy('user.isSuperuser', bob)).toMatchObject({ __typename: 'FlowDenied' });
  });

  it.each(['process', 'require', 'fetch', 'globalThis.process', 'setTimeout', 'Date', 'eval', 'Function'])(
    'is not %s',
    async (name) => {
      expect(await guardedBy(`typeof ${name} === 'undefined'`)).toMatchObject({
        __typename: 'DummyChallenge',
      });
    },
  );
});

describe('a mistake in the syntax', () => {
  const CREATE = 'mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }';
  it.each([
    ['true &&', 'Line 1, column 8'],
    ['const a = 1;\nreturn a +;', 'Line 2, column 11'],
    ['if (true) {', 'Line 1, column 12'],
    ['"', 'Line 1, column 1'],
    ['return await user', 'Line 1, column'],
    ['}); (() => {', 'Line 1, column 1'],
  ])('is refused on saving, with its place: %j', async (expression, place) => {
    const input = { name: 'never saved', config: { expression: { expression } } };
    const { errors } = await admin.send(CREATE, { input });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'input.config.expression.expression', code: 'SYNTAX' }],
        },
      },
    ]);
    expect(JSON.stringify(errors[0]?.extensions.fields)).toContain(place);
    expect((await admin.ok('{ policy(name: "never saved") { id } }')).policy).toBeNull();
  });

  it('is refused in an update as well, and the policy stays as it was', async () => {
    const id = await composer.policy({ expression: { expression: 'true' } });
    const update = `mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }`;
    const input = { config: { expression: { expression: 'tru e' } } };
    expect((await admin.send(update, { id, input })).errors).toMatchObject([
      { extensions: { fields: [{ path: 'input.config.expression.expression' }] } },
    ]);
    const read =
      'query($id: ID) { policy(id: $id) { config { ... on ExpressionPolicyConfig { expression } } } }';
    expect((await admin.ok(read, { id })).policy.config).toEqual({ expression: 'true' });
  });

  it.each(['', 'x'.repeat(20_001)])('is refused like a source of the wrong length', async (expression) => {
    const input = { name: 'never saved', config: { expression: { expression } } };
    expect((await admin.send(CREATE, { input })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.config.expression.expression' }] } },
    ]);
  });
});

describe('an expression that goes wrong', () => {
  const GENERIC = 'This flow does not apply to you.';
  /** By itself or by its own limits, and not only once those who wait for it have given up. */
  const OWN_END =
    /^(TIMEOUT: Not finished after 1000 ms$|MEMORY: |ERROR: |UNUSABLE_RESULT: |the result is neither )/;
  it.each([
    ['an endless loop', 'while (true) {}'],
    ['endless recursion', 'const again = () => again() + 1; return again() > 0;'],
    ['a memory bomb', 'const all = []; while (true) all.push("x".repeat(1000000) + all.length);'],
    ['a promise that never settles', 'return new Promise(() => {});'],
    ['a promise of true', 'return Promise.resolve(true);'],
    ['a text', '"true"'],
    ['a number', '1'],
    ['null', 'null'],
    ['nothing', 'const a = 1;'],
    ['an object of another form', '({ passing: "yes" })'],
    ['an object with more in it', '({ passing: true, admin: true })'],
    ['a message that is no text', '({ passing: true, messages: [1] })'],
    ['too many messages', '({ passing: true, messages: Array(21).fill("x") })'],
    ['something thrown', 'throw new Error("the inner workings of " + JSON.stringify(request))'],
    ['an unknown name', 'usr.isSuperuser'],
    ['a member of nobody', 'user.isSuperuser'],
  ])('has failed in bounded time, and says nothing of why: %s', async (_, expression) => {
    const denied = await guardedBy(expression);
    expect(denied).toMatchObject({ code: 'POLICY_DENIED', message: GENERIC });
    const { history } = await inspect(admin, { supportId: denied.supportId });
    expect(history[0].entries[0].error).toMatch(OWN_END);
    expect(await guardedBy(expression, app.client(), { failureResult: true })).toMatchObject({
      __typename: 'DummyChallenge',
      messages: [],
    });
  });

  it('lets others sign in meanwhile', async () => {
    const looping = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: looping.id }, { expression: { expression: 'while (true) {}' } });
    const stuck = Array.from({ length: 2 }, () => start(app.client(), { flow: { slug: looping.slug } }));
    const { viewer } = await (await signedIn(app)).ok('{ viewer { username } }');
    expect(viewer).toEqual({ username: ADMIN.username });
    for (const { step } of await Promise.all(stuck)) expect(step.code).toBe('POLICY_DENIED');
  });
});
