import { Composer, filledIn, signedUp } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const NEW_PASSWORD = 'entirely another password';

let app: TestApp;
let composer: Composer;
let enrollment: string;
let newPassword: string;
let newName: string;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  enrollment = (await composer.enrollment()).slug;
  await signedUp(app, enrollment, BOB);
  newPassword = await composer.promptField({ key: 'password', type: 'PASSWORD' });
  newName = await composer.promptField({ key: 'name', type: 'TEXT' });
});
afterAll(() => app.close());

const named = (identifier: string) => ({ identification: { identifier } });
const DENIED = { __typename: 'FlowDenied', code: 'STAGE_DENIED' };

async function viewer(client: TestClient): Promise<{ username: string; name: string } | null> {
  return (await client.ok('{ viewer { username name } }')).viewer;
}

/** Runs a new flow of these stages with these answers, to where they lead. */
async function run(
  client: TestClient,
  configs: readonly object[],
  responses: readonly object[],
): Promise<Execution> {
  const { slug } = await composer.flowOf({}, ...configs);
  const execution = await start(client, { flow: { slug }, responses });
  expect(execution.responsesUsed).toBe(responses.length);
  return execution;
}

describe('nobody is signed in without a proof', () => {
  it('by saying who they are', async () => {
    const client = app.client();
    for (const identifier of [BOB.username, ADMIN.email, 'nobody at all']) {
      const configs = [{ identification: {} }, { userLogin: {} }];
      const { step } = await run(client, configs, [named(identifier)]);
      expect(step).toMatchObject({ ...DENIED, message: 'You could not be signed in.' });
      expect(await viewer(client)).toBeNull();
    }
  });

  it('by saying who they are and acknowledging something', async () => {
    const client = app.client();
    const configs = [{ identification: {} }, { dummy: {} }, { userLogin: {} }];
    const answers = [named(BOB.username), { dummy: { acknowledge: true } }];
    expect((await run(client, configs, answers)).step).toMatchObject(DENIED);
    expect(await viewer(client)).toBeNull();
  });

  it('by the form of somebody else', async () => {
    const client = app.client();
    const configs = [{ identification: {} }, { prompt: { fieldIds: [newName] } }, { userLogin: {} }];
    const answers = [named(BOB.username), filledIn({ name: 'Bob' })];
    expect((await run(client, configs, answers)).step).toMatchObject(DENIED);
    expect(await viewer(client)).toBeNull();
  });

  it('as one person with the password of another', async () => {
    const client = app.client();
    const configs = [{ identification: {} }, { password: {} }, { identification: {} }, { userLogin: {} }];
    const answers = [named(BOB.username), { password: { password: BOB.password } }, named(ADMIN.username)];
    expect((await run(client, configs, answers)).step).toMatchObject(DENIED);
    expect(await viewer(client)).toBeNull();
  });

  it('in a flow that only signs in', async () => {
    const client = app.client();
    expect((await run(client, [{ userLogin: {} }], [])).step).toMatchObject(DENIED);
    const bob = await signedIn(app, BOB);
    expect((await run(bob, [{ userLogin: {} }], [])).step).toMatchObject(DENIED);
  });

  it('where a policy has taken the password out', async () => {
    for (const place of [{ evaluateOnPlan: true, reEvaluatePolicies: false }, {}]) {
      const client = app.client();
      const flow = await composer.flow();
      await composer.add(flow, 1, { identification: {} });
      const binding = await composer.add(flow, 2, { password: {} }, place);
      await composer.guardWith({ stageBindingId: binding }, { dummy: { result: false } });
      await composer.add(flow, 3, { userLogin: {} });
      const responses = [named(ADMIN.username)];
      const { step } = await start(client, { flow: { slug: flow.slug }, responses });
      expect(step).toMatchObject(DENIED);
      expect(await viewer(client)).toBeNull();
    }
  });
});

