import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit, trySubmit } from '../support/flows.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';

let database: ServerDatabase;
let proxy: PostgresProxy;
let server: ServerProcess;

beforeAll(async () => {
  database = await ServerDatabase.create();
  proxy = await PostgresProxy.to(database.url);
  const variables = { DATABASE_URL: proxy.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  server = await startServer(variables);
});

afterAll(async () => {
  await cleanUp();
  await proxy.close();
  await dropDatabases();
});

const VIEWER = '{ viewer { username } }';
const LOGIN = {
  flow: { designation: 'AUTHENTICATION' },
  client: 'NATIVE',
  responses: [{ identification: { identifier: ADMIN.username } }],
};
const PASSWORD = { password: { password: ADMIN.password } };
const UNAVAILABLE = {
  status: 503,
  errors: [{ extensions: { code: 'UNAVAILABLE', correlationId: expect.any(String) } }],
};

async function health(kind: 'live' | 'ready'): Promise<number> {
  return (await fetch(`${server.address}/health/${kind}`)).status;
}

describe('while the database cannot be reached', () => {
  it('says so to everybody, lives on, and serves again once it is back', async () => {
    expect(await health('ready')).toBe(200);
    proxy.cut();
    expect(await health('ready')).toBe(503);
    expect(await health('live')).toBe(200);
    expect(await server.client().send(VIEWER)).toMatchObject(UNAVAILABLE);
    proxy.restore();
    expect(await health('ready')).toBe(200);
    const execution = await start(server.client(), LOGIN);
    expect((await submit(server.client(), execution, PASSWORD)).step.__typename).toBe('FlowCompleted');
  });

  it('tells its log why, and nobody else', async () => {
    proxy.cut();
    const { errors } = await server.client().send(VIEWER);
    proxy.restore();
    expect(JSON.stringify(errors)).not.toMatch(/ECONN|terminated|postgres|127\.0\.0\.1/);
    await server.says(String(errors[0]?.extensions.correlationId));
  });
});

describe('a submit whose connection dies at its commit', () => {
  it.each([
    { what: 'COMMIT', written: 0 },
    { what: 'ANSWER', written: 1 },
  ] as const)(
    'is wholly done or not at all, and is repeated to one effect: the $what is lost',
    async ({ what, written }) => {
      const client = server.client();
      const execution = await start(client, LOGIN);
      const sessions = () => database.query('select id from session where execution_id = $1', [execution.id]);
      const logins = () =>
        database.query(`select id from event where action = 'LOGIN' and execution_id = $1`, [execution.id]);
      const input = {
        executionId: execution.id,
        token: execution.token,
        challengeId: execution.step.id,
        response: PASSWORD,
      };
      proxy.loseNextCommit(what);
      expect(await trySubmit(client, input)).toMatchObject(UNAVAILABLE);
      expect(await sessions()).toHaveLength(written);
      expect(await logins()).toHaveLength(written);

      const { data, errors } = await trySubmit(client, input);
      expect(errors).toEqual([]);
      expect(data.submitStage.step.__typename).toBe('FlowCompleted');
      expect(await sessions()).toEqual([{ id: data.submitStage.step.session.session.id }]);
      expect(await logins()).toHaveLength(1);
      client.bearer = data.submitStage.step.session.token;
      expect(await client.ok(VIEWER)).toEqual({ viewer: { username: ADMIN.username } });
    },
  );
});
