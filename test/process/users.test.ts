import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { start, trySubmit } from '../support/flows.js';
import { CREATE_USER, DELETE_USER, MARK_COMPROMISED, PASSWORD, SET_PASSWORD } from '../support/people.js';
import { UPDATE_USER, codes } from '../support/people.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

const REMOVE =
  'mutation($id: ID!, $userIds: [ID!]!) { removeGroupMembers(id: $id, userIds: $userIds) { id } }';
const LINK = 'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }';

let database: ServerDatabase;
let nodes: readonly [ServerProcess, ServerProcess];
let admin: TestClient;
let onOtherNode: TestClient;
let administrators: string;
let adminId: string;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = [await startServer(variables), await startServer(variables)];
  admin = await signedIn(ADMIN.username, ADMIN.password);
  onOtherNode = nodes[1].client();
  for (const [name, value] of admin.cookies) onOtherNode.cookies.set(name, value);
  [{ group_id: administrators, user_id: adminId }] = await database.query('select * from group_member');
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

async function signedIn(username: string, password: string): Promise<TestClient> {
  const client = nodes[0].client();
  const responses = [{ identification: { identifier: username } }, { password: { password } }];
  const { step } = await start(client, { flow: { designation: 'AUTHENTICATION' }, responses });
  expect(step.__typename).toBe('FlowCompleted');
  return client;
}

async function newPerson(groupIds: readonly string[] = []): Promise<{ id: string; username: string }> {
  const username = uniqueName('person');
  const { id } = (await admin.ok(CREATE_USER, { input: { username, groupIds } })).createUser;
  return { id, username };
}

function atOnce(one: [string, object], other: [string, object]): Promise<Answer[]> {
  return database.atOnce(
    () => admin.send(...one),
    () => onOtherNode.send(...other),
  );
}

/** A group that is granted these. */
async function groupGranted(...permissions: string[]): Promise<string> {
  const id = await new Composer(admin).group();
  for (const permission of permissions)
    await database.query('insert into group_permission values ($1, $2)', [id, permission]);
  return id;
}

describe('two administrators at the same moment', () => {
  it.each<[string, (id: string) => [string, object]]>([
    ['is disabled', (id) => [UPDATE_USER, { id, input: { active: false } }]],
    ['is deleted', (id) => [DELETE_USER, { id }]],
    ['leaves the group', (id) => [REMOVE, { id: administrators, userIds: [id] }]],
  ])(
    'of whom one is disabled and the other %s, each by themselves, are not both gone',
    async (_how, leave) => {
      const eve = await newPerson([administrators]);
      await admin.ok(SET_PASSWORD, { id: eve.id, password: PASSWORD });
      const evesClient = await signedIn(eve.username, PASSWORD);
      const answers = await database.atOnce(
        () => admin.send(UPDATE_USER, { id: adminId, input: { active: false } }),
        () => evesClient.send(...leave(eve.id)),
      );
      expect(answers.flatMap(codes)).toEqual(['CONFLICT']);
      const [{ left }] = await database.query(
        `select count(*)::int as left from group_member m join user_account u on u.id = m.user_id where u.active`,
      );
      expect(left).toBe(1);
      await database.query('update user_account set active = true where id = $1', [adminId]);
      await signInAgain();
      await admin.send(DELETE_USER, { id: eve.id });
    },
  );

  it('of whom one disables the other lose what they may do at once', async () => {
    const eve = await newPerson([administrators]);
    await admin.ok(SET_PASSWORD, { id: eve.id, password: PASSWORD });
    const evesClient = await signedIn(eve.username, PASSWORD);
    const answers = await database.atOnce(
      () => admin.send(UPDATE_USER, { id: eve.id, input: { active: false } }),
      () => evesClient.send(UPDATE_USER, { id: adminId, input: { active: false } }),
    );
    expect(answers.flatMap(codes)).toEqual(['FORBIDDEN']);
    await database.query('update user_account set active = true');
    await signInAgain();
    await admin.ok(DELETE_USER, { id: eve.id });
  });

  it('who have read the same version do not write over each other', async () => {
    const { id } = await newPerson();
    const edit = (name: string): [string, object] => [UPDATE_USER, { id, input: { name }, ifVersion: 1 }];
    const answers = await atOnce(edit('one'), edit('other'));
    expect(answers.flatMap(({ errors }) => errors)).toMatchObject([
      { extensions: { code: 'CONFLICT', version: 2 } },
    ]);
  });

  it('do not give two people the same name', async () => {
    const username = uniqueName('Twin');
    const answers = await atOnce(
      [CREATE_USER, { input: { username } }],
      [CREATE_USER, { input: { username: username.toUpperCase() } }],
    );
    expect(answers.flatMap(({ errors }) => errors)).toMatchObject([
      { extensions: { code: 'CONFLICT', fields: [{ path: 'input.username', code: 'TAKEN' }] } },
    ]);
    expect(await database.count(`user_account where lower(username) = lower('${username}')`)).toBe(1);
  });
});

