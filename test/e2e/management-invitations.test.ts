import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { signedIn, start } from '../support/flows.js';
import {
  enrollmentByInvitation,
  form,
  invitationNow,
  invite,
  tryInvite,
  tryUpdate,
} from '../support/invitations.js';
import type { Invitation } from '../support/invitations.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const UNKNOWN = 'b4c1b1a0-0000-4000-8000-000000000000';
const DELETE = 'mutation($id: ID!) { deleteInvitation(id: $id) }';
const FIND = 'query($identifier: String) { user(identifier: $identifier) { id } }';
const START = 'mutation($input: StartFlowInput!) { startFlow(input: $input) { step { __typename } } }';
const LIST = /* GraphQL */ `
  query List($first: Int, $after: String, $filter: InvitationFilter, $orderBy: InvitationOrder) {
    invitations(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      edges {
        cursor
        node {
          name
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let flow: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  await signInAgain();
  flow = await enrollmentByInvitation(composer);
});
afterAll(() => app.close());

async function signInAgain(): Promise<void> {
  admin = await signedIn(app);
  composer = new Composer(admin);
}

const list = async (variables: object): Promise<Invitation> => (await admin.ok(LIST, variables)).invitations;
const namesOf = ({ edges }: Invitation): string[] =>
  edges.map(({ node }: { node: { name: string } }) => node.name);

/** What the event log says of one invitation's changes, the latest first. */
async function changesOf(): Promise<object[]> {
  const { events } = await admin.ok(
    '{ events(filter: { actions: ["INVITATION_CHANGED"] }) { edges { node { details } } } }',
  );
  return events.edges.map(({ node }: { node: { details: object } }) => node.details);
}

describe('an invitation', () => {
  it('is good for a week and for one account unless somebody says otherwise', async () => {
    const { invitation } = await invite(admin, { name: 'as usual' });
    expect(invitation).toMatchObject({
      ...{ name: 'as usual', flow: null, singleUse: true, fixedData: {}, state: 'OPEN', uses: 0, version: 1 },
      createdBy: { username: ADMIN.username },
    });
    const lifetime = Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt);
    expect(lifetime).toBe(7 * 24 * 3600 * 1000);
    expect(await invitationNow(admin, invitation.id)).toEqual(invitation);
    expect((await invite(admin, { lifetime: null })).invitation.expiresAt).toBeNull();
  });

  it('is changed in what is mentioned, as one event with the names of what differs', async () => {
    const { invitation } = await invite(admin, { flowId: flow.id, fixedData: { email: 'a@example.org' } });
    const { id, name } = invitation;
    app.clock.advance(1);
    const update = { flowId: null, name, fixedData: { email: 'b@example.org', floor: 3 } };
    const { data } = await tryUpdate(admin, id, update, 1);
    expect(data.updateInvitation).toEqual({
      ...{ ...invitation, flow: null, fixedData: update.fixedData, version: 2 },
    });
    const [latest, ...earlier] = await changesOf();
    expect(latest).toEqual({ change: 'UPDATED', fields: ['flowId', 'fixedData'] });
    expect((await tryUpdate(admin, id, { ...update })).data.updateInvitation.version).toBe(2);
    expect((await tryUpdate(admin, id, {})).data.updateInvitation.version).toBe(2);
    expect(await changesOf()).toEqual([latest, ...earlier]);
  });

  it('is not changed by whoever has read another version', async () => {
    const { invitation } = await invite(admin);
    await tryUpdate(admin, invitation.id, { singleUse: false }, 1);
    const { errors } = await tryUpdate(admin, invitation.id, { singleUse: true }, 1);
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', version: 2 } }]);
    expect(await invitationNow(admin, invitation.id)).toMatchObject({ singleUse: false, version: 2 });
  });

  it('is gone once it is deleted, or its flow is', async () => {
    const other = await enrollmentByInvitation(composer);
    const { invitation } = await invite(admin);
    const bound = await invite(admin, { flowId: other.id });
    app.clock.advance(1);
    expect((await admin.ok(DELETE, { id: invitation.id })).deleteInvitation).toBe(invitation.id);
    expect((await changesOf())[0]).toEqual({ change: 'DELETED', fields: [] });
    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: other.id });
    for (const { id } of [invitation, bound.invitation]) expect(await invitationNow(admin, id)).toBeNull();
  });

  it.each([UNKNOWN, 'no id', ''])('that is not there cannot be changed: %p', async (id) => {
    for (const { errors } of [await tryUpdate(admin, id, {}), await admin.send(DELETE, { id })])
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await invitationNow(admin, id)).toBeNull();
  });

  it('has a name that no other has', async () => {
    const { invitation } = await invite(admin);
    const { name } = invitation;
    const other = await invite(admin);
    for (const { errors } of [
      await tryInvite(admin, { name }),
      await tryUpdate(admin, other.invitation.id, { name }),
    ])
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });

  it.each<[string, object, string]>([
    ['an empty name', { name: ' ' }, 'input.name'],
    ['a long name', { name: 'x'.repeat(201) }, 'input.name'],
    ['a name that cannot be stored', { name: 'x\0' }, 'input.name'],
    ['a flow that is not there', { flowId: UNKNOWN }, 'input.flowId'],
    ['no flow at all', { flowId: 'nothing' }, 'input.flowId'],
    ['too short a time', { lifetime: 'PT59S' }, 'input.lifetime'],
    ['too long a time', { lifetime: 'P366D' }, 'input.lifetime'],
    ['no fixed data', { fixedData: null }, 'input.fixedData'],
    ['a constructor', { fixedData: { constructor: 'x' } }, 'input.fixedData.constructor'],
    ['a password', { fixedData: { password: 'x' } }, 'input.fixedData.password'],
    ['what is no e-mail address', { fixedData: { email: 'x' } }, 'input.fixedData.email'],
    ['a list', { fixedData: { a: [] } }, 'input.fixedData.a'],
    ['too much', { fixedData: { a: 'x'.repeat(20_000) } }, 'input.fixedData'],
  ])('with %s is refused, new or not, and nothing changes', async (_what, input, path) => {
    const { invitation } = await invite(admin, { flowId: flow.id });
    const before = await changesOf();
    for (const { errors } of [await tryInvite(admin, input), await tryUpdate(admin, invitation.id, input)])
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
    expect(await invitationNow(admin, invitation.id)).toEqual(invitation);
    expect(await changesOf()).toEqual(before);
  });
});

it('an invitation with a prototype is refused', async () => {
  const fixedData = '{ __proto__: { x: 1 } }';
  const document = `mutation { createInvitation(input: { name: "x", fixedData: ${fixedData} }) { token } }`;
  const { errors } = await admin.send(document);
  const fields = [{ path: 'input.fixedData.__proto__', code: 'FORBIDDEN_KEY' }];
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields } }]);
});

describe('the list of invitations', () => {
  const named = (name: string) => `listed ${name}`;
  const search = 'LISTED';
  beforeAll(async () => {
    await invite(admin, { name: named('b'), lifetime: 'PT1M' });
    app.clock.advance(60);
    await signInAgain();
    await invite(admin, { name: named('c'), flowId: flow.id });
    const used = await invite(admin, { name: named('a') });
    const responses = [form(uniqueName('person'))];
    await start(app.client(), {
      ...{ flow: { slug: flow.slug }, invitationToken: used.token, responses },
    });
    app.clock.advance(1);
    await invite(admin, { name: named('d'), singleUse: false });
  });

  it.each([
    ['OPEN', ['c', 'd']],
    ['USED', ['a']],
    ['EXPIRED', ['b']],
  ])('can be of those that are %s', async (state, names) => {
    const page = await list({ filter: { search, state }, orderBy: 'NAME_ASC' });
    expect(namesOf(page)).toEqual(names.map(named));
    expect(page.totalCount).toBe(names.length);
    for (const { node } of page.edges) expect(node.state).toBe(state);
  });

  it('can be of those for one flow', async () => {
    expect(namesOf(await list({ filter: { search, flowId: flow.id } }))).toEqual([named('c')]);
    for (const flowId of [UNKNOWN, 'no id']) expect(namesOf(await list({ filter: { flowId } }))).toEqual([]);
  });

  it.each(['NAME_ASC', 'NAME_DESC', 'CREATED_AT_ASC', 'CREATED_AT_DESC', undefined])(
    'comes in pages, in the order %s, each once, also where others come and go',
    async (orderBy) => {
      const whole = namesOf(await list({ filter: { search }, orderBy }));
      expect(whole.toSorted()).toEqual(['a', 'b', 'c', 'd'].map(named));
      if (orderBy === 'NAME_DESC') expect(whole[0]).toBe(named('d'));
      if (orderBy === 'CREATED_AT_ASC') expect([whole[0], whole[3]]).toEqual([named('b'), named('d')]);
      if (orderBy === undefined) expect([whole[0], whole[3]]).toEqual([named('d'), named('b')]);
      const seen: string[] = [];
      let after: string | undefined;
      for (let more = true; more; ) {
        const page = await list({ first: 1, after, filter: { search }, orderBy });
        seen.push(...namesOf(page));
        more = page.pageInfo.hasNextPage;
        after = page.pageInfo.endCursor;
        const { invitation } = await invite(admin, { name: `${named('a')} ${uniqueName('passing')}` });
        await admin.ok(DELETE, { id: invitation.id });
      }
      expect(seen).toEqual(whole);
    },
  );

  it.each([
    { first: 0 },
    { first: 201 },
    { first: -1 },
    { after: 'x' },
    { after: 'MTp4' },
    { filter: { search: '\0' } },
  ])('is refused with %j', async (variables) => {
    const { errors } = await admin.send(LIST, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('whoever may invite and may not do everything', () => {
  it('invites nobody into what they may not do themselves, by no way that a flow leads', async () => {
    const { client } = await new Delegates(app, composer).delegate(
      ...['INVITATION_ADD', 'INVITATION_CHANGE', 'FLOW_VIEW', 'USER_VIEW'],
    );
    const powerful = await composer.group({ permissions: ['EVENT_VIEW'] });
    const joining = await composer.flowOf({}, { userWrite: { creation: 'ALWAYS', groupId: powerful } });
    const leading = await composer.flowOf(
      { designation: 'ENROLLMENT' },
      { invitation: {} },
      { redirect: { flowId: joining.id } },
    );
    const refused = [{ extensions: { code: 'FORBIDDEN' }, message: expect.stringContaining('EVENT_VIEW') }];
    expect((await tryInvite(client, { flowId: joining.id })).errors).toMatchObject(refused);
    expect((await tryInvite(client, { flowId: leading.id })).errors).toMatchObject(refused);
    expect((await tryInvite(client, {})).errors).toMatchObject(refused);
    const { invitation } = await invite(client, { flowId: flow.id });
    expect((await tryUpdate(client, invitation.id, { flowId: leading.id })).errors).toMatchObject(refused);
    const { invitation: granted } = await invite(admin, { flowId: leading.id });
    expect((await tryUpdate(client, granted.id, { lifetime: 'P300D' })).errors).toMatchObject(refused);
    expect((await tryUpdate(client, granted.id, {})).errors).toEqual([]);
  });

  it('has given nobody what they may not do themselves, whatever becomes of a flow afterwards', async () => {
    const { client } = await new Delegates(app, composer).delegate(
      ...['INVITATION_ADD', 'FLOW_VIEW', 'USER_VIEW'],
    );
    const group = await composer.group();
    const later = await enrollmentByInvitation(composer, { userWrite: { groupId: group } });
    const byDelegate = await invite(client, { flowId: later.id, singleUse: false });
    const byAdmin = await invite(admin, { flowId: later.id, singleUse: false });
    const join = async ({ token }: Invitation, username: string) =>
      app.client().send(START, {
        input: { flow: { slug: later.slug }, invitationToken: token, responses: [form(username)] },
      });
    expect((await join(byDelegate, uniqueName('before'))).errors).toEqual([]);
    await admin.ok(
      'mutation($id: ID!) { updateGroup(id: $id, input: { permissions: [EVENT_VIEW] }) { id } }',
      { id: group },
    );
    const refused = uniqueName('after');
    expect((await join(byDelegate, refused)).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.ok(FIND, { identifier: refused })).user).toBeNull();
    expect((await invitationNow(admin, byDelegate.invitation.id)).uses).toBe(1);
    expect((await join(byAdmin, uniqueName('after'))).errors).toEqual([]);
  });
});
