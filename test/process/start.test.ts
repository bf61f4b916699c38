import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import {
  ServerProcess,
  cleanUp,
  newFolder,
  refusedStart,
  spawnServer,
  startServer,
} from '../support/server-process.js';

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

const VIEWER = '{ viewer { username isSuperuser } }';
const LOGIN = {
  flow: { designation: 'AUTHENTICATION' },
  responses: [{ identification: { identifier: ADMIN.username } }, { password: { password: ADMIN.password } }],
};
const PASSWORD = 'a lovely long passphrase';
/** Which every start applies, in the order of their names. */
const LAST_DOCUMENT =
  readdirSync(new URL('../../blueprints/default/', import.meta.url))
    .toSorted()
    .at(-1) ?? '';

describe('npm start on a new machine', () => {
  it('says where GraphQL answers and how to make the first administrator, and stops in order', async () => {
    const folder = join(newFolder(), 'not', 'there', 'yet');
    const server = new ServerProcess(['npm', 'start'], { STAGEDOOR_DATA_DIR: folder }, { ownGroup: true });
    await server.ready();
    expect(server.stdout).toContain(`Stagedoor answers at ${server.address}/graphql`);
    expect(server.stdout).toContain('initial-setup');
    expect(server.setupToken).toBeDefined();
    expect(server.stderr).not.toMatch(/Deprecation/i);
    expect(await server.client().ok(VIEWER)).toEqual({ viewer: null });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('a data folder', () => {
  it('is for one process: a second one is refused, and the first goes on', async () => {
    const folder = newFolder();
    const first = await startServer({ STAGEDOOR_DATA_DIR: folder });
    const second = await refusedStart({ STAGEDOOR_DATA_DIR: folder });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^Stagedoor could not start: the data folder .* is in use by another process\..*STAGEDOOR_DATA_DIR.*DATABASE_URL/,
      ),
    ]);
    expect(await first.client().ok(VIEWER)).toEqual({ viewer: null });
  });

  it('is free again at once after its process was killed', async () => {
    const folder = newFolder();
    const first = await startServer({ STAGEDOOR_DATA_DIR: folder });
    await first.kill();
    const second = await startServer({ STAGEDOOR_DATA_DIR: folder });
    expect(second.isRunning).toBe(true);
  });

  it('keeps the keys, for its owner only, and what was written under them', async () => {
    const folder = newFolder();
    const variables = { STAGEDOOR_DATA_DIR: folder, ...ADMIN_VARIABLES };
    const first = await startServer(variables);
    const file = join(folder, 'secret-keys');
    const keys = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await first.stop();
    const second = await startServer(variables);
    expect(readFileSync(file, 'utf8')).toBe(keys);
    const execution = await start(second.client(), LOGIN);
    expect(execution.step.__typename).toBe('FlowCompleted');
  });
});

describe('the first administrator', () => {
  it('is made by the one-time secret of any start so far; afterwards none is printed', async () => {
    const folder = newFolder();
    const variables = { STAGEDOOR_DATA_DIR: folder };
    const first = await startServer(variables);
    await first.stop();
    const second = await startServer(variables);
    expect(second.setupToken).toBeDefined();
    expect(second.setupToken).not.toBe(first.setupToken);

    const client = second.client();
    const execution = await start(client, {
      flow: { slug: 'initial-setup' },
      flowToken: first.setupToken,
    });
    const done = await submit(client, execution, {
      prompt: {
        values: [
          { key: 'username', value: { text: 'grace' } },
          { key: 'email', value: { text: 'grace@example.org' } },
          { key: 'password', value: { text: PASSWORD } },
          { key: 'passwordRepeat', value: { text: PASSWORD } },
        ],
      },
    });
    expect(done.step.__typename).toBe('FlowCompleted');
    expect(await client.ok(VIEWER)).toEqual({ viewer: { username: 'grace', isSuperuser: true } });

    const other = await start(second.client(), {
      flow: { slug: 'initial-setup' },
      flowToken: second.setupToken,
    });
    expect(other.step.__typename).toBe('FlowDenied');
    await second.stop();
    const third = await startServer(variables);
    expect(third.setupToken).toBeUndefined();
    expect(third.stdout).toContain('AUTHENTICATION');
  });

  it('is refused a password that anybody would try, and the next start may try again', async () => {
    const folder = newFolder();
    const refused = await refusedStart({
      STAGEDOOR_DATA_DIR: folder,
      ...ADMIN_VARIABLES,
      STAGEDOOR_ADMIN_PASSWORD: 'princessprincess',
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('STAGEDOOR_ADMIN_PASSWORD');
    expect(refused.stderr).toContain('many people have used');
    expect(refused.stderr + refused.stdout).not.toContain('princess');
    const server = await startServer({ STAGEDOOR_DATA_DIR: folder, ...ADMIN_VARIABLES });
    expect(server.setupToken).toBeUndefined();
  });
});

describe('the administrator of the environment', () => {
  it('is made at the first start, and never again even after the account was renamed or removed', async () => {
    const database = await ServerDatabase.create();
    const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    const first = await startServer(variables);
    expect(first.setupToken).toBeUndefined();
    expect((await start(first.client(), LOGIN)).step.__typename).toBe('FlowCompleted');
    await first.stop();

    await database.query(`update user_account set username = 'ida', email = null`);
    await database.query(`update user_identifier set canonical = 'ida' where is_username`);
    await database.query(`delete from user_identifier where is_email`);
    const second = await startServer(variables);
    expect(await database.query('select username from user_account')).toEqual([{ username: 'ida' }]);
    expect((await start(second.client(), LOGIN)).step.__typename).not.toBe('FlowCompleted');
    await second.stop();

    await database.query('delete from user_account');
    const third = await startServer(variables);
    expect(await database.count('user_account')).toBe(0);
    expect(third.setupToken).toBeUndefined();
  });
});

describe('an installation that has been there before its shipped flows were changed', () => {
  it('keeps its own as they are, and gets what is new beside them', async () => {
    const database = await ServerDatabase.create();
    const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    const places = `select s.name from flow_stage_binding b join flow f on f.id = b.flow_id join stage s on s.id = b.stage_id
      where f.slug = 'default-authentication-flow' order by b."order"`;
    const setups = `select slug from flow where slug like 'default-authenticator-%' order by slug`;
    const first = await startServer(variables);
    const shipped = await database.query(setups);
    expect(shipped).toHaveLength(3);
    await first.stop();
    // As it was when nothing asked for a second factor: the place of that stage, the stage and the setup flows are missing.
    const NAME = 'default-authentication-second-factor';
    await database.query(
      `delete from flow_stage_binding where stage_id = (select id from stage where name = '${NAME}')`,
    );
    await database.query(`delete from stage where name = '${NAME}'`);
    await database.query(`delete from flow where slug like 'default-authenticator-%'`);
    await database.query(`update setting set value = 'of another content' where name like 'blueprint.%'`);
    const before = await database.query(places);
    const second = await startServer(variables);
    expect(await database.query(places)).toEqual(before);
    expect(before).not.toContainEqual({ name: NAME });
    expect(await database.query(setups)).toEqual(shipped);
    expect(await database.query(`select name from stage where name = '${NAME}'`)).toEqual([{ name: NAME }]);
    expect((await start(second.client(), LOGIN)).step.__typename).toBe('FlowCompleted');
  });
});

describe('the examples that the environment names', () => {
  it('are applied once for each content: what administrators have deleted since stays so', async () => {
    const database = await ServerDatabase.create();
    const variables = {
      ...{ DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES },
      STAGEDOOR_EXAMPLES: 'enrollment-two-steps',
    };
    const slugs = `select slug from flow where designation in ('ENROLLMENT', 'UNENROLLMENT')`;
    const first = await startServer(variables);
    expect(await database.query(slugs)).toEqual([{ slug: 'enrollment-two-steps' }]);
    await first.stop();
    await database.query(`delete from flow where slug = 'enrollment-two-steps'`);
    await startServer({ ...variables, STAGEDOOR_EXAMPLES: 'enrollment-two-steps, unenrollment' });
    expect(await database.query(slugs)).toEqual([{ slug: 'unenrollment' }]);
  });

  it('are known ones, or the start says which there are', async () => {
    const refused = await refusedStart({
      STAGEDOOR_DATA_DIR: newFolder(),
      STAGEDOOR_EXAMPLES: 'unenrollment,unknown',
    });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/STAGEDOOR_EXAMPLES names unknown; .*enrollment-two-steps.*unenrollment/);
  });
});

describe('a start that cannot be', () => {
  it('names every problem of the environment at once, and quotes no value', async () => {
    const refused = await refusedStart({
      NODE_ENV: 'production',
      STAGEDOOR_DATA_DIR: newFolder(),
      PORT: 'banana',
      DATABASE_URL: 'mysql://root:hunter2@localhost/x',
      SMTP_URL: 'http://hunter2@mail.example.org',
      LOG_LEVEL: 'loud',
    });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    for (const name of ['STAGEDOOR_SECRET_KEYS', 'PORT', 'DATABASE_URL', 'SMTP_URL', 'LOG_LEVEL']) {
      expect(refused.stderr).toMatch(new RegExp(`^ {2}${name} must `, 'm'));
    }
    expect(refused.stderr).not.toMatch(/hunter2|banana|loud/);
  });

  it('says that the port is taken', async () => {
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
    const address = occupant.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const refused = await refusedStart({ STAGEDOOR_DATA_DIR: newFolder(), PORT: String(port) });
    occupant.close();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(new RegExp(`address already in use 127\\.0\\.0\\.1:${port}`));
  });

  it('says that the database cannot be reached', async () => {
    const refused = await refusedStart({
      STAGEDOOR_DATA_DIR: newFolder(),
      DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/nowhere',
    });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/DATABASE_URL/);
    expect(refused.stderr).not.toMatch(/hunter2/);
  });
});

describe('SIGTERM', () => {
  it('lets a login that is under way come to its end, and then ends the process', async () => {
    const database = await ServerDatabase.create();
    const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    const server = await startServer(variables);
    const login = start(server.client(), LOGIN);
    // The guess is counted before the password is looked at, which then takes a while.
    await database.until('select 1 from guess');
    const ended = server.stop();
    expect((await login).step.__typename).toBe('FlowCompleted');
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('during a start ends the process once it has started', async () => {
    const server = spawnServer({ STAGEDOOR_DATA_DIR: newFolder(), LOG_LEVEL: 'debug' });
    // What comes after the last of the documents takes no longer than a server may take to stop.
    await server.says(LAST_DOCUMENT);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});
