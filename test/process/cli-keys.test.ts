import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exitCodes } from '../../src/cli/exit-codes.js';
import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { totpCode } from '../support/authenticators.js';
import { stagedoor } from '../support/command-line.js';
import { Composer } from '../support/compose.js';
import { credentials } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { TestClient } from '../support/test-client.js';

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

const LOGIN = { flow: { slug: 'default-authentication-flow' } };
/** Every column that holds what is sealed. */
const SEALED = `
  select sealed from authenticator where sealed is not null
  union all select sealed from mail where sealed is not null
  union all select sealed from execution
  union all select suspension from flow_token where suspension is not null
  union all select given from execution_answer
  union all select value->>'sealed' from stage, jsonb_each(config) where jsonb_typeof(value) = 'object' and value ? 'sealed'`;
const THINGS = [
  'authenticators',
  'executions',
  'links and tokens',
  'messages to be sent',
  'results of answers',
  'secrets of stages',
];

function newKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64url')}`;
}

/** Has something of each kind sealed; an execution that waits for its next answer, and its client. */
async function sealSomethingOfEach(
  server: ServerProcess,
): Promise<{ client: TestClient; waiting: Execution }> {
  const admin = server.client();
  await start(admin, { ...LOGIN, responses: credentials() });
  const composer = new Composer(admin);
  await composer.stage({ captcha: { provider: 'TURNSTILE', siteKey: 'x', secretKey: 'hunter2' } });
  const totp = await composer.flowOf({ authentication: 'REQUIRE_AUTHENTICATED' }, { totpSetup: {} });
  const begun = await start(admin, { flow: { slug: totp.slug } });
  await submit(admin, begun, { totpSetup: { code: totpCode(begun.step.key, new Date()) } });
  const client = server.client();
  const waiting = await start(client, { ...LOGIN, responses: credentials().slice(0, 1) });
  return { client, waiting };
}

/** The same browser, at another server. */
function returning({ cookies }: TestClient, server: ServerProcess): TestClient {
  const client = server.client();
  for (const [name, value] of cookies) client.cookies.set(name, value);
  return client;
}

