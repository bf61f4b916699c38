import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import type { ComposedFlow, Person } from '../support/compose.js';
import { answerTo } from '../support/executions.js';
import { start, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import {
  enrollmentByInvitation,
  form,
  invitationNow,
  invite,
  tryInvite,
  tryUpdate,
} from '../support/invitations.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

/** As many as the two processes have connections. */
const RUNNERS = 20;
const UNKNOWN = 'b4c1b1a0-0000-4000-8000-000000000000';

let database: ServerDatabase;
let nodes: [ServerProcess, ServerProcess];
let admin: TestClient;
let composer: Composer;
let flow: ComposedFlow;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = [await startServer(variables), await startServer(variables)];
  admin = await somebody(ADMIN);
  composer = new Composer(admin);
  flow = await enrollmentByInvitation(composer);
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

async function somebody({ username, password }: Person): Promise<TestClient> {
  const client = nodes[0].client();
  const responses = [{ identification: { identifier: username } }, { password: { password } }];
  await start(client, { flow: { designation: 'AUTHENTICATION' }, responses });
  return client;
}

const node = (index: number) => nodes[index % 2 === 0 ? 0 : 1];

/** So many people who have opened an invitation, and have its form before them. */
function opened(token: string, people: number): Promise<Execution[]> {
  const input = { flow: { slug: flow.slug }, client: 'NATIVE', invitationToken: token };
  return Promise.all(Array.from({ length: people }, (_, index) => start(node(index).client(), input)));
}

/** Lets all of them send their forms, and go on in the same moment: once each waits for the invitation. */
async function race(
  invitationId: string,
  executions: readonly Execution[],
  name: (index: number) => string,
): Promise<Answer[]> {
  const lock = 'select id from invitation where id = $1 for update';
  return database.heldUp(lock, [invitationId], executions.length, () =>
    Promise.all(
      executions.map((execution, index) =>
        trySubmit(node(index).client(), answerTo(execution, form(name(index)))),
      ),
    ),
  );
}

const stepsOf = (answers: readonly Answer[]): Execution[] =>
  answers.map(({ data }) => data?.submitStage?.step).filter((step) => step != null);

describe('people who complete their enrollment at the same moment, with one invitation', () => {
  it('are one where it is for one account: of the others nothing is kept', async () => {
    const { token, invitation } = await invite(admin);
    const executions = await opened(token, RUNNERS);
    const answers = await race(invitation.id, executions, (index) => `invited-${index}`);
    expect(stepsOf(answers)).toMatchObject([
      { __typename: 'FlowCompleted', session: { token: expect.any(String) } },
    ]);
    const refused = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
    expect(refused).toEqual(Array.from({ length: RUNNERS - 1 }, () => 'CONFLICT'));
    const winner = answers.findIndex(({ errors }) => errors.length === 0);
    const accounts = await database.query(
      "select id, username from user_account where username like 'invited-%'",
    );
    expect(accounts).toMatchObject([{ username: `invited-${winner}` }]);
    expect(await database.query("select user_id from event where action = 'INVITATION_USED'")).toEqual([
      { user_id: accounts[0].id },
    ]);
    expect(
      await database.query("select canonical from user_identifier where canonical like 'invited-%'"),
    ).toEqual([{ canonical: `invited-${winner}` }]);
    const theirs = executions.map(({ id }) => `'${id}'`).join();
    expect(await database.count(`session where execution_id in (${theirs})`)).toBe(1);
    expect(await database.count(`execution where status = 'RUNNING' and id in (${theirs})`)).toBe(
      RUNNERS - 1,
    );
    expect(await invitationNow(admin, invitation.id)).toMatchObject({ state: 'USED', uses: 1 });
  });

  it('are all of them where it is for many', async () => {
    const { token, invitation } = await invite(admin, { singleUse: false });
    const executions = await opened(token, 2);
    const answers = await race(invitation.id, executions, (index) => `one-of-many-${index}`);
    expect(stepsOf(answers)).toMatchObject([
      { __typename: 'FlowCompleted' },
      { __typename: 'FlowCompleted' },
    ]);
    expect(await database.count("user_account where username like 'one-of-many-%'")).toBe(2);
    expect(await invitationNow(admin, invitation.id)).toMatchObject({ state: 'OPEN', uses: 2 });
  });
});

describe('somebody who may invite people and see accounts, and nothing else', () => {
  const bob = { username: 'bob', password: 'a long enough password' };
  let delegate: TestClient;
  beforeAll(async () => {
    const { token } = await invite(admin, { flowId: flow.id });
    const responses = [form(bob.username)];
    await start(nodes[0].client(), { flow: { slug: flow.slug }, invitationToken: token, responses });
    delegate = await somebody(bob);
    const { viewer } = await delegate.ok('{ viewer { id } }');
    const group = await composer.group();
    const join =
      'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
    await admin.ok(join, { id: group, userIds: [viewer.id] });
    await database.query(
      "insert into group_permission (group_id, permission) values ($1, 'INVITATION_ADD'), ($1, 'USER_VIEW')",
      [group],
    );
  });

  const forbidden = [{ extensions: { code: 'FORBIDDEN' } }];

  it('invites people, and sees invitations, but changes and deletes none', async () => {
    const { invitation } = await invite(delegate, {});
    expect(await invitationNow(delegate, invitation.id)).toEqual(invitation);
    const remove = 'mutation($id: ID!) { deleteInvitation(id: $id) }';
    for (const id of [invitation.id, UNKNOWN]) {
      expect((await tryUpdate(delegate, id, { singleUse: false })).errors).toMatchObject(forbidden);
      expect((await delegate.send(remove, { id })).errors).toMatchObject(forbidden);
    }
    expect(await invitationNow(admin, invitation.id)).toEqual(invitation);
  });

  it('cannot tell which flows there are', async () => {
    const list = 'query($id: ID) { invitations(filter: { flowId: $id }) { totalCount } }';
    for (const flowId of [flow.id, UNKNOWN]) {
      expect((await tryInvite(delegate, { flowId })).errors).toMatchObject(forbidden);
      expect((await delegate.send(list, { id: flowId })).errors).toMatchObject(forbidden);
    }
  });
});
