import { randomUUID } from 'node:crypto';

import { secondsAfter } from '../../src/kernel/clock.js';
import type { AttributeWrite } from '../../src/flow/attributes.js';
import { updateUser } from '../../src/persistence/account-effects.js';
import { lockAccounts } from '../../src/persistence/account-rows.js';
import { removeUnverified } from '../../src/persistence/unverified-accounts.js';
import { insertUser } from '../../src/persistence/user-rows.js';
import type { NewUser } from '../../src/persistence/user-rows.js';
import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { start, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { CREATE_USER, DELETE_USER, PASSWORD, SET_PASSWORD, UPDATE_USER, codes } from '../support/people.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import { useDatabase } from '../support/test-database.js';
import type { TestClient } from '../support/test-client.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const WEEK = 7 * 24 * 3600;
const NEW_PASSWORD = 'another long enough password';
const LINK = 'mutation($input: CreateRecoveryLinkInput!) { createRecoveryLink(input: $input) { token } }';

const database = useDatabase();

async function account(also: Partial<NewUser>): Promise<string> {
  const id = randomUUID();
  const user = { id, username: id, email: null, name: '', active: false, createdAt: NOW, ...also };
  await database
    .current()
    .sql.transaction()
    .execute((trx) => insertUser(trx, user));
  return id;
}

describe('accounts that wait for being confirmed', () => {
  it('go after a week, one event for each, and no others do, whatever they are', async () => {
    const { sql } = database.current();
    const longAgo = secondsAfter(NOW, -WEEK);
    const waiting = { awaitsVerification: true, createdAt: longAgo };
    const gone = await Promise.all([account(waiting), account(waiting)]);
    const kept = await Promise.all([
      account({ ...waiting, createdAt: secondsAfter(longAgo, 1) }),
      account({ createdAt: longAgo }),
      account({ ...waiting, active: true }),
      account({ active: true, createdAt: longAgo }),
    ]);
    expect(await removeUnverified(sql, NOW)).toBe(2);
    expect(await removeUnverified(sql, NOW)).toBe(0);
    const left = await sql.selectFrom('user_account').select('id').execute();
    expect(left.map(({ id }) => id).toSorted()).toEqual(kept.toSorted());
    const events = await sql.selectFrom('event').selectAll().execute();
    expect(events.map((event) => event.user_id).toSorted()).toEqual(gone.toSorted());
    for (const event of events)
      expect(event).toMatchObject({
        ...{ action: 'USER_DELETED', actor_id: null },
        details: { reason: 'Not verified within 7 days.' },
      });
  });
});

describe('two changes of one person’s attributes at the same moment', () => {
  it('are both kept', async () => {
    const id = await account({ active: true, attributes: { settings: { theme: 'dark' } } });
    const change = (write: AttributeWrite) =>
      database
        .current()
        .sql.transaction()
        .execute(async (trx) => {
          await lockAccounts(trx, [id]);
          await updateUser(trx, { type: 'updateUser', id, changes: { attributes: [write] } });
        });
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => change({ path: ['settings', name], value: name })));
    const { attributes } = await database
      .current()
      .sql.selectFrom('user_account')
      .select('attributes')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(attributes).toEqual({ settings: { theme: 'dark', a: 'a', b: 'b', c: 'c', d: 'd' } });
  });
});

