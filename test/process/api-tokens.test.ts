import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

const MOST = 50;
/** As many as the two processes have connections: whoever waits for one for too long is told to come back later. */
const RUNNERS = 20;
const CREATE = `mutation($permissions: [Permission!]!) {
  createApiToken(input: { name: "ci", permissions: $permissions }) { token apiToken { id } }
}`;
const DELETE = 'mutation($id: ID!) { deleteApiToken(id: $id) }';
const EVENTS = '{ events(first: 1) { totalCount } }';

let database: ServerDatabase;
let nodes: readonly [ServerProcess, ServerProcess];
/** The administrator, on either node. */
let admins: readonly [TestClient, TestClient];

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = [await startServer(variables), await startServer(variables)];
  const [first, second] = [nodes[0].client(), nodes[1].client()];
  admins = [first, second];
  await start(first, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [
      { identification: { identifier: ADMIN.username } },
      { password: { password: ADMIN.password } },
    ],
  });
  for (const [name, value] of first.cookies) second.cookies.set(name, value);
});
beforeEach(() => database.query('delete from api_token'));

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code);

/** A token, and a script on each node that brings it. */
async function newToken(): Promise<{ id: string; scripts: [TestClient, TestClient] }> {
  const { createApiToken } = await admins[0].ok(CREATE, { permissions: ['EVENT_VIEW'] });
  const scripts: [TestClient, TestClient] = [nodes[0].client(), nodes[1].client()];
  for (const script of scripts) script.bearer = createApiToken.token;
  return { id: createApiToken.apiToken.id, scripts };
}

describe('API tokens', () => {
  it('are never more than fifty for one person, however many are made at once on two nodes', async () => {
    for (let made = 0; made < MOST - RUNNERS / 2; made += 1)
      await admins[0].ok(CREATE, { permissions: ['EVENT_VIEW'] });
    const wanted = Array.from({ length: RUNNERS }, (_, index) =>
      admins[index % 2 === 0 ? 0 : 1].send(CREATE, { permissions: ['EVENT_VIEW'] }),
    );
    const answers = await Promise.all(wanted);
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: RUNNERS / 2 }, () => 'CONFLICT'));
    expect(await database.count('api_token')).toBe(MOST);
    await database.query(
      'update api_token set expires_at = now() where id = (select id from api_token limit 1)',
    );
    expect(
      (await Promise.all(admins.map((admin) => admin.send(CREATE, { permissions: ['EVENT_VIEW'] })))).flatMap(
        codes,
      ),
    ).toEqual(['CONFLICT']);
  });

  it('are refused on every node by the time that somebody is told they are deleted, while they are in use', async () => {
    const { id, scripts } = await newToken();
    let deleted = false;
    const late: string[] = [];
    const busy = scripts.map(async (script) => {
      for (let refused = false; !refused; ) {
        const sentAfter = deleted;
        const answer = await script.send(EVENTS);
        refused = codes(answer).length > 0;
        if (refused) expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
        else if (sentAfter) late.push('it was still good');
        if (sentAfter) break;
      }
    });
    await admins[0].ok(DELETE, { id });
    deleted = true;
    await Promise.all(busy);
    expect(late).toEqual([]);
    const [{ count }] = await database.query(
      "select count(*)::int from event where action = 'API_TOKEN_CHANGED' and object_id = $1",
      [id],
    );
    expect(count).toBe(2);
  });

  it('are deleted once, by one of many who try at the same moment', async () => {
    const { id } = await newToken();
    const tries = Array.from({ length: 8 }, (_, index) =>
      admins[index % 2 === 0 ? 0 : 1].send(DELETE, { id }),
    );
    const answers = await Promise.all(tries);
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 7 }, () => 'NOT_FOUND'));
  });

  it('are dead while their owner is disabled', async () => {
    const { scripts } = await newToken();
    const ask = async () => (await Promise.all(scripts.map((script) => script.send(EVENTS)))).flatMap(codes);
    expect(await ask()).toEqual([]);
    await database.query('update user_account set active = false');
    expect(await ask()).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    await database.query('update user_account set active = true');
    expect(await ask()).toEqual([]);
  });

  it('are written down as used once, however many requests come at once', async () => {
    const { scripts } = await newToken();
    await Promise.all(Array.from({ length: 20 }, (_, index) => scripts[index % 2 === 0 ? 0 : 1].ok(EVENTS)));
    const [row] = await database.query('select last_used_at, xmin::text as written_by from api_token');
    await Promise.all(scripts.map((script) => script.ok(EVENTS)));
    expect(await database.query('select last_used_at, xmin::text as written_by from api_token')).toEqual([
      row,
    ]);
  });
});

describe('settings', () => {
  it('that one node changes hold on the other with its next request', async () => {
    // Long enough that the administrator has signed in recently for the next test as well.
    const update = `mutation { updateSettings(input: { recentAuthentication: "PT20M" }) { version } }`;
    await admins[0].ok(update);
    const { settings } = await admins[1].ok('{ settings { recentAuthentication version } }');
    expect(settings).toEqual({ recentAuthentication: 'PT20M', version: 2 });
  });

  it('are changed by one of two who have read the same version', async () => {
    const update = `mutation($duration: Duration!) {
      updateSettings(input: { recentAuthentication: $duration }, ifVersion: 2) { version }
    }`;
    const answers = await Promise.all(
      admins.map((admin, index) => admin.send(update, { duration: `PT${index + 3}M` })),
    );
    expect(answers.flatMap(codes)).toEqual(['CONFLICT']);
  });
});
