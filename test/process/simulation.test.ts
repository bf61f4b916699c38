import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn } from '../support/compose.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import { testDraft, testSaved } from '../support/policy-tests.js';
import { simulate } from '../support/simulations.js';
import type { TestClient } from '../support/test-client.js';

let database: ServerDatabase;
let admin: TestClient;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const server = await startServer({
    DATABASE_URL: database.url,
    STAGEDOOR_DATA_DIR: newFolder(),
    ...ADMIN_VARIABLES,
  });
  admin = server.client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Every row of every table. */
async function everything(): Promise<Record<string, string>> {
  const tables = await database.query(
    "select tablename as name from pg_tables where schemaname = 'public' order by tablename",
  );
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const found = await database.query(`select t::text as row from "${name}" t order by t::text`);
    rows[name] = found.map(({ row }) => row).join('\n');
  }
  return rows;
}

describe('simulating', () => {
  it('leaves every row of every table as it was, whatever the flow would have done', async () => {
    const composer = new Composer(admin);
    const enrollment = await composer.enrollment();
    const broken = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: broken.id }, { dummy: { throwError: true } });
    const before = await everything();
    expect(Object.keys(before).length).toBeGreaterThan(15);
    expect(before.session).not.toBe('');

    const name = { identification: { identifier: ADMIN.username } };
    const password = { password: { password: 'whatever' } };
    const form = filledIn({ username: 'carol', password: 'a long enough password' });
    const LOGIN = { designation: 'AUTHENTICATION' };
    const user = { identifier: ADMIN.username };
    const runs = [
      { flow: LOGIN, responses: [name, password] },
      { flow: LOGIN, responses: [name, password, password], passwordsAreRight: false },
      { flow: LOGIN, responses: [{ identification: { identifier: 'nobody' } }, password] },
      { flow: { slug: enrollment.slug }, responses: [form] },
      { flow: { slug: broken.slug } },
      { flow: { designation: 'INVALIDATION' }, user },
      { flow: { slug: 'initial-setup' }, context: { flowToken: { id: 't', consumed: false, user: null } } },
    ];
    const done = new Set<string>();
    for (const input of runs) {
      const { steps } = await simulate(admin, input);
      for (const { entries } of steps) for (const { effect } of entries) if (effect) done.add(effect);
    }
    // Otherwise there would be nothing to leave undone.
    for (const effect of [
      'OPEN_SESSION',
      'END_SESSION',
      'CREATE_USER',
      'SET_PASSWORD',
      'CHANGE_REPUTATION',
      'RECORD_EVENT',
    ])
      expect(done).toContain(effect);
    expect(await everything()).toEqual(before);
  });
});

describe('trying a policy out', () => {
  it('leaves every row of every table as it was, whatever the policy would have written and recorded', async () => {
    const source = `createEvent('seen', { who: user.username }); setContext('notes.seen', true); message('Hello.'); return true`;
    const policyId = await new Composer(admin).policy({ expression: { expression: source } });
    await admin.ok('mutation($id: ID!) { updatePolicy(id: $id, input: { executionLogging: true }) { id } }', {
      id: policyId,
    });
    const userId = (await admin.ok('{ viewer { id } }')).viewer.id;
    const before = await everything();
    expect(await testSaved(admin, { policyId, userId })).toMatchObject({
      passing: true,
      messages: ['Hello.'],
      events: [{ name: 'seen', details: { who: ADMIN.username } }],
      written: { notes: { seen: true } },
    });
    const unique = { uniquePassword: { count: 5 } };
    const guess = { config: unique, userId, signedIn: true, newPassword: ADMIN.password };
    // It is the administrator's own password, and nobody is told so: that would be a guess that nobody counts.
    expect(await testDraft(admin, guess)).toMatchObject({ passing: true, error: null });
    expect(await testDraft(admin, { config: { reputation: { threshold: 1 } }, userId })).toMatchObject({
      passing: true,
    });
    expect(await everything()).toEqual(before);
  });
});