describe('people and administrators at the same moment', () => {
  let server: ServerDatabase;
  let nodes: readonly [ServerProcess, ServerProcess];
  let admin: TestClient;
  let composer: Composer;
  let leaving: string;
  let administrators: string;

  beforeAll(async () => {
    server = await ServerDatabase.create();
    const variables = { DATABASE_URL: server.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
    nodes = [await startServer(variables), await startServer(variables)];
    admin = await signedIn(ADMIN.username, ADMIN.password);
    composer = new Composer(admin);
    leaving = (await composer.flowOf({}, { dummy: {} }, { userDelete: {} })).slug;
    [{ group_id: administrators }] = await server.query('select group_id from group_member');
  });
  afterAll(async () => {
    await cleanUp();
    await dropDatabases();
  });

  async function signedIn(username: string, password = PASSWORD): Promise<TestClient> {
    const client = nodes[0].client();
    const responses = [{ identification: { identifier: username } }, { password: { password } }];
    const { step } = await start(client, { flow: { designation: 'AUTHENTICATION' }, responses });
    expect(step.__typename).toBe('FlowCompleted');
    return client;
  }
  async function newPerson(also: object = {}): Promise<{ id: string; username: string; client: TestClient }> {
    const username = uniqueName('person');
    const { id } = (await admin.ok(CREATE_USER, { input: { username, ...also } })).createUser;
    await admin.ok(SET_PASSWORD, { id, password: PASSWORD });
    return { id, username, client: await signedIn(username) };
  }
  /** Somebody who is about to say that their account is to be deleted. */
  async function departure(client: TestClient) {
    const { id: executionId, step } = await start(client, { flow: { slug: leaving } });
    const response = { dummy: { acknowledge: true } };
    return () => trySubmit(client, { executionId, challengeId: step.id, response });
  }
  const mails = (userId: string): Promise<Execution[]> =>
    server.query('select template, recipient, language from mail where user_id = $1 order by template', [
      userId,
    ]);

  it.each<[string, (id: string) => [string, object]]>([
    ['deletes it as well', (id) => [DELETE_USER, { id }]],
    ['disables it', (id) => [UPDATE_USER, { id, input: { active: false } }]],
    ['sets its password', (id) => [SET_PASSWORD, { id, password: NEW_PASSWORD }]],
    ['changes its address', (id) => [UPDATE_USER, { id, input: { email: `${id}@example.org` } }]],
  ])('do not wait for each other in a circle where one leaves and the other %s', async (_how, edit) => {
    for (const personFirst of [true, false]) {
      const { id, client } = await newPerson();
      const leave = await departure(client);
      const both = [leave, () => admin.send(...edit(id))];
      const answers = await server.atOnce(...(personFirst ? both : both.toReversed()));
      const [left] = answers.flatMap(({ data }) => data?.submitStage?.step.__typename ?? []);
      for (const code of answers.flatMap(codes)) expect(['CONFLICT', 'NOT_FOUND']).toContain(code);
      expect(await server.count(`user_account where id = '${id}'`)).toBe(
        left === 'FlowCompleted' || edit(id)[0] === DELETE_USER ? 0 : 1,
      );
      expect(await server.count(`session where user_id = '${id}' and expires_at > now()`)).toBe(0);
    }
  });

  it('keep the last of two administrators who both delete their accounts', async () => {
    const eve = await newPerson({ groupIds: [administrators] });
    const bob = await newPerson({ groupIds: [administrators] });
    const [one, other] = [await departure(eve.client), await departure(bob.client)];
    await server.query('update user_account set active = false where username = $1', [ADMIN.username]);
    const answers = await server.atOnce(one, other);
    await server.query('update user_account set active = true where username = $1', [ADMIN.username]);
    expect(answers.flatMap(codes)).toEqual(['CONFLICT']);
    expect(await server.count(`user_account where id in ('${eve.id}', '${bob.id}')`)).toBe(1);
    admin.cookies.clear();
    for (const [name, value] of (await signedIn(ADMIN.username, ADMIN.password)).cookies)
      admin.cookies.set(name, value);
  });

  it('let one of two flows of the same person set a new password, and end the other', async () => {
    const { id, username, client } = await newPerson();
    const field = await composer.promptField({ key: 'password', type: 'PASSWORD' });
    const form = { prompt: { fieldIds: [field] } };
    const { slug } = await composer.flowOf({}, form, { userWrite: { creation: 'NEVER' } });
    const begin = async (password: string) => {
      const { id: executionId, step } = await start(client, { flow: { slug } });
      return () => trySubmit(client, { executionId, challengeId: step.id, response: filledIn({ password }) });
    };
    const [one, other] = [await begin(NEW_PASSWORD), await begin('a third long enough password')];
    const answers = await server.atOnce(one, other);
    const steps = answers.map(({ data }) => data?.submitStage?.step);
    expect(steps.map((step) => step?.code ?? step?.__typename).toSorted()).toEqual([
      'EXPIRED',
      'FlowCompleted',
    ]);
    await signedIn(
      username,
      steps[0]?.__typename === 'FlowCompleted' ? NEW_PASSWORD : 'a third long enough password',
    );
    expect(await server.count(`event where user_id = '${id}' and action = 'PASSWORD_SET'`)).toBe(2);
  });

  it('make one account of two enrollments with one name', async () => {
    const { slug } = await composer.enrollment();
    const username = uniqueName('twin');
    const enroll = async (name: string) => {
      const client = nodes[1].client();
      const { id: executionId, step } = await start(client, { flow: { slug } });
      const response = filledIn({ username: name, password: PASSWORD });
      return () => trySubmit(client, { executionId, challengeId: step.id, response });
    };
    const [one, other] = [await enroll(username), await enroll(username.toUpperCase())];
    const answers = await server.atOnce(one, other);
    expect(answers.flatMap(codes)).toEqual(['CONFLICT']);
    expect(await server.count(`user_account where lower(username) = '${username}'`)).toBe(1);
  });

  it('tell a person by mail, in their language, what is done with their account, and what they do themselves', async () => {
    const attributes = { settings: { locale: 'de' } };
    const email = `${uniqueName('old')}@example.org`;
    const { id, username } = await newPerson({ email, attributes });
    const mail = (template: string, recipient: string) => ({
      template,
      recipient,
      language: 'DE',
    });
    expect(await mails(id)).toEqual([mail('password-changed', email)]);
    await admin.ok(LINK, { input: { user: { id } } });
    const next = `${uniqueName('new')}@example.org`;
    await admin.ok(UPDATE_USER, { id, input: { email: next } });
    await admin.ok(UPDATE_USER, { id, input: { name: 'Nothing to tell of' } });
    await (
      await departure(await signedIn(username))
    )();
    expect(await mails(id)).toEqual([
      mail('account-deleted', next),
      mail('email-changed', email),
      mail('password-changed', email),
      mail('recovery-started', email),
    ]);
    const other = await newPerson({ email });
    await admin.ok(DELETE_USER, { id: other.id });
    expect(await mails(other.id)).toMatchObject([
      { template: 'account-deleted', recipient: email, language: 'EN' },
      { template: 'password-changed', recipient: email },
    ]);
  });
});
