import { Composer, signedUp, uniqueName } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const GROUP = 'id name superuser parents { name } children { name }';
const READ = `query($id: ID, $name: String) { group(id: $id, name: $name) { ${GROUP} } }`;
const CREATE = `mutation($input: CreateGroupInput!) { createGroup(input: $input) { ${GROUP} } }`;
const UPDATE = `mutation($id: ID!, $input: UpdateGroupInput!) { updateGroup(id: $id, input: $input) { ${GROUP} } }`;
const DELETE = 'mutation($id: ID!) { deleteGroup(id: $id) }';
const ADD = `mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { name } }`;
const REMOVE = `mutation($id: ID!, $userIds: [ID!]!) { removeGroupMembers(id: $id, userIds: $userIds) { name } }`;
const NOBODY = 'b4c1b1a0-0000-4000-8000-000000000000';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let bob: TestClient;
let bobId: string;
let adminId: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  const { slug } = await composer.enrollment();
  bob = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
  bobId = (await bob.ok('{ viewer { id } }')).viewer.id;
  adminId = (await admin.ok('{ viewer { id } }')).viewer.id;
});
afterAll(() => app.close());

const refused = async (document: string, variables: object): Promise<Answer['errors']> =>
  (await admin.send(document, variables)).errors;
const badAt = (path: string, code: string) => [
  { extensions: { code: 'BAD_USER_INPUT', fields: [{ path, code }] } },
];
const CONFLICT = [{ extensions: { code: 'CONFLICT' } }];
const NOT_FOUND = [{ extensions: { code: 'NOT_FOUND' } }];

describe('a group', () => {
  it('is made, read, changed in part and deleted', async () => {
    const name = uniqueName('staff');
    const { createGroup: made } = await admin.ok(CREATE, { input: { name } });
    expect(made).toEqual({ id: expect.any(String), name, superuser: false, parents: [], children: [] });
    const { id } = made;
    expect((await admin.ok(READ, { id })).group).toEqual(made);
    expect((await admin.ok(READ, { name })).group).toEqual(made);
    const parent = uniqueName('everybody');
    const parentId = await composer.group({ name: parent });
    const within = (await admin.ok(UPDATE, { id, input: { parentIds: [parentId, parentId] } })).updateGroup;
    expect(within).toEqual({ ...made, parents: [{ name: parent }] });
    expect((await admin.ok(READ, { id: parentId })).group.children).toEqual([{ name }]);
    const renamed = (await admin.ok(UPDATE, { id, input: { name: `${name} 2`, superuser: true } }))
      .updateGroup;
    expect(renamed).toEqual({ ...within, name: `${name} 2`, superuser: true });
    expect((await admin.ok(UPDATE, { id, input: {} })).updateGroup).toEqual(renamed);
    expect(await admin.ok(DELETE, { id: parentId })).toEqual({ deleteGroup: parentId });
    expect((await admin.ok(READ, { id })).group.parents).toEqual([]);
    await admin.ok(DELETE, { id });
    expect((await admin.ok(READ, { id })).group).toBeNull();
    for (const document of [UPDATE, DELETE, ADD, REMOVE]) {
      const variables = { id, ...(document === UPDATE && { input: {} }), userIds: [] };
      expect(await refused(document, variables)).toMatchObject(NOT_FOUND);
    }
  });

  it.each(['name', 'superuser', 'parentIds'])('cannot be left without its %s', async (field) => {
    const id = await composer.group();
    expect(await refused(UPDATE, { id, input: { [field]: null } })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
    ]);
  });

  it('cannot have the name of another, nor one that cannot be kept', async () => {
    const name = uniqueName('taken');
    const id = await composer.group({ name });
    expect(await refused(CREATE, { input: { name } })).toMatchObject(CONFLICT);
    const other = await composer.group();
    expect(await refused(UPDATE, { id: other, input: { name } })).toMatchObject(CONFLICT);
    expect((await admin.ok(UPDATE, { id, input: { name } })).updateGroup.name).toBe(name);
    for (const bad of [' ', 'a\0b', 'x'.repeat(201)]) {
      expect(await refused(CREATE, { input: { name: bad } })).toMatchObject([
        { extensions: { fields: [{ path: 'input.name' }] } },
      ]);
      expect((await admin.ok(READ, { name: bad })).group).toBeNull();
    }
  });

  it('is told where it names people or groups that there are not', async () => {
    const id = await composer.group();
    const input = { parentIds: [id, NOBODY] };
    expect(await refused(CREATE, { input: { name: 'x', ...input } })).toMatchObject(
      badAt('input.parentIds.1', 'NOT_FOUND'),
    );
    const other = await composer.group();
    expect(await refused(UPDATE, { id: other, input })).toMatchObject(
      badAt('input.parentIds.1', 'NOT_FOUND'),
    );
    expect((await admin.ok(READ, { id: other })).group.parents).toEqual([]);
    expect(await refused(ADD, { id, userIds: [bobId, NOBODY] })).toMatchObject(
      badAt('userIds.1', 'NOT_FOUND'),
    );
    expect(await refused(ADD, { id, userIds: ['bob'] })).toMatchObject([
      { extensions: { fields: [{ path: 'userIds.0' }] } },
    ]);
  });

  it('cannot be deleted while something asks for it', async () => {
    const flow = await composer.flow();
    const id = await composer.group();
    const binding = await composer.guard({ flowId: flow.id }, { groupId: id });
    expect(await refused(DELETE, { id })).toMatchObject(CONFLICT);
    await admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: binding });
    const stageId = await composer.stage({ userWrite: { groupId: id } });
    expect(await refused(DELETE, { id })).toMatchObject(CONFLICT);
    await admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: stageId });
    await admin.ok(DELETE, { id });
  });
});