describe('keys rotate on a PostgreSQL server', () => {
  it('seals everything anew beside the service, and says what still needs the older key', async () => {
    const database = await ServerDatabase.create();
    const [old, fresh] = [newKey('old'), newKey('new')];
    // Nobody takes mails there, so that they wait.
    const rest = {
      DATABASE_URL: database.url,
      STAGEDOOR_DATA_DIR: newFolder(),
      SMTP_URL: 'smtp://127.0.0.1:1',
    };
    const first = await startServer({ ...rest, ...ADMIN_VARIABLES, STAGEDOOR_SECRET_KEYS: old });
    const { client, waiting } = await sealSomethingOfEach(first);
    await first.stop();
    const link = await stagedoor(['recovery-link', ADMIN.username], { ...rest, STAGEDOOR_SECRET_KEYS: old });
    expect(link.code).toBe(0);

    const variables = { ...rest, STAGEDOOR_SECRET_KEYS: `${fresh},${old}` };
    const second = await startServer(variables);
    const pending = await stagedoor(['keys', 'rotate', '--check'], variables);
    expect(pending.stdout).toMatch(/^Still to be sealed anew with the key new: .*\d executions/);
    const before = await stagedoor(['keys', 'rotate', '--check', '--json'], variables);
    expect(before.code).toBe(exitCodes.PENDING.code);
    const rotated = await stagedoor(['keys', 'rotate', '--json'], variables);
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const { resealed, unopenable, olderKeys } = JSON.parse(rotated.stdout);
    expect(resealed.map(({ thing }: { thing: string }) => thing).toSorted()).toEqual(THINGS);
    expect(unopenable).toEqual([]);
    expect(olderKeys).toEqual([{ keyId: 'old', needed: true, neededFor: '1 passwords' }]);
    const sealed = await database.query(SEALED);
    expect(sealed.map((row) => row.sealed.split(':')[0])).toEqual(sealed.map(() => 'new'));
    expect(
      await database.query(`select details->>'keyId' as key from event where action = 'KEYS_ROTATED'`),
    ).toEqual([{ key: 'new' }]);

    // What was begun before goes on, and the login moves the password.
    const again = returning(client, second);
    const { step } = await submit(again, waiting, credentials()[1] ?? {});
    expect(step.__typename).toBe('AuthenticatorValidateChallenge');
    await database.query(`delete from authenticator`);
    await start(again, { ...LOGIN, responses: credentials() });
    const done = await stagedoor(['keys', 'rotate', '--json'], variables);
    expect(JSON.parse(done.stdout)).toMatchObject({
      resealed: [],
      olderKeys: [{ keyId: 'old', needed: false }],
    });
    const healthy = await stagedoor(['doctor', '--json'], { ...variables, STAGEDOOR_SECRET_KEYS: fresh });
    const { findings } = JSON.parse(healthy.stdout);
    expect(findings.filter(({ area }: { area: string }) => area === 'keys')).toEqual([
      expect.objectContaining({ level: 'OK' }),
    ]);
    expect(rotated.stdout + healthy.stdout).not.toContain(fresh.slice(4));
  });

  it('goes on where it was interrupted, and leaves what nobody can open as it is', async () => {
    const database = await ServerDatabase.create();
    const [old, fresh] = [newKey('old'), newKey('new')];
    const rest = {
      DATABASE_URL: database.url,
      STAGEDOOR_DATA_DIR: newFolder(),
      SMTP_URL: 'smtp://127.0.0.1:1',
    };
    const first = await startServer({ ...rest, ...ADMIN_VARIABLES, STAGEDOOR_SECRET_KEYS: old });
    await sealSomethingOfEach(first);
    await first.stop();
    const variables = { ...rest, STAGEDOOR_SECRET_KEYS: `${fresh},${old}` };
    // As if it had come as far as this, and no further, when it was ended: one execution waits for a lock.
    await database.whileLocked('lock table execution in exclusive mode', [], async () => {
      const interrupted = new AbortController();
      const running = stagedoor(['keys', 'rotate'], variables, '', interrupted.signal);
      await database.untilWaiting();
      interrupted.abort();
      expect((await running).code).not.toBe(0);
    });
    const halfway = await database.query(`select count(*) from (${SEALED}) s where sealed like 'new:%'`);
    expect(Number(halfway[0].count)).toBeGreaterThan(0);

    await database.query(`update mail set sealed = 'old:AAAA'`);
    const rotated = await stagedoor(['keys', 'rotate', '--json'], variables);
    expect(rotated.code).toBe(exitCodes.PROBLEMS.code);
    const { unopenable } = JSON.parse(rotated.stdout);
    expect(unopenable).toEqual([expect.objectContaining({ keyId: 'old', thing: 'messages to be sent' })]);
    expect(
      await database.query(`select sealed from (${SEALED}) s where sealed like 'old:%' group by 1`),
    ).toEqual([{ sealed: 'old:AAAA' }]);
  });

  it('prints a new key alone, of a name that is free, and changes nothing', async () => {
    const dayNow = (): string => new Date().toISOString().slice(0, 10);
    const today = dayNow();
    const variables = {
      DATABASE_URL: 'postgres://127.0.0.1:1/nowhere',
      STAGEDOOR_SECRET_KEYS: newKey(today),
    };
    const { code, stdout, stderr } = await stagedoor(['keys', 'rotate'], variables);
    expect(code).toBe(0);
    const [, id, key] = /^([\d-]+):([\w-]{43})\n$/.exec(stdout) ?? [];
    // The day may have come to its end meanwhile.
    expect(dayNow() === today ? [`${today}-2`] : [`${today}-2`, dayNow()]).toContain(id);
    expect(stderr).toMatch(/put it first|Put this new key first/);
    expect(stderr).not.toContain(key);
  });
});

describe('keys rotate on the embedded database', () => {
  it('puts a new key first into the folder, and everything is sealed with it', async () => {
    const folder = newFolder();
    const variables = { STAGEDOOR_DATA_DIR: folder, ...ADMIN_VARIABLES };
    const first = await startServer(variables);
    const { client, waiting } = await sealSomethingOfEach(first);
    await first.stop();
    const before = readFileSync(join(folder, 'secret-keys'), 'utf8').trim();
    const rotated = await stagedoor(['keys', 'rotate', '--json'], variables);
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    const keys = readFileSync(join(folder, 'secret-keys'), 'utf8').trim().split(',');
    expect(keys).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d:[\w-]{43}$/), before]);
    expect(rotated.stdout).not.toContain(keys[0]?.split(':')[1]);
    const { firstKey, resealed, sealed } = JSON.parse(rotated.stdout);
    expect(resealed.length).toBeGreaterThan(3);
    expect(sealed).toEqual([]);
    const second = await startServer(variables);
    const { step } = await submit(returning(client, second), waiting, credentials()[1] ?? {});
    expect(step.__typename).toBe('AuthenticatorValidateChallenge');
    expect(firstKey).toBe(keys[0]?.split(':')[0]);
  });
});
