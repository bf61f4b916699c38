import { Composer, signedUp } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const GROUP = 'superuser permissions effectivePermissions version';
const READ = `query($id: ID) { group(id: $id) { ${GROUP} } }`;
const CREATE = `mutation($input: CreateGroupInput!) { createGroup(input: $input) { id ${GROUP} } }`;
const UPDATE = `mutation($id: ID!, $input: UpdateGroupInput!, $ifVersion: Int) {
  updateGroup(id: $id, input: $input, ifVersion: $ifVersion) { ${GROUP} }
}`;
const DELETE = 'mutation($id: ID!) { deleteGroup(id: $id) }';
const ADD =
  'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { version } }';
const REMOVE =
  'mutation($id: ID!, $userIds: [ID!]!) { removeGroupMembers(id: $id, userIds: $userIds) { version } }';
const ME = '{ viewer { id isSuperuser permissions } }';
const PASSWORD = 'a long enough password';
/** What the attacker is granted: all about groups, and sight of people. */
const GRANTED = ['GROUP_ADD', 'GROUP_CHANGE', 'GROUP_DELETE', 'USER_VIEW'];
const MAY = ['GROUP_ADD', 'GROUP_CHANGE', 'GROUP_DELETE', 'GROUP_VIEW', 'USER_VIEW'];

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let slug: string;
let mallory: TestClient;
let malloryId: string;
let own: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  ({ slug } = await composer.enrollment());
  mallory = await signedUp(app, slug, { username: 'mallory', password: PASSWORD });
  malloryId = (await mallory.ok(ME)).viewer.id;
  own = await composer.group();
  await admin.ok(ADD, { id: own, userIds: [malloryId] });
});
beforeEach(() => admin.ok(UPDATE, { id: own, input: { permissions: GRANTED, parentIds: [] } }));
afterEach(async () => {
  expect((await mallory.ok(ME)).viewer).toEqual({ id: malloryId, isSuperuser: false, permissions: MAY });
});
afterAll(() => app.close());

const group = async (id: string) => (await admin.ok(READ, { id })).group;
const refusal = ({ errors }: Answer) =>
  errors.map(({ message, extensions: { code } }) => ({ code, message }));
const lacks = (...missing: string[]) => [
  { code: 'FORBIDDEN', message: expect.stringContaining(`do not have yourself: ${missing.join(', ')}.`) },
];

describe('permissions of a group', () => {
  it('are none at first, are told with what they imply and what is inherited, and stay where they are not mentioned', async () => {
    const parent = await composer.group({ permissions: ['EVENT_VIEW'] });
    const id = await composer.group({ parentIds: [parent] });
    expect(await group(id)).toMatchObject({ permissions: [], effectivePermissions: ['EVENT_VIEW'] });
    const permissions = ['STAGE_ADD', 'FLOW_CHANGE', 'STAGE_ADD'];
    await admin.ok(UPDATE, { id, input: { permissions } });
    await admin.ok(UPDATE, { id, input: { superuser: false } });
    expect(await group(id)).toMatchObject({
      permissions: ['FLOW_CHANGE', 'STAGE_ADD'],
      effectivePermissions: ['EVENT_VIEW', 'FLOW_CHANGE', 'FLOW_VIEW', 'STAGE_ADD', 'STAGE_VIEW'],
    });
    const { errors } = await admin.send(UPDATE, { id, input: { permissions: null } });
    expect(errors).toMatchObject([{ extensions: { fields: [{ path: 'input.permissions' }] } }]);
    await admin.ok(UPDATE, { id, input: { superuser: true } });
    expect((await group(id)).effectivePermissions.length).toBeGreaterThan(40);
  });

  it('change only from the version that somebody has read, if they say so; what changes nothing makes no new one', async () => {
    const id = await composer.group();
    const update = (input: object, ifVersion: number | null) => admin.send(UPDATE, { id, input, ifVersion });
    expect((await update({ permissions: ['EVENT_VIEW'] }, 1)).data.updateGroup.version).toBe(2);
    expect(
      (await update({ permissions: ['EVENT_VIEW'], superuser: false }, 2)).data.updateGroup.version,
    ).toBe(2);
    const { errors } = await update({ permissions: [] }, 1);
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', version: 2 } }]);
    expect(await group(id)).toMatchObject({ permissions: ['EVENT_VIEW'], version: 2 });
    expect((await update({ permissions: [] }, null)).data.updateGroup.version).toBe(3);
    const [created, , changed] = (
      await admin.ok('{ events(first: 200) { edges { node { details } } } }')
    ).events.edges
      .map(({ node }: { node: { details: { groupId?: string } } }) => node.details)
      .filter(({ change }: { change?: string }) => change !== undefined)
      .slice(0, 3)
      .toReversed();
    expect(created).toMatchObject({ change: 'CREATED' });
    expect(changed).toMatchObject({ change: 'UPDATED', fields: ['permissions'] });
  });
});

