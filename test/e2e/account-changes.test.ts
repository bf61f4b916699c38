import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { CREATE_USER, People, UPDATE_USER, codes } from '../support/people.js';
import type { MadePerson } from '../support/people.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const NEW_PASSWORD = 'another long enough password';
const ACCOUNT = '{ username email emailVerified active awaitsVerification kind path }';
const READ = `query($id: ID!) { user(id: $id) ${ACCOUNT} }`;
const LIST =
  'query($filter: UserFilter!) { users(filter: $filter) { totalCount edges { node { username } } } }';
const EVENTS = `query($userId: ID!) {
  events(filter: { userId: $userId }) { edges { node { action details } } }
}`;
const LINK = 'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }';
const REAUTHENTICATE = { __typename: 'FlowDenied', code: 'REAUTHENTICATION_REQUIRED' };

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let people: People;
let newPassword: string;
let newEmail: string;
let newName: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  people = new People(app, admin);
  newPassword = await composer.promptField({ key: 'password', type: 'PASSWORD' });
  newEmail = await composer.promptField({ key: 'email', type: 'EMAIL' });
  newName = await composer.promptField({ key: 'name', type: 'TEXT' });
});
afterAll(() => app.close());

/** A flow in which whoever is signed in fills in a form, and it is saved. */
async function settings(fieldId: string, ...more: object[]): Promise<{ flow: { slug: string } }> {
  const form = { prompt: { fieldIds: [fieldId] } };
  const { slug } = await composer.flowOf({}, form, { userWrite: { creation: 'NEVER' } }, ...more);
  return { flow: { slug } };
}

async function filled(
  client: TestClient,
  fieldId: string,
  values: Record<string, string>,
): Promise<Execution> {
  return start(client, { ...(await settings(fieldId)), responses: [filledIn(values)] });
}

const viewer = async (client: TestClient) =>
  (await client.ok('{ viewer { username email emailVerified name kind path } }')).viewer;
const account = async ({ id }: { id: string }) => (await admin.ok(READ, { id })).user;
const eventsOf = async (userId: string) =>
  (await admin.ok(EVENTS, { userId })).events.edges.map(({ node }: Execution) => node);

/** Lets so much time pass, and the administrator sign in again. */
async function later(seconds: number): Promise<void> {
  app.clock.advance(seconds);
  const again = await signedIn(app);
  for (const [name, value] of again.cookies) admin.cookies.set(name, value);
}

describe('a password that is changed in a flow', () => {
  it('ends every other session and flow of its person, and no other', async () => {
    const person = await people.create();
    const [own, other] = [await people.signedIn(person), await people.signedIn(person)];
    const stranger = await people.signedIn(await people.create());
    const elsewhere = await start(other, await settings(newName));
    const done = await filled(own, newPassword, { password: NEW_PASSWORD });
    expect(done.step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(await viewer(own)).toMatchObject({ username: person.username });
    expect(await viewer(stranger)).not.toBeNull();
    expect(await viewer(other)).toBeNull();
    const { step } = await submit(other, elsewhere, filledIn({ name: 'Eve' }));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    await expect(people.signedIn(person)).rejects.toThrow();
    await people.signedIn({ ...person, password: NEW_PASSWORD });
  });

  it('spoils links that were made for recovering the account, but not the one that has led there', async () => {
    const person = await people.create();
    const link = async () =>
      (await admin.ok(LINK, { input: { user: { id: person.id } } })).createRecoveryLink.token;
    const open = (flowToken: string) => start(app.client(), { flow: { designation: 'RECOVERY' }, flowToken });
    const unused = await link();
    await filled(await people.signedIn(person), newPassword, { password: NEW_PASSWORD });
    expect((await open(unused)).step).toMatchObject({ __typename: 'FlowDenied', code: 'INVALID_TOKEN' });
    const client = app.client();
    const opened = await start(client, { flow: { designation: 'RECOVERY' }, flowToken: await link() });
    const password = 'a third long enough password';
    const { step } = await submit(client, opened, filledIn({ password, passwordRepeat: password }));
    expect(step.__typename).toBe('FlowCompleted');
  });

  it('keeps the session that the same flow has opened before', async () => {
    const person = await people.create();
    const other = await people.signedIn(person);
    const form = { prompt: { fieldIds: [newPassword] } };
    const write = { userWrite: { creation: 'NEVER' } };
    const { slug } = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { userLogin: {} },
      form,
      write,
    );
    const client = app.client();
    const responses = [
      { identification: { identifier: person.username } },
      { password: { password: person.password } },
      filledIn({ password: NEW_PASSWORD }),
    ];
    const { step } = await start(client, { flow: { slug }, responses });
    expect(step.__typename).toBe('FlowCompleted');
    expect(await viewer(client)).toMatchObject({ username: person.username });
    expect(await viewer(other)).toBeNull();
  });

  it('asks whoever has not proved for a while who they are to do so, as an e-mail address does; a name does not', async () => {
    const person = await people.create({ email: `${uniqueName('old')}@example.org` });
    const client = await people.signedIn(person);
    await later(1000);
    expect((await filled(client, newPassword, { password: NEW_PASSWORD })).step).toMatchObject(
      REAUTHENTICATE,
    );
    expect((await filled(client, newEmail, { email: 'n@example.org' })).step).toMatchObject(REAUTHENTICATE);
    expect((await filled(client, newName, { name: 'New' })).step.__typename).toBe('FlowCompleted');
    expect(await viewer(client)).toMatchObject({ name: 'New' });
    await people.signedIn(person);
  });
});