describe('an administrator and a flow at the same moment', () => {
  it.each<[string, (id: string) => [string, object]]>([
    ['has another password set', (id) => [SET_PASSWORD, { id, password: PASSWORD }]],
    ['is disabled', (id) => [UPDATE_USER, { id, input: { active: false } }]],
    ['is deleted', (id) => [DELETE_USER, { id }]],
  ])('do not wait for each other in a circle, and whoever %s is not signed in', async (_how, edit) => {
    const { id } = await newPerson();
    const { createRecoveryLink } = await admin.ok(LINK, { input: { user: { id } } });
    const client = nodes[1].client();
    const opening = { flow: { designation: 'RECOVERY' }, flowToken: createRecoveryLink.token };
    const { id: executionId, step } = await start(client, opening);
    const password = 'another long enough password';
    const response = filledIn({ password, passwordRepeat: password });
    const [, edited] = await database.atOnce(
      () => trySubmit(client, { executionId, challengeId: step.id, response }),
      () => admin.send(...edit(id)),
    );
    expect(edited?.errors).toEqual([]);
    expect(await database.count(`session where user_id = '${id}'`)).toBe(0);
  });
});

async function signInAgain(): Promise<void> {
  admin = await signedIn(ADMIN.username, ADMIN.password);
  onOtherNode.cookies.clear();
  for (const [name, value] of admin.cookies) onOtherNode.cookies.set(name, value);
}

describe('somebody who may change, delete and reset accounts, and no more', () => {
  let delegate: TestClient;
  let delegates: string;
  beforeAll(async () => {
    delegates = await groupGranted('USER_ADD', 'USER_CHANGE', 'USER_DELETE', 'USER_RESET');
    const { id, username } = await newPerson([delegates]);
    await admin.ok(SET_PASSWORD, { id, password: PASSWORD });
    delegate = await signedIn(username, PASSWORD);
  });

  const everything = (id: string): [string, object][] => [
    [UPDATE_USER, { id, input: { email: 'mallory@example.org' } }],
    [SET_PASSWORD, { id, password: 'another long enough password' }],
    [MARK_COMPROMISED, { id }],
    [LINK, { input: { user: { id } } }],
    [DELETE_USER, { id }],
  ];

  it('does so to those who may do nothing, or the same', async () => {
    for (const groupIds of [[], [delegates]]) {
      const { id } = await newPerson(groupIds);
      for (const [document, variables] of everything(id)) await delegate.ok(document, variables);
    }
  });

  it('does nothing to administrators, nor to those who may do something else, and nothing is left of the attempt', async () => {
    const other = await newPerson([await groupGranted('USER_VIEW', 'EVENT_VIEW')]);
    const within = await newPerson([await new Composer(admin).group({ parentIds: [administrators] })]);
    await database.query('delete from event');
    for (const id of [adminId, within.id, other.id]) {
      for (const [document, variables] of everything(id)) {
        expect([document, codes(await delegate.send(document, variables))]).toEqual([
          document,
          ['FORBIDDEN'],
        ]);
      }
    }
    // Mails of the preparations may have been sent in between.
    expect(await database.count("event where action not like 'MAIL_%'")).toBe(0);
    expect((await admin.ok('{ viewer { id } }')).viewer).toEqual({ id: adminId });
  });

  it('puts nobody into groups whose members may do more, nor into any without being allowed to', async () => {
    const input = { username: uniqueName('puppet'), groupIds: [delegates] };
    expect(codes(await delegate.send(CREATE_USER, { input }))).toEqual(['FORBIDDEN']);
    await database.query(`insert into group_permission values ($1, 'GROUP_CHANGE')`, [delegates]);
    for (const groupId of [administrators, await groupGranted('EVENT_VIEW')]) {
      const refused = await delegate.send(CREATE_USER, { input: { ...input, groupIds: [groupId] } });
      expect(codes(refused)).toEqual(['FORBIDDEN']);
    }
    expect(await database.count(`user_account where username = '${input.username}'`)).toBe(0);
    await delegate.ok(CREATE_USER, { input });
  });
});

it('a password that an administrator sets is remembered with those before it, where a policy compares', async () => {
  await new Composer(admin).policy({ uniquePassword: { count: 2 } });
  const { id } = await newPerson();
  for (const end of ['one', 'two', 'three', 'four'])
    await admin.ok(SET_PASSWORD, { id, password: `a long enough password ${end}` });
  expect(await database.count(`password_history where user_id = '${id}'`)).toBe(2);
});
