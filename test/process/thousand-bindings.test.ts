import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import { countingProxy } from '../support/counting-proxy.mjs';
import type { CountingProxy } from '../support/counting-proxy.mjs';
import { fewestStatements } from '../support/fewest-statements.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { TestClient } from '../support/test-client.js';

let database: ServerDatabase;
let proxy: CountingProxy;
let admin: TestClient;
let composer: Composer;
let own: { readonly group_id: string; readonly user_id: string };
let other: { readonly group_id: string; readonly user_id: string };

beforeAll(async () => {
  database = await ServerDatabase.create();
  proxy = await countingProxy(database.url);
  const variables = { DATABASE_URL: proxy.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  admin = (await startServer(variables)).client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  composer = new Composer(admin);
  [own] = await database.query('select group_id, user_id from group_member');
  [other] = await database.query(
    `with g as (insert into user_group values (gen_random_uuid(), 'others', false) returning id),
          u as (insert into user_account values (gen_random_uuid(), 'eve', null, '', true, now()) returning id)
      select g.id as group_id, u.id as user_id from g, u`,
  );
});

afterAll(async () => {
  await cleanUp();
  await proxy.close();
  await dropDatabases();
});

/** A flow that so many bindings guard, which all ask for the same person or group. */
async function guardedBy(
  bindings: number,
  subject: { readonly group_id?: string; readonly user_id?: string },
): Promise<string> {
  const { id, slug } = await composer.flowOf({}, { dummy: {} });
  await database.query(
    `insert into policy_binding
        (id, flow_id, group_id, user_id, "order", enabled, negate, timeout_seconds, failure_result)
      select gen_random_uuid(), $1, $2, $3, n, true, false, 30, false from generate_series(1, $4) n`,
    [id, subject.group_id, subject.user_id, bindings],
  );
  await database.query('update catalogue_version set version = version + 1');
  return slug;
}

/** What a person is told first, and the statements that it needs. */
async function entering(slug: string): Promise<{ step: string; statements: number }> {
  const enter = async (): Promise<string> => (await start(admin, { flow: { slug } })).step.__typename;
  const step = await enter();
  return { step, statements: await fewestStatements(proxy, enter) };
}

describe('a thousand bindings', () => {
  it.each([
    ['a group that the person is not in deny', () => ({ group_id: other.group_id }), 'FlowDenied'],
    ['a group that the person is in let pass', () => ({ group_id: own.group_id }), 'DummyChallenge'],
    ['somebody else deny', () => ({ user_id: other.user_id }), 'FlowDenied'],
    ['the person let pass', () => ({ user_id: own.user_id }), 'DummyChallenge'],
  ])('to %s, with as many statements as one', async (_what, subject, step) => {
    const thousand = await entering(await guardedBy(1000, subject()));
    expect(thousand.step).toBe(step);
    expect(thousand).toEqual(await entering(await guardedBy(1, subject())));
    expect(thousand.statements).toBeGreaterThan(0);
  });
});