describe('an e-mail address', () => {
  it('is unverified once its person has changed it, and others are shut out', async () => {
    const person = await people.create({ email: `${uniqueName('old')}@example.org`, emailVerified: true });
    const [own, other] = [await people.signedIn(person), await people.signedIn(person)];
    expect(await viewer(own)).toMatchObject({ emailVerified: true });
    const email = `${uniqueName('new')}@example.org`;
    await filled(own, newEmail, { email });
    expect(await viewer(own)).toMatchObject({ email, emailVerified: false });
    expect(await viewer(other)).toBeNull();
  });

  it('that an administrator changes is unverified unless they say so, and shuts its person out', async () => {
    const person = await people.create({ email: `${uniqueName('old')}@example.org`, emailVerified: true });
    const update = async (input: object) => {
      await admin.ok(UPDATE_USER, { id: person.id, input });
      return account(person);
    };
    const client = await people.signedIn(person);
    expect(await update({ name: 'Same' })).toMatchObject({ emailVerified: true });
    expect(await viewer(client)).not.toBeNull();
    const [one, two] = [`${uniqueName('a')}@example.org`, `${uniqueName('a')}@example.org`];
    expect(await update({ email: one })).toMatchObject({ email: one, emailVerified: false });
    expect(await viewer(client)).toBeNull();
    expect(await update({ email: two, emailVerified: true })).toMatchObject({
      email: two,
      emailVerified: true,
    });
    expect(await update({ email: null, emailVerified: true })).toMatchObject({
      email: null,
      emailVerified: false,
    });
    const written = (await eventsOf(person.id)).map(({ details }: Execution) => details.fields);
    expect(written).toContainEqual(['email', 'emailVerified']);
  });
});

describe('accounts', () => {
  it('are listed by kind, by path and what lies below, and by whether they wait for being confirmed', async () => {
    const root = uniqueName('staff');
    const made = async (path: string, kind: string): Promise<string> => {
      const username = uniqueName('person');
      await admin.ok(CREATE_USER, { input: { username, path, kind } });
      return username;
    };
    const [above, below] = [await made(root, 'EXTERNAL'), await made(`${root}/a_b`, 'SERVICE_ACCOUNT')];
    await made(`${root}-other`, 'EXTERNAL');
    const listed = async (filter: object): Promise<string[]> => {
      const { users } = await admin.ok(LIST, { filter });
      expect(users.totalCount).toBe(users.edges.length);
      return users.edges.map(({ node }: Execution) => node.username).toSorted();
    };
    expect(await listed({ path: root })).toEqual([above, below].toSorted());
    expect(await listed({ path: root, kind: 'SERVICE_ACCOUNT' })).toEqual([below]);
    expect(await listed({ path: root, awaitsVerification: true })).toEqual([]);
    expect(await listed({ path: root, awaitsVerification: false })).toHaveLength(2);
    expect(codes(await admin.send(LIST, { filter: { path: '%' } }))).toEqual(['BAD_USER_INPUT']);
  });

  it.each([true, false])(
    'that wait for being confirmed do so no longer once active was set to %j',
    async (active) => {
      const username = uniqueName('person');
      const field = await composer.promptField({ key: 'username', type: 'USERNAME' });
      const write = { createUsersAsInactive: true, userKind: 'EXTERNAL', path: 'users/external' };
      const form = { prompt: { fieldIds: [field] } };
      const { slug } = await composer.flowOf({}, form, { userWrite: write });
      await start(app.client(), { flow: { slug }, responses: [filledIn({ username })] });
      const { user } = await admin.ok(
        `query($identifier: String!) { user(identifier: $identifier) { id } }`,
        {
          identifier: username,
        },
      );
      const made = { active: false, awaitsVerification: true, kind: 'EXTERNAL', path: 'users/external' };
      expect(await account(user)).toMatchObject(made);
      await admin.ok(UPDATE_USER, { id: user.id, input: { active } });
      expect(await account(user)).toMatchObject({ active, awaitsVerification: false });
      const written = (await eventsOf(user.id)).map(({ details }: Execution) => details.fields);
      expect(written).toContainEqual(active ? ['active', 'awaitsVerification'] : ['awaitsVerification']);
    },
  );
});

