import pg from 'pg';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn } from '../support/compose.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

const UPDATE = 'mutation($id: ID!, $input: UpdateGroupInput!) { updateGroup(id: $id, input: $input) { id } }';
const ADD = 'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
const REMOVE =
  'mutation($id: ID!, $userIds: [ID!]!) { removeGroupMembers(id: $id, userIds: $userIds) { id } }';

let database: ServerDatabase;
let admin: TestClient;
let onOtherNode: TestClient;
let delegate: TestClient;
let composer: Composer;
let administrators: string;
let adminId: string;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  const nodes = [await startServer(variables), await startServer(variables)] as const;
  admin = nodes[0].client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  onOtherNode = nodes[1].client();
  delegate = nodes[1].client();
  for (const [name, value] of admin.cookies) onOtherNode.cookies.set(name, value);
  composer = new Composer(admin);
  [{ group_id: administrators, user_id: adminId }] = await database.query('select * from group_member');
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

async function newPerson(name: string, active: boolean): Promise<string> {
  const [{ id }] = await database.query(
    `insert into user_account values (gen_random_uuid(), $1, null, '', $2, now()) returning id`,
    [name, active],
  );
  await database.query('insert into group_member (group_id, user_id) values ($1, $2)', [administrators, id]);
  return id;
}

/** Edits that begin in this order, each held up until the first has done all but to record what it did. */
async function heldUp(...edits: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const gate = new pg.Client({ connectionString: database.url });
  await gate.connect();
  try {
    await gate.query('begin');
    await gate.query('lock table event in exclusive mode');
    const answers: Promise<Answer>[] = [];
    for (const edit of edits) {
      answers.push(edit());
      await database.until(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          having count(*) >= ${answers.length}`,
      );
    }
    await gate.query('commit');
    return await Promise.all(answers);
  } finally {
    await gate.end();
  }
}

/** Two edits, one on each node. */
function atOnce(one: [string, object], other: [string, object]): Promise<Answer[]> {
  return heldUp(
    () => admin.send(...one),
    () => onOtherNode.send(...other),
  );
}

const problems = (answers: readonly Answer[]) =>
  answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions));

describe('two edits of groups at the same moment', () => {
  it('never make a circle of which each is one half', async () => {
    const [one, other] = [await composer.group(), await composer.group()];
    const answers = await atOnce(
      [UPDATE, { id: one, input: { parentIds: [other] } }],
      [UPDATE, { id: other, input: { parentIds: [one] } }],
    );
    expect(problems(answers)).toMatchObject([
      { code: 'BAD_USER_INPUT', fields: [{ path: 'input.parentIds', code: 'CYCLE' }] },
    ]);
    expect(await database.count('group_parent')).toBe(1);
  });

  it('never take away both of the last two people who may do everything', async () => {
    const eve = await newPerson('eve', true);
    const answers = await atOnce(
      [REMOVE, { id: administrators, userIds: [eve] }],
      [REMOVE, { id: administrators, userIds: [adminId] }],
    );
    expect(problems(answers)).toMatchObject([{ code: 'CONFLICT' }]);
    expect(await database.count('group_member')).toBe(1);
    await database.query('delete from group_member');
    await database.query('insert into group_member (group_id, user_id) values ($1, $2)', [
      administrators,
      adminId,
    ]);
  });
});

describe('a right that somebody loses while they hand it on', () => {
  it('is handed on where they were first, and not where they were second', async () => {
    const { slug } = await composer.enrollment();
    const responses = [filledIn({ username: 'mallory', password: 'a long enough password' })];
    await start(delegate, { flow: { slug }, responses });
    const { viewer } = await delegate.ok('{ viewer { id } }');
    const own = await composer.group();
    const theirs = await composer.group();
    await admin.ok(ADD, { id: own, userIds: [viewer.id] });
    const handOn = () => delegate.send(UPDATE, { id: theirs, input: { permissions: ['EVENT_VIEW'] } });
    const takeAway = () => admin.send(UPDATE, { id: own, input: { permissions: ['GROUP_CHANGE'] } });
    for (const [inOrder, refusals, granted] of [
      [[takeAway, handOn], [{ code: 'FORBIDDEN' }], 0],
      [[handOn, takeAway], [], 1],
    ] as const) {
      await admin.ok(UPDATE, { id: own, input: { permissions: ['GROUP_CHANGE', 'EVENT_VIEW'] } });
      expect(problems(await heldUp(...inOrder))).toMatchObject(refusals);
      expect(await database.count(`group_permission where group_id = '${theirs}'`)).toBe(granted);
    }
  });
});

describe('somebody who is disabled', () => {
  it('is not the one who stays', async () => {
    await newPerson('mallory', false);
    const { errors } = await admin.send(REMOVE, { id: administrators, userIds: [adminId] });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });
});

describe('the event log', () => {
  it('tells who has changed which group and how, and nothing of what was refused or changed nothing', async () => {
    await database.query('delete from event');
    const parent = await composer.group({ name: 'everybody' });
    const id = await composer.group({ name: 'crew', parentIds: [parent] });
    const people = { id, userIds: [adminId] };
    await admin.ok(UPDATE, { id, input: { superuser: true } });
    await admin.ok(UPDATE, { id, input: {} });
    await admin.send(UPDATE, { id: parent, input: { parentIds: [id] } });
    for (const document of [ADD, ADD, REMOVE, REMOVE]) await admin.ok(document, people);
    await admin.ok('mutation($id: ID!) { deleteGroup(id: $id) }', { id });
    const events = await database.query('select * from event order by created_at');
    expect(events).toEqual(
      events.map(() =>
        expect.objectContaining({
          ...{ action: 'GROUP_CHANGED', user_id: null, actor_id: adminId, api_token_id: null },
          object_type: 'GROUP',
        }),
      ),
    );
    const told = events.map(({ object_id: of, object_name: name, details }) => ({ of, name, ...details }));
    const fields = ['name', 'superuser', 'parentIds', 'permissions'];
    const nothing = { superuser: false, parentIds: [], permissions: [] };
    const crew = { of: id, name: 'crew' };
    expect(told).toEqual([
      { of: parent, change: 'CREATED', fields, ...nothing, name: 'everybody' },
      { ...crew, change: 'CREATED', fields, ...nothing, parentIds: [parent] },
      { ...crew, change: 'UPDATED', fields: ['superuser'], superuser: true },
      { ...crew, change: 'MEMBERS_ADDED', fields: [], userIds: [adminId] },
      { ...crew, change: 'MEMBERS_REMOVED', fields: [], userIds: [adminId] },
      { ...crew, change: 'DELETED', fields: [] },
    ]);
  });
});