describe('the members of a group', () => {
  it('come in pages, by username, with those of several groups at once', async () => {
    const id = await composer.group();
    const other = await composer.group();
    const userIds: string[] = [malloryId];
    for (const username of ['Zoe', 'bert', 'Anna']) {
      const person = await signedUp(app, slug, { username, password: PASSWORD });
      userIds.push((await person.ok(ME)).viewer.id);
    }
    await admin.ok(ADD, { id, userIds });
    await admin.ok(ADD, { id: other, userIds: userIds.slice(1, 3) });
    const page = 'edges { node { username } cursor } pageInfo { hasNextPage endCursor } totalCount';
    const document = `query($one: ID, $two: ID, $after: String) {
      one: group(id: $one) { members(first: 2, after: $after) { ${page} } }
      two: group(id: $two) { members(first: 2) { ${page} } }
    }`;
    interface Members {
      readonly members: { readonly edges: readonly { readonly node: { readonly username: string } }[] };
    }
    const names = ({ members }: Members) => members.edges.map(({ node }) => node.username);
    const { one, two } = await admin.ok(document, { one: id, two: other });
    expect([names(one), names(two)]).toEqual([
      ['Anna', 'bert'],
      ['bert', 'Zoe'],
    ]);
    expect([one.members.totalCount, two.members.totalCount]).toEqual([4, 2]);
    expect([one.members.pageInfo.hasNextPage, two.members.pageInfo.hasNextPage]).toEqual([true, false]);
    await admin.ok(REMOVE, { id, userIds: userIds.slice(2) });
    const after = one.members.pageInfo.endCursor;
    expect(names((await admin.ok(document, { one: id, two: other, after })).one)).toEqual(['mallory', 'Zoe']);
    for (const bad of ['first: 0', 'first: 201', 'after: "x"', `after: "${btoa('1:a\0b')}"`]) {
      const { errors } = await admin.send(
        `query($id: ID) { group(id: $id) { members(${bad}) { totalCount } } }`,
        { id },
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });
});

describe('whoever may change groups, and not everything,', () => {
  it('does not grant what they lack: to a new group, to their own, or to another', async () => {
    const other = await composer.group();
    for (const permission of ['FLOW_VIEW', 'SETTINGS_CHANGE']) {
      const permissions = [...GRANTED, permission];
      const missing = permission === 'FLOW_VIEW' ? ['FLOW_VIEW'] : ['SETTINGS_CHANGE', 'SETTINGS_VIEW'];
      const input = { name: 'new', permissions };
      expect(refusal(await mallory.send(CREATE, { input }))).toEqual(lacks(...missing));
      for (const id of [own, other])
        expect(refusal(await mallory.send(UPDATE, { id, input: { permissions } }))).toEqual(
          lacks(...missing),
        );
    }
    for (const [document, variables] of [
      [CREATE, { input: { name: 'new', superuser: true } }],
      [UPDATE, { id: own, input: { superuser: true } }],
      [UPDATE, { id: other, input: { superuser: true } }],
    ] as const)
      expect(refusal(await mallory.send(document, variables))).toEqual(lacks('everything'));
    await mallory.ok(UPDATE, { id: other, input: { permissions: GRANTED } });
    expect((await admin.ok('{ group(name: "new") { id } }')).group).toBeNull();
  });

  it('does not come to more by groups around their own, nor by a detour', async () => {
    const strong = await composer.group({ permissions: ['EVENT_VIEW'] });
    const between = await composer.group({ parentIds: [strong] });
    const mightiest = await composer.group({ superuser: true });
    for (const [parentId, missing] of [
      [strong, 'EVENT_VIEW'],
      [between, 'EVENT_VIEW'],
      [mightiest, 'everything'],
    ] as const) {
      expect(refusal(await mallory.send(UPDATE, { id: own, input: { parentIds: [parentId] } }))).toEqual(
        lacks(missing),
      );
      const input = { name: 'detour', parentIds: [parentId] };
      expect(refusal(await mallory.send(CREATE, { input }))).toEqual(lacks(missing));
    }
    // The other way round nobody gains anything that they could not give.
    await mallory.ok(UPDATE, { id: strong, input: { parentIds: [own] } });
    expect(refusal(await mallory.send(UPDATE, { id: mightiest, input: { parentIds: [own] } }))).toEqual(
      lacks('everything'),
    );
    await admin.ok(UPDATE, { id: strong, input: { parentIds: [] } });
  });

  it('does not get into a group that may do more, nor bring others into it', async () => {
    const strong = await composer.group({ permissions: ['EVENT_VIEW'] });
    const within = await composer.group({ parentIds: [strong] });
    const { group: administrators } = await admin.ok('{ group(name: "administrators") { id } }');
    const adminId = (await admin.ok(ME)).viewer.id;
    for (const userIds of [[malloryId], [adminId], []]) {
      for (const id of [strong, within])
        expect(refusal(await mallory.send(ADD, { id, userIds }))).toEqual(lacks('EVENT_VIEW'));
      expect(refusal(await mallory.send(ADD, { id: administrators.id, userIds }))).toEqual(
        lacks('everything'),
      );
    }
    const equal = await composer.group({ permissions: ['USER_VIEW'] });
    await mallory.ok(ADD, { id: equal, userIds: [malloryId] });
  });

  it('takes away from groups, and from superusers nothing', async () => {
    const strong = await composer.group({ permissions: ['EVENT_VIEW', 'FLOW_VIEW'] });
    await mallory.ok(UPDATE, { id: strong, input: { permissions: ['FLOW_VIEW'] } });
    expect(
      refusal(await mallory.send(UPDATE, { id: strong, input: { permissions: ['EVENT_VIEW'] } })),
    ).toEqual(lacks('EVENT_VIEW'));
    expect((await group(strong)).permissions).toEqual(['FLOW_VIEW']);
    await mallory.ok(DELETE, { id: strong });
    const top = await composer.group({ superuser: true });
    const within = await composer.group({ parentIds: [top] });
    for (const id of [top, within]) {
      for (const input of [{ superuser: false }, { parentIds: [] }, { name: 'mine' }, {}])
        expect(refusal(await mallory.send(UPDATE, { id, input }))).toEqual(lacks('everything'));
      expect(refusal(await mallory.send(REMOVE, { id, userIds: [malloryId] }))).toEqual(lacks('everything'));
      expect(refusal(await mallory.send(DELETE, { id }))).toEqual(lacks('everything'));
    }
  });

  it('cannot use in one request what they have given up in it', async () => {
    const other = await composer.group();
    const document = `mutation($own: ID!, $other: ID!) {
      first: updateGroup(id: $own, input: { permissions: [GROUP_VIEW, USER_VIEW] }) { name }
      second: updateGroup(id: $other, input: { permissions: [GROUP_CHANGE] }) { name }
    }`;
    const { errors } = await mallory.send(document, { own, other });
    expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'FORBIDDEN' } }]);
    expect((await mallory.ok(ME)).viewer.permissions).toEqual(['GROUP_VIEW', 'USER_VIEW']);
    expect((await group(other)).permissions).toEqual([]);
    await admin.ok(UPDATE, { id: own, input: { permissions: GRANTED } });
  });

  it('sees the outcome of the very change by which they lose sight of it', async () => {
    const document =
      'mutation($id: ID!) { updateGroup(id: $id, input: { permissions: [] }) { permissions } }';
    expect(await mallory.ok(document, { id: own })).toEqual({ updateGroup: { permissions: [] } });
    expect((await mallory.send(READ, { id: own })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    await admin.ok(UPDATE, { id: own, input: { permissions: GRANTED } });
  });
});