describe('an account that its person deletes', () => {
  const leave = async (...stages: object[]) => {
    const { slug } = await composer.flowOf({ designation: 'UNENROLLMENT' }, ...stages);
    return { flow: { slug } };
  };
  const gone = async ({ id }: MadePerson) => expect((await admin.ok(READ, { id })).user).toBeNull();

  it('is gone, with every session of theirs, and the cookie', async () => {
    const person = await people.create();
    const [own, other] = [await people.signedIn(person), await people.signedIn(person)];
    const { step } = await start(own, await leave({ userDelete: {} }));
    expect(step).toMatchObject({ __typename: 'FlowCompleted', session: null });
    await gone(person);
    expect([...own.cookies.keys()].filter((name) => name.includes('session'))).toEqual([]);
    expect(await viewer(other)).toBeNull();
    await expect(people.signedIn(person)).rejects.toThrow();
    expect(await eventsOf(person.id)).toContainEqual({
      action: 'USER_DELETED',
      details: { username: person.username },
    });
  });

  it('is not signed in, nor written to, by what follows in the flow', async () => {
    const form = { prompt: { fieldIds: [newName] } };
    for (const next of [{ userLogin: {} }, { userWrite: {} }, { userDelete: {} }]) {
      const person = await people.create();
      const client = await people.signedIn(person);
      const flow = await leave(form, { userDelete: {} }, next);
      const { step } = await start(client, { ...flow, responses: [filledIn({ name: 'Ghost' })] });
      expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
      await gone(person);
    }
  });

  it('is gone where a password has just proved who it was, and where the flow had signed them in', async () => {
    for (const between of [[], [{ userLogin: {} }]]) {
      const person = await people.create();
      const flow = await leave({ identification: {} }, { password: {} }, ...between, { userDelete: {} });
      const responses = [
        { identification: { identifier: person.username } },
        { password: { password: person.password } },
      ];
      const client = app.client();
      const { step } = await start(client, { ...flow, responses });
      expect(step).toMatchObject({ __typename: 'FlowCompleted', session: null });
      expect(await viewer(client)).toBeNull();
      await gone(person);
    }
  });

  it('stays where nobody has proved lately to be its owner, and where a policy names it', async () => {
    expect((await start(app.client(), await leave({ userDelete: {} }))).step).toMatchObject({
      ...{ __typename: 'FlowDenied', code: 'STAGE_DENIED' },
    });
    const person = await people.create();
    const flow = await leave({ identification: {} }, { userDelete: {} });
    const responses = [{ identification: { identifier: person.username } }];
    expect((await start(app.client(), { ...flow, responses })).step).toMatchObject({ code: 'STAGE_DENIED' });
    const client = await people.signedIn(person);
    const { id } = await composer.flow();
    await composer.guard({ flowId: id }, { userId: person.id });
    const refused = await client.send(
      'mutation($input: StartFlowInput!) { startFlow(input: $input) { id } }',
      {
        input: await leave({ userDelete: {} }),
      },
    );
    expect(codes(refused)).toEqual(['CONFLICT']);
    await later(1000);
    expect((await start(client, await leave({ userDelete: {} }))).step).toMatchObject(REAUTHENTICATE);
    expect(await account(person)).not.toBeNull();
    expect(await viewer(client)).not.toBeNull();
  });

  it('stays where nobody would be left who may do everything, and nothing is lost', async () => {
    const input = { ...(await leave({ dummy: {} }, { userDelete: {} })) };
    const execution = await start(admin, input);
    await expect(submit(admin, execution, { dummy: { acknowledge: true } })).rejects.toThrow(
      'Nobody would be left',
    );
    expect(await viewer(admin)).toMatchObject({ username: 'ada' });
  });
});