describe("an account is never changed without its owner's proof", () => {
  const stages = (creation = 'NEVER') => [
    { identification: {} },
    { prompt: { fieldIds: [newPassword] } },
    { userWrite: { creation } },
    { userLogin: {} },
  ];
  const answers = [named(BOB.username), filledIn({ password: NEW_PASSWORD })];

  it.each(['NEVER', 'WHEN_REQUIRED'])('by a stranger, where accounts are made %s', async (creation) => {
    const client = app.client();
    const { step } = await run(client, stages(creation), answers);
    expect(step).toMatchObject({ ...DENIED, message: 'You may not change this account.' });
    expect(await viewer(client)).toBeNull();
    expect(await viewer(await signedIn(app, BOB))).toMatchObject({ username: 'bob' });
  });

  it('by somebody else who is signed in, even an administrator', async () => {
    const { step } = await run(await signedIn(app), stages(), answers);
    expect(step).toMatchObject(DENIED);
    expect(await viewer(await signedIn(app, BOB))).toMatchObject({ username: 'bob' });
  });

  it('where an account is always made, by its name: that is taken', async () => {
    const field = await composer.promptField({ key: 'username', type: 'TEXT' });
    for (const username of ['bob', 'BOB', ADMIN.email]) {
      const configs = [
        { prompt: { fieldIds: [field] } },
        { userWrite: { creation: 'ALWAYS' } },
        { userLogin: {} },
      ];
      const { step } = await run(app.client(), configs, [filledIn({ username })]);
      expect(step).toMatchObject(DENIED);
    }
  });

  it('but is where the password was given before', async () => {
    const configs = [
      { identification: {} },
      { password: {} },
      { prompt: { fieldIds: [newName] } },
      ...stages().slice(2),
    ];
    const proof = { password: { password: BOB.password } };
    const client = app.client();
    const { step } = await run(client, configs, [named('bob'), proof, filledIn({ name: 'Robert' })]);
    expect(step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(await viewer(client)).toEqual({ username: 'bob', name: 'Robert' });
  });

  it('but is by its owner, who is signed in', async () => {
    const bob = await signedIn(app, BOB);
    const configs = [{ prompt: { fieldIds: [newName] } }, { userWrite: { creation: 'NEVER' } }];
    expect((await run(bob, configs, [filledIn({ name: 'Bobby' })])).step.__typename).toBe('FlowCompleted');
    expect(await viewer(bob)).toEqual({ username: 'bob', name: 'Bobby' });
  });

  it('and only in what the stage writes, whatever the form asked for', async () => {
    const bob = await signedIn(app, BOB);
    const keys = ['superuser', 'isActive', 'groups', 'id', 'passwordHash'];
    const fieldIds = await Promise.all(keys.map((key) => composer.promptField({ key, type: 'TEXT' })));
    const filled = filledIn(Object.fromEntries([...keys.map((key) => [key, 'true']), ['name', 'B.']]));
    const configs = [{ prompt: { fieldIds: [...fieldIds, newName] } }, { userWrite: { creation: 'NEVER' } }];
    expect((await run(bob, configs, [filled])).step.__typename).toBe('FlowCompleted');
    expect((await bob.ok('{ viewer { username name isSuperuser } }')).viewer).toEqual({
      username: 'bob',
      name: 'B.',
      isSuperuser: false,
    });
  });

  it('nor made where nothing was collected', async () => {
    expect((await run(app.client(), [{ userWrite: { creation: 'ALWAYS' } }], [])).step).toMatchObject(DENIED);
  });
});

describe('an account that is made inactive', () => {
  it('is not signed in, neither at once nor later', async () => {
    const fieldIds = [
      await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
      newPassword,
    ];
    const carol = { username: 'carol', password: BOB.password };
    const client = app.client();
    const { slug } = await composer.flowOf(
      {},
      { prompt: { fieldIds } },
      { userWrite: { creation: 'ALWAYS', createUsersAsInactive: true } },
      { userLogin: {} },
    );
    const shown = await start(client, { flow: { slug } });
    expect((await submit(client, shown, filledIn(carol))).step).toMatchObject(DENIED);
    expect(await viewer(client)).toBeNull();
    await expect(signedIn(app, carol)).rejects.toThrow('INVALID_CREDENTIALS');
  });
});
