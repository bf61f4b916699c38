import { Composer, filledIn } from '../support/compose.js';
import { ACKNOWLEDGED } from '../support/dummies.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import { CREATE_USER, MARK_COMPROMISED, PASSWORD, People, SET_PASSWORD } from '../support/people.js';
import { UPDATE_USER, codes } from '../support/people.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const NEW = 'another long enough password';
const LINK = 'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }';
const EVENTS = `query($userId: ID) {
  events(filter: { userId: $userId }) { edges { node { action details } } }
}`;

let app: TestApp;
let admin: TestClient;
let people: People;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  people = new People(app, admin);
});
afterAll(() => app.close());

const linkFor = async (id: string): Promise<string> =>
  (await admin.ok(LINK, { input: { user: { id } } })).createRecoveryLink.token;
const eventsOf = async (userId: string): Promise<{ action: string; details: object }[]> => {
  const { events } = await admin.ok(EVENTS, { userId });
  return events.edges.map(({ node }: { node: object }) => node);
};
const identify = (client: TestClient, username: string) =>
  start(client, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [{ identification: { identifier: username } }],
  });

/** What somebody is told who signs in with this password. */
async function toldBy(username: string, password: string): Promise<unknown[]> {
  const client = app.client();
  const { step } = await submit(client, await identify(client, username), { password: { password } });
  return step.__typename === 'FlowCompleted' ? [] : step.errors;
}

describe('a password that an administrator sets', () => {
  it('takes the place of the one before, and signs its person out', async () => {
    const { id, username, password } = await people.create();
    const client = await signedIn(app, { username, password });
    app.clock.advance(1);
    const set = (await admin.ok(SET_PASSWORD, { id, password: NEW })).setUserPassword;
    expect(set).toEqual({
      ...{ id, passwordCompromised: false },
      passwordChangedAt: app.clock.now().toISOString(),
    });
    expect(await viewerOf(client)).toBeNull();
    expect(await toldBy(username, password)).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(await toldBy(username, NEW)).toEqual([]);
    const events = (await eventsOf(id)).filter(({ action }) => action === 'PASSWORD_SET');
    expect(events).toHaveLength(2);
    expect(events[0]?.details).toEqual({ change: 'UPDATED', fields: ['password'] });
    expect(JSON.stringify([await eventsOf(id), app.log])).not.toContain(NEW);
  });

  it('of one’s own leaves the session in which it was set, and no other', async () => {
    const other = await signedIn(app);
    const { id } = (await admin.ok('{ viewer { id } }')).viewer;
    await admin.ok(SET_PASSWORD, { id, password: NEW });
    expect(await viewerOf(other)).toBeNull();
    expect((await admin.ok('{ viewer { id } }')).viewer).toEqual({ id });
    await admin.ok(SET_PASSWORD, { id, password: 'correct horse battery staple' });
  });

  it.each([
    ['short', 'TOO_SHORT'],
    ['x'.repeat(257), 'TOO_LONG'],
    ['ababababababababab', 'TOO_GUESSABLE'],
    ['longest-name.longest-name', 'TOO_GUESSABLE'],
    ['a long enough\0 password', 'NOT_STORABLE'],
    ['a long enough\uD800 password', 'NOT_STORABLE'],
    ['', 'TOO_SHORT'],
  ])('cannot be %p', async (password, code) => {
    const { user } = await admin.ok('{ user(identifier: "longest-name") { id } }');
    const id =
      user?.id ?? (await admin.ok(CREATE_USER, { input: { username: 'longest-name' } })).createUser.id;
    const { errors } = await admin.send(SET_PASSWORD, { id, password });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'password', code }] } },
    ]);
    if (password !== '') expect(JSON.stringify(errors)).not.toContain(password);
    expect((await admin.ok(`{ user(id: "${id}") { passwordChangedAt } }`)).user.passwordChangedAt).toBeNull();
  });
});