describe('the list of groups', () => {
  const list = async (passed: string) => {
    const page = `edges { node { name } } pageInfo { hasNextPage endCursor } totalCount`;
    const { groups } = await admin.ok(`{ groups(${passed}) { ${page} } }`);
    const names: string[] = groups.edges.map(({ node }: { node: { name: string } }) => node.name);
    return { names, ...groups.pageInfo, totalCount: groups.totalCount };
  };

  it('comes in pages, in order, searched and backwards', async () => {
    for (const name of ['team b', 'team C', 'Team a', 'team d']) await composer.group({ name });
    const sought = 'filter: { search: "TEAM " }';
    const whole = ['Team a', 'team C', 'team b', 'team d'];
    const first = await list(`first: 3, ${sought}`);
    expect(first).toMatchObject({ names: whole.slice(0, 3), hasNextPage: true, totalCount: 4 });
    const rest = await list(`first: 3, ${sought}, after: "${first.endCursor}"`);
    expect(rest).toMatchObject({ names: whole.slice(3), hasNextPage: false, totalCount: 4 });
    expect((await list(`${sought}, orderBy: NAME_DESC`)).names).toEqual(whole.toReversed());
    const before = `${sought}, orderBy: NAME_DESC, after: "${first.endCursor}"`;
    expect((await list(before)).names).toEqual(['team C', 'Team a']);
    expect((await list('first: 200')).names).toContain('administrators');
    expect((await list('filter: { search: "100%" }')).names).toEqual([]);
  });

  it.each(['first: 0', 'first: 201', 'after: "x"', `after: "${btoa('1:a\0b')}"`])(
    'refuses %s',
    async (bad) => {
      expect(await refused(`{ groups(${bad}) { totalCount } }`, {})).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    },
  );
});

