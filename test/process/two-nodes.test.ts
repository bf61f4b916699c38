import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';

let database: ServerDatabase;
let nodes: ServerProcess[];

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  nodes = await Promise.all([startServer(variables), startServer(variables)]);
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

const NATIVE = { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' };
const identification = { identification: { identifier: ADMIN.username } };
const password = { password: { password: ADMIN.password } };

function node(index: number): ServerProcess {
  const found = nodes[index];
  if (!found) throw new Error(`there is no node ${index}`);
  return found;
}

describe('two processes that start at once on one empty database', () => {
  it('make its tables, its flows and its administrator once', async () => {
    expect(await database.query('select username from user_account')).toEqual([{ username: ADMIN.username }]);
    expect(await database.query('select slug from flow order by slug')).toEqual([
      { slug: 'default-authentication-flow' },
      { slug: 'default-authenticator-static-setup' },
      { slug: 'default-authenticator-totp-setup' },
      { slug: 'default-authenticator-webauthn-setup' },
      { slug: 'default-invalidation-flow' },
      { slug: 'default-password-change' },
      { slug: 'default-reauthentication' },
      { slug: 'default-recovery-flow' },
      { slug: 'default-user-settings-flow' },
      { slug: 'initial-setup' },
    ]);
    expect(nodes.map((server) => server.setupToken)).toEqual([undefined, undefined]);
  });

  it('are one service: what one starts the other goes on with', async () => {
    const execution = await start(node(0).client(), NATIVE);
    const second = await submit(node(1).client(), execution, identification);
    const last = await submit(node(0).client(), second, password);
    const client = node(1).client();
    client.bearer = last.step.session.token;
    expect(await client.ok('{ viewer { username } }')).toEqual({ viewer: { username: ADMIN.username } });
  });

  it('give the same answer, sent to both at the same time, one effect and one result', async () => {
    const execution = await start(node(0).client(), { ...NATIVE, responses: [identification] });
    const results = await Promise.all(nodes.map((server) => submit(server.client(), execution, password)));
    expect(results[0].step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(results[1]).toEqual(results[0]);
    expect(
      await database.query('select 1 from session where execution_id = $1', [execution.id]),
    ).toHaveLength(1);
  });
});
