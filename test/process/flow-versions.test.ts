import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer } from '../support/compose.js';
import { start } from '../support/flows.js';
import { lastVersionOf, versionsOf } from '../support/flow-versions.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess, Variables } from '../support/server-process.js';
import type { TestClient } from '../support/test-client.js';

let database: ServerDatabase;
let variables: Variables;
let nodes: readonly ServerProcess[];
let admin: TestClient;
let onOtherNode: TestClient;
let composer: Composer;

beforeAll(async () => {
  database = await ServerDatabase.create();
  variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  const [one, other] = [await startServer(variables), await startServer(variables)];
  nodes = [one, other];
  admin = one.client();
  await start(admin, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [
      { identification: { identifier: ADMIN.username } },
      { password: { password: ADMIN.password } },
    ],
  });
  onOtherNode = other.client();
  for (const [name, value] of admin.cookies) onOtherNode.cookies.set(name, value);
  composer = new Composer(admin);
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

const TITLE = `mutation($id: ID!, $title: String!) { updateFlow(id: $id, input: { title: $title }) { currentVersion } }`;
const MESSAGE = `mutation($id: ID!, $message: String!) {
  updateStage(id: $id, input: { config: { deny: { message: $message } } }) { id }
}`;
const ROLL_BACK =
  'mutation($id: ID!, $version: Int!) { rollBackFlow(id: $id, version: $version) { currentVersion } }';

describe('administrators who change one flow at the same moment, on two nodes', () => {
  it('make a version each, which tells what that one has changed', async () => {
    const { id } = await composer.flow({ title: 'at first' });
    const stageId = await composer.stage({ deny: { message: 'at first' } });
    await composer.bind(id, stageId, 0);
    const answers = await database.atOnce(
      () => admin.send(TITLE, { id, title: 'of one' }),
      () => onOtherNode.send(MESSAGE, { id: stageId, message: 'of the other' }),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    const versions = await versionsOf(admin, id);
    expect(versions.slice(2).map(({ changes }) => changes.map(({ after }) => after))).toEqual([
      ['of one'],
      ['of the other'],
    ]);
  });

  it('never leave out a number, however many there are', async () => {
    const { id } = await composer.flow();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? admin : onOtherNode).ok(TITLE, { id, title: `title ${index}` }),
      ),
    );
    const given = answers.map(({ updateFlow }): number => updateFlow.currentVersion);
    expect(Math.max(...given)).toBe(21);
    const titles = (await versionsOf(onOtherNode, id)).slice(1).map(({ changes }) => changes[0]?.after);
    expect(new Set(titles).size).toBe(20);
  });

  it('go back to a version, or on from what another has made of it, one after the other', async () => {
    const { id } = await composer.flow({ title: 'at first' });
    await admin.ok(TITLE, { id, title: 'later' });
    const answers = await database.atOnce(
      () => admin.send(ROLL_BACK, { id, version: 1 }),
      () => onOtherNode.send(TITLE, { id, title: 'latest' }),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    const told = (await versionsOf(admin, id))
      .slice(2)
      .map(({ reason, changes }) => [reason, changes[0]?.after]);
    expect(told).toEqual([
      ['ROLLED_BACK', 'at first'],
      ['CHANGED', 'latest'],
    ]);
  });
});

describe('a version that another release has written', () => {
  it('is refused with everything in it that this one does not know, and nothing is changed', async () => {
    const { id, slug } = await composer.flow({ title: 'at first' });
    const stageId = await composer.stage({ deny: {} });
    await composer.bind(id, stageId, 0);
    await admin.ok(TITLE, { id, title: 'later' });
    const told = await versionsOf(admin, id);
    await database.query(
      `update flow_version set document = replace(replace(document, '"deny"', '"denial"'), '"title"', '"heading"')
        where flow_id = $1 and number = 2`,
      [id],
    );
    const { errors } = await admin.send(ROLL_BACK, { id, version: 2 });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('cannot be what it was in this version'),
        extensions: {
          code: 'CONFLICT',
          fields: [
            { path: expect.stringMatching(/^version\.entries\[\d\]\.heading$/), code: 'UNRECOGNIZED_KEYS' },
            { path: expect.stringMatching(/^version\.entries\[\d\]\.kind$/), code: 'WRONG_KIND' },
          ],
        },
      },
    ]);
    expect((await admin.ok('query($id: ID!) { flow(id: $id) { slug title } }', { id })).flow).toEqual({
      ...{ slug, title: 'later' },
    });
    expect(await versionsOf(admin, id)).toHaveLength(told.length);
  });
});

describe('a start', () => {
  it('makes versions of what was there before any were kept, and of what something else has changed, once', async () => {
    const { id, slug } = await composer.flow({ title: 'known' });
    const { id: before, slug: slugBefore } = await composer.flow({ title: 'from before' });
    await database.query('update flow set title = $1, version = version + 1 where id = $2', ['by hand', id]);
    // As it is after the migration that brings versions.
    await database.query('delete from flow_version where flow_id = $1', [before]);
    await database.query('update flow set current_version = 0, described_state = null where id = $1', [
      before,
    ]);
    await Promise.all([startServer(variables), startServer(variables)]);
    expect(await versionsOf(admin, before)).toMatchObject([
      {
        number: 1,
        reason: 'STARTED',
        author: null,
        changes: [{ path: `flow:${slugBefore}`, kind: 'ADDED' }],
      },
    ]);
    expect(await lastVersionOf(admin, id)).toMatchObject({
      ...{ number: 2, reason: 'STARTED', author: null },
      changes: [{ path: `flow:${slug}.title`, before: 'known', after: 'by hand' }],
    });
    expect(nodes.every(({ isRunning }) => isRunning)).toBe(true);
  });
});

describe('an edit that is killed before its end', () => {
  it('leaves neither a change nor a version', async () => {
    const { id } = await composer.flow({ title: 'at first' });
    const doomed = await startServer(variables);
    const client = doomed.client();
    for (const [name, value] of admin.cookies) client.cookies.set(name, value);
    await database.whileLocked('lock table flow_version in exclusive mode', [], async () => {
      const sent = client.send(TITLE, { id, title: 'never' }).catch(() => undefined);
      await database.untilWaiting();
      await doomed.kill();
      await sent;
    });
    const versions = await versionsOf(admin, id);
    expect(versions.map(({ changes }) => changes[0]?.after)).toMatchObject([{ title: 'at first' }]);
    expect((await admin.ok('query($id: ID!) { flow(id: $id) { title } }', { id })).flow.title).toBe(
      'at first',
    );
  });
});