describe('a password that others know', () => {
  it('proves nothing any more, says so to whoever knows it, and to nobody else', async () => {
    const { id, username, password } = await people.create();
    const client = await signedIn(app, { username, password });
    const marked = (await admin.ok(MARK_COMPROMISED, { id })).markPasswordCompromised;
    expect(marked).toEqual({ id, passwordCompromised: true });
    expect(await viewerOf(client)).toBeNull();
    expect(await toldBy(username, password)).toMatchObject([
      { field: 'password', code: 'PASSWORD_COMPROMISED' },
    ]);
    expect(await toldBy(username, 'a wrong but long password')).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ]);
    const actions = await eventsOf(id);
    const of = (action: string) => actions.filter((event) => event.action === action);
    expect(of('PASSWORD_COMPROMISED')).toMatchObject([{ details: { change: 'UPDATED' } }]);
    expect(of('LOGIN_FAILED').map(({ details }) => details)).toEqual(
      expect.arrayContaining([{ method: 'password', compromised: true }, { method: 'password' }]),
    );
    await admin.ok(MARK_COMPROMISED, { id });
    expect((await eventsOf(id)).filter(({ action }) => action === 'PASSWORD_COMPROMISED')).toHaveLength(1);
  });

  it('is guessed at like any other: too many guesses are not looked at', async () => {
    const { id, username, password } = await people.create();
    await admin.ok(MARK_COMPROMISED, { id });
    const told: unknown[] = [];
    for (let guess = 0; guess < 12; guess += 1) told.push(...(await toldBy(username, password)));
    expect(told).toContainEqual(expect.objectContaining({ code: 'PASSWORD_COMPROMISED' }));
    expect(told.at(-1)).not.toMatchObject({ code: 'PASSWORD_COMPROMISED' });
  });

  it('is told of where it is asked for together with the name', async () => {
    const composer = new Composer(admin);
    const passwordStageId = await composer.stage({ password: {} });
    const flow = await composer.flowOf({}, { identification: { passwordStageId } }, { userLogin: {} });
    const { id, username, password } = await people.create();
    await admin.ok(MARK_COMPROMISED, { id });
    const client = app.client();
    const asked = await start(client, { flow: { slug: flow.slug } });
    const { step } = await submit(client, asked, { identification: { identifier: username, password } });
    expect(step.errors).toMatchObject([{ field: null, code: 'PASSWORD_COMPROMISED' }]);
  });

  it('opens no session to whoever had proved it before', async () => {
    const composer = new Composer(admin);
    const flow = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { dummy: {} },
      { userLogin: {} },
    );
    const { id, username, password } = await people.create();
    const responses = [{ identification: { identifier: username } }, { password: { password } }];
    const client = app.client();
    const waiting = await start(client, { flow: { slug: flow.slug }, responses });
    expect(waiting.step.__typename).toBe('DummyChallenge');
    await admin.ok(MARK_COMPROMISED, { id });
    const answer = {
      executionId: waiting.id,
      challengeId: waiting.step.id,
      response: ACKNOWLEDGED,
    };
    const { data } = await trySubmit(client, answer);
    expect(data?.submitStage.step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    expect(await viewerOf(client)).toBeNull();
  });

  it('is good again once it is a new one, set by its person or by an administrator', async () => {
    const { id, username } = await people.create();
    await admin.ok(MARK_COMPROMISED, { id });
    const flowToken = await linkFor(id);
    const recovered = app.client();
    const responses = [filledIn({ password: NEW, passwordRepeat: NEW })];
    const { step } = await start(recovered, { flow: { designation: 'RECOVERY' }, flowToken, responses });
    expect(step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(recovered)).toMatchObject({ username });
    expect(await toldBy(username, NEW)).toEqual([]);
    await admin.ok(MARK_COMPROMISED, { id });
    expect((await admin.ok(SET_PASSWORD, { id, password: PASSWORD })).setUserPassword).toMatchObject({
      passwordCompromised: false,
    });
    expect(await toldBy(username, PASSWORD)).toEqual([]);
  });

  it('is one that there is', async () => {
    const { id } = (await admin.ok(CREATE_USER, { input: { username: 'without password' } })).createUser;
    expect(codes(await admin.send(MARK_COMPROMISED, { id }))).toEqual(['CONFLICT']);
  });
});

describe('somebody who is disabled', () => {
  it('is signed out for good, with every link and flow that they had open', async () => {
    const { id, username, password } = await people.create();
    const client = await signedIn(app, { username, password });
    const flowToken = await linkFor(id);
    const opened = app.client();
    const waiting = await start(opened, { flow: { designation: 'RECOVERY' }, flowToken });
    await admin.ok(UPDATE_USER, { id, input: { active: false } });
    expect(await viewerOf(client)).toBeNull();
    expect(await toldBy(username, password)).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(codes(await admin.send(LINK, { input: { user: { id } } }))).toEqual(['CONFLICT']);
    await admin.ok(UPDATE_USER, { id, input: { active: true } });
    expect(await viewerOf(client)).toBeNull();
    const again = await start(app.client(), { flow: { designation: 'RECOVERY' }, flowToken });
    expect(again.step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
    const response = filledIn({ password: NEW, passwordRepeat: NEW });
    const { data } = await trySubmit(opened, {
      executionId: waiting.id,
      challengeId: waiting.step.id,
      response,
    });
    expect(data?.submitStage.step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    expect(await toldBy(username, password)).toEqual([]);
  });
});

it('asks whoever has signed in long ago to prove again who they are', async () => {
  const { id } = await people.create();
  app.clock.advance(900);
  for (const [document, variables] of [
    [UPDATE_USER, { id, input: {} }],
    ['mutation($id: ID!) { deleteUser(id: $id) }', { id }],
    [SET_PASSWORD, { id, password: NEW }],
    [MARK_COMPROMISED, { id }],
    [CREATE_USER, { input: { username: 'late' } }],
  ] as const) {
    expect(codes(await admin.send(document, variables))).toEqual(['STEP_UP_REQUIRED']);
  }
});