describe('membership', () => {
  it('of a group within another is membership of both, until one of the two ends', async () => {
    const top = await composer.group();
    const middle = await composer.group({ parentIds: [top] });
    const bottom = await composer.group({ parentIds: [middle] });
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guard({ flowId: flow.id }, { groupId: top });
    const enters = async () => (await start(bob, { flow: { slug: flow.slug } })).step.__typename;
    expect(await enters()).toBe('FlowDenied');
    await admin.ok(ADD, { id: bottom, userIds: [bobId, bobId] });
    await admin.ok(ADD, { id: bottom, userIds: [bobId] });
    expect(await enters()).toBe('DummyChallenge');
    await admin.ok(UPDATE, { id: middle, input: { parentIds: [] } });
    expect(await enters()).toBe('FlowDenied');
    await admin.ok(UPDATE, { id: bottom, input: { parentIds: [top] } });
    expect(await enters()).toBe('DummyChallenge');
    await admin.ok(REMOVE, { id: bottom, userIds: [bobId, adminId] });
    expect(await enters()).toBe('FlowDenied');
  });

  it('does not lead from a group into those within it', async () => {
    const top = await composer.group();
    const bottom = await composer.group({ parentIds: [top] });
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guard({ flowId: flow.id }, { groupId: bottom });
    await admin.ok(ADD, { id: top, userIds: [bobId] });
    expect((await start(bob, { flow: { slug: flow.slug } })).step.__typename).toBe('FlowDenied');
  });

  it('makes superusers of people whose group lies within one that does', async () => {
    const powerful = await composer.group({ superuser: true });
    const id = await composer.group({ parentIds: [powerful] });
    const isSuperuser = async () => (await bob.ok('{ viewer { isSuperuser } }')).viewer.isSuperuser;
    await admin.ok(ADD, { id, userIds: [bobId] });
    expect(await isSuperuser()).toBe(true);
    await admin.ok(UPDATE, { id: powerful, input: { superuser: false } });
    expect(await isSuperuser()).toBe(false);
  });
});

describe('groups within each other', () => {
  it('never form a circle, however long', async () => {
    const a = await composer.group();
    const b = await composer.group({ parentIds: [a] });
    const c = await composer.group({ parentIds: [b] });
    const innocent = await composer.group();
    for (const parent of [a, b, c]) {
      expect(await refused(UPDATE, { id: a, input: { parentIds: [innocent, parent] } })).toMatchObject(
        badAt('input.parentIds', 'CYCLE'),
      );
      expect((await admin.ok(READ, { id: a })).group.parents).toEqual([]);
    }
    // Two ways to the same group are no circle.
    expect(
      (await admin.ok(UPDATE, { id: c, input: { parentIds: [a, b] } })).updateGroup.parents,
    ).toHaveLength(2);
  });
});

describe('the last person who may do everything', () => {
  it('cannot be lost by demoting, moving, emptying or deleting groups, and one of two can', async () => {
    const { group: administrators } = await admin.ok(READ, { name: 'administrators' });
    const root = await composer.group({ superuser: true });
    const crew = await composer.group({ parentIds: [root] });
    await admin.ok(ADD, { id: crew, userIds: [adminId] });
    await admin.ok(UPDATE, { id: administrators.id, input: { superuser: false } });
    const fatal: [string, object][] = [
      [UPDATE, { id: root, input: { superuser: false } }],
      [UPDATE, { id: crew, input: { parentIds: [] } }],
      [UPDATE, { id: crew, input: { parentIds: [administrators.id] } }],
      [REMOVE, { id: crew, userIds: [adminId] }],
      [DELETE, { id: crew }],
      [DELETE, { id: root }],
    ];
    for (const [document, variables] of fatal) {
      expect(await refused(document, variables)).toMatchObject(CONFLICT);
      expect((await admin.ok('{ viewer { isSuperuser } }')).viewer.isSuperuser).toBe(true);
    }
    await admin.ok(ADD, { id: root, userIds: [bobId] });
    await admin.ok(UPDATE, { id: crew, input: { parentIds: [] } });
    expect((await admin.ok('{ viewer { isSuperuser } }')).viewer.isSuperuser).toBe(false);
  });
});
