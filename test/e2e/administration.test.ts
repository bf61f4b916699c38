import { Composer } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import type { Delegate } from '../support/delegates.js';
import { LOGIN, WRONG, credentials, viewerOf } from '../support/executions.js';
import { signedIn, start } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const NOTHING = 'b4c1b1a0-0000-4000-8000-000000000000';
const END = 'mutation($id: ID!) { endSession(id: $id) }';
const END_MINE = 'mutation($id: ID!) { endMySession(id: $id) }';
const END_ALL = 'mutation($userId: ID!) { endUserSessions(userId: $userId) }';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let delegates: Delegates;
let bob: Delegate;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  delegates = new Delegates(app, composer);
  bob = await delegates.delegate();
});
afterAll(() => app.close());

const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code);
const sessionId = async (client: TestClient): Promise<string> => (await viewerOf(client)).session.id;

/** The newest event of this action. */
async function lastEvent(action: string): Promise<{ count: number; details?: object; user?: object }> {
  const { events } = await admin.ok(
    'query($actions: [String!]) { events(first: 1, filter: { actions: $actions }) { totalCount edges { node { details user { id } } } } }',
    { actions: [action] },
  );
  return { count: events.totalCount, ...events.edges[0]?.node };
}

describe('people see their own sessions', () => {
  it('with where they were opened, and which one it is that asks', async () => {
    const elsewhere = app.client({ address: '198.51.100.7' });
    const responses = credentials({ ...ADMIN, ...bob });
    await start(elsewhere, { flow: LOGIN, responses });
    const { mySessions } = await bob.client.ok(
      '{ mySessions { totalCount edges { node { id current address userAgent createdAt expiresAt amr aal } } } }',
    );
    expect(mySessions.totalCount).toBe(2);
    const nodes = mySessions.edges.map(({ node }: { node: object }) => node);
    expect(nodes).toContainEqual(
      expect.objectContaining({ id: await sessionId(bob.client), current: true, aal: 1 }),
    );
    expect(nodes).toContainEqual(
      expect.objectContaining({
        id: await sessionId(elsewhere),
        current: false,
        address: '198.51.100.7',
        userAgent: 'node',
        amr: ['pwd'],
      }),
    );
  });

  it('and end them, one or all others, each with an event', async () => {
    const [one, two, three] = [await signedIn(app, bob), await signedIn(app, bob), await signedIn(app, bob)];
    const before = (await lastEvent('SESSION_ENDED')).count;
    const id = await sessionId(one);
    expect(await bob.client.ok(END_MINE, { id })).toEqual({ endMySession: id });
    expect(await viewerOf(one)).toBeNull();
    const others: number = (await bob.client.ok('mutation { endMyOtherSessions }')).endMyOtherSessions;
    expect(others).toBeGreaterThanOrEqual(2);
    expect([await viewerOf(two), await viewerOf(three)]).toEqual([null, null]);
    expect(await viewerOf(bob.client)).toMatchObject({ username: bob.username });
    const { count, details, user } = await lastEvent('SESSION_ENDED');
    expect([count - before, details, user]).toEqual([
      1 + others,
      { change: 'DELETED', fields: [] },
      { id: bob.id },
    ]);
    expect((await bob.client.ok('mutation { endMyOtherSessions }')).endMyOtherSessions).toBe(0);
  });

  it('and nobody else’s: that is not there, exactly as one that never was', async () => {
    const answers = [];
    for (const id of [await sessionId(admin), NOTHING, 'nothing'])
      answers.push(await bob.client.send(END_MINE, { id }));
    expect(answers.map(({ errors, data }) => [data, errors[0]?.message, errors[0]?.extensions])).toEqual(
      answers.map(() => [null, 'There is no such session.', { code: 'NOT_FOUND' }]),
    );
    expect(codes(await bob.client.send('{ sessions { totalCount } }'))).toEqual(['FORBIDDEN']);
    expect(codes(await bob.client.send(END, { id: NOTHING }))).toEqual(['FORBIDDEN']);
    expect(codes(await app.client().send('{ mySessions { totalCount } }'))).toEqual(['UNAUTHENTICATED']);
  });

  it('also the one that asks, which is nobody’s from then on, in every field of the same request', async () => {
    const client = await signedIn(app, bob);
    const id = await sessionId(client);
    const { data, errors } = await client.send(
      'mutation($id: ID!) { first: endMySession(id: $id) second: endMySession(id: $id) }',
      { id },
    );
    expect([data, errors.map(({ extensions }) => extensions.code)]).toEqual([null, ['UNAUTHENTICATED']]);
    expect(await viewerOf(client)).toBeNull();
  });
});

describe('administrators see everybody’s sessions', () => {
  const LIST = `query($first: Int, $after: String, $userId: ID, $orderBy: SessionOrder) {
    sessions(first: $first, after: $after, filter: { userId: $userId }, orderBy: $orderBy) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { id createdAt user { id } } }
    }
  }`;

  it('in pages, in either order, and those of one person', async () => {
    for (const seconds of [1, 1, 0]) {
      app.clock.advance(seconds);
      await signedIn(app, bob);
    }
    const walk = async (orderBy: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { sessions } = await admin.ok(LIST, { first: 2, after, orderBy });
        seen.push(...sessions.edges.map(({ node }: { node: { id: string } }) => node.id));
        ({ hasNextPage: more, endCursor: after } = sessions.pageInfo);
      }
      return seen;
    };
    const all = await walk('CREATED_AT_ASC');
    expect(new Set(all).size).toBe(all.length);
    expect(await walk('CREATED_AT_DESC')).toEqual(all.toReversed());
    const { sessions } = await admin.ok(LIST, { userId: bob.id });
    expect(sessions.edges.every(({ node }: { node: { user: object } }) => 'id' in node.user)).toBe(true);
    expect(sessions.totalCount).toBeLessThan(all.length);
    expect((await admin.ok(LIST, { userId: 'nothing' })).sessions.totalCount).toBe(0);
  });

  it('and end one or all of somebody’s, whose next request is nobody’s', async () => {
    const client = await signedIn(app, bob);
    expect(codes(await admin.send(END, { id: await sessionId(client) }))).toEqual([]);
    expect(codes(await client.send('{ mySessions { totalCount } }'))).toEqual(['UNAUTHENTICATED']);
    const another = await signedIn(app, bob);
    const { count } = await lastEvent('SESSION_ENDED');
    const ended: number = (await admin.ok(END_ALL, { userId: bob.id })).endUserSessions;
    expect(ended).toBeGreaterThanOrEqual(2);
    expect([await viewerOf(another), await viewerOf(bob.client)]).toEqual([null, null]);
    expect((await lastEvent('SESSION_ENDED')).count).toBe(count + ended);
    expect((await admin.ok(END_ALL, { userId: bob.id })).endUserSessions).toBe(0);
    for (const userId of [NOTHING, 'nothing'])
      expect(codes(await admin.send(END_ALL, { userId }))).toEqual(['NOT_FOUND']);
    expect(codes(await admin.send(END, { id: 'nothing' }))).toEqual(['NOT_FOUND']);
  });

  it('but end none of somebody who may do more than they', async () => {
    const { client } = await delegates.delegate('SESSION_DELETE', 'USER_VIEW');
    const { id: adminId } = await viewerOf(admin);
    const strong = await delegates.delegate('EVENT_VIEW');
    for (const answer of [
      await client.send(END, { id: await sessionId(admin) }),
      await client.send(END_ALL, { userId: adminId }),
      await client.send(END, { id: await sessionId(strong.client) }),
    ]) {
      expect(codes(answer)).toEqual(['FORBIDDEN']);
      expect(answer.errors[0]?.message).toContain('rights that you do not have yourself');
    }
    expect(await viewerOf(admin)).toMatchObject({ username: ADMIN.username });
    const weak = await delegates.delegate('USER_VIEW');
    expect(codes(await client.send(END, { id: await sessionId(weak.client) }))).toEqual([]);
  });
});

describe('the settings', () => {
  const SHOWN = 'eventRetention recentAuthentication brandName language version';
  const READ = `{ settings { ${SHOWN} } }`;
  const UPDATE = `mutation($input: UpdateSettingsInput!, $ifVersion: Int) {
    updateSettings(input: $input, ifVersion: $ifVersion) { ${SHOWN} }
  }`;

  it('say how long events are kept and how long a login is recent, and can be changed', async () => {
    const initial = {
      ...{ eventRetention: 'P365D', recentAuthentication: 'PT15M', version: 1 },
      ...{ brandName: 'Stagedoor', language: 'EN' },
    };
    expect((await admin.ok(READ)).settings).toEqual(initial);
    const first = await admin.ok(UPDATE, { input: { recentAuthentication: 'PT90S' }, ifVersion: 1 });
    const changed = { ...initial, recentAuthentication: 'PT1M30S', version: 2 };
    expect(first.updateSettings).toEqual(changed);
    expect((await lastEvent('SETTINGS_CHANGED')).details).toMatchObject({
      change: 'UPDATED',
      fields: ['recentAuthentication'],
    });
    const { count } = await lastEvent('SETTINGS_CHANGED');
    const same = { input: { recentAuthentication: 'PT1M30S' } };
    expect((await admin.ok(UPDATE, same)).updateSettings).toEqual(changed);
    expect((await lastEvent('SETTINGS_CHANGED')).count).toBe(count);
    const late = await admin.send(UPDATE, { input: { eventRetention: 'P30D' }, ifVersion: 1 });
    expect(late.errors).toMatchObject([{ extensions: { code: 'CONFLICT', version: 2 } }]);
    app.clock.advance(90);
    expect(codes(await admin.send(UPDATE, same))).toEqual(['STEP_UP_REQUIRED']);
    const again = { flow: { designation: 'AUTHENTICATION' }, responses: [credentials()[1]] };
    await start(admin, again);
    const back = { input: { recentAuthentication: 'PT12H', eventRetention: 'PT720H' } };
    expect((await admin.ok(UPDATE, back)).updateSettings).toEqual({
      ...initial,
      eventRetention: 'P30D',
      recentAuthentication: 'PT12H',
      version: 3,
    });
  });

  it('say what the product is called, and in which language people are written to', async () => {
    app.clock.advance(1);
    const { settings } = await admin.ok(READ);
    const named = { brandName: ' Söhne & <b>Töchter</b> {{ url }} ', language: 'DE' };
    const changed = {
      ...settings,
      ...named,
      brandName: named.brandName.trim(),
      version: 4,
    };
    expect((await admin.ok(UPDATE, { input: named })).updateSettings).toEqual(changed);
    const details = { change: 'UPDATED', fields: ['brandName', 'language'] };
    expect((await lastEvent('SETTINGS_CHANGED')).details).toEqual(details);
    const back = { brandName: settings.brandName, language: settings.language };
    await admin.ok(UPDATE, { input: back });
    expect((await admin.ok(READ)).settings).toEqual({ ...settings, version: 5 });
  });

  it.each(['FR', 'de', '', null, 'EN\r\n'])('speak no language %j', async (language) => {
    const { settings } = await admin.ok(READ);
    expect(codes(await admin.send(UPDATE, { input: { language } }))).toEqual(['BAD_USER_INPUT']);
    expect((await admin.ok(READ)).settings).toEqual(settings);
  });

  it.each([
    ['eventRetention', 'P29D'],
    ['eventRetention', 'P3651D'],
    ['eventRetention', 'P30DT1S'],
    ['eventRetention', null],
    ['recentAuthentication', 'PT59S'],
    ['recentAuthentication', 'PT12H1S'],
    ['recentAuthentication', null],
    ['brandName', ''],
    ['brandName', ' \t '],
    ['brandName', 'x'.repeat(101)],
    ['brandName', 'Stagedoor\r\nBcc: eve@example.org'],
    ['brandName', 'Stage\ndoor'],
    ['brandName', 'Stage\u0000door'],
    ['brandName', 'Stage\uD800door'],
    ['brandName', null],
  ])('cannot be %s: %s', async (field, value) => {
    const { settings } = await admin.ok(READ);
    const { errors } = await admin.send(UPDATE, { input: { [field]: value } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
    ]);
    expect((await admin.ok(READ)).settings).toEqual(settings);
  });

  it('are for those who may see them, and changed by those who may', async () => {
    const { client } = await delegates.delegate('SETTINGS_VIEW');
    expect((await client.ok(READ)).settings.version).toBe(5);
    expect(codes(await client.send(UPDATE, { input: {} }))).toEqual(['FORBIDDEN']);
    const changer = await delegates.delegate('SETTINGS_CHANGE');
    expect(codes(await changer.client.send(UPDATE, { input: {} }))).toEqual([]);
  });
});

describe('how addresses have behaved', () => {
  const LIST = `query($first: Int, $after: String, $filter: ReputationFilter, $orderBy: ReputationOrder) {
    reputations(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { identifier address score updatedAt } }
    }
  }`;
  const FORGET = 'mutation($filter: ReputationFilter!) { forgetReputation(filter: $filter) }';
  const page = async (variables: object) => (await admin.ok(LIST, variables)).reputations;
  const nodes = async (variables: object) =>
    (await page(variables)).edges.map(({ node }: { node: object }) => node);

  async function fail(identifier: string, address: string): Promise<void> {
    app.clock.advance(60);
    await start(app.client({ address }), {
      flow: LOGIN,
      responses: [{ identification: { identifier } }, WRONG],
    });
  }

  it('is told by the name of an account, and without a name where there is no such account', async () => {
    await fail(bob.username.toUpperCase(), '192.0.2.1');
    await fail(bob.username, '192.0.2.1');
    await fail('my secret password', '192.0.2.1');
    await fail(bob.username, '2001:db8:1:2:3::9');
    expect(await nodes({ filter: { identifier: ` ${bob.username}`, address: '192.0.2.1' } })).toMatchObject([
      { identifier: bob.username, score: -2 },
    ]);
    expect(await nodes({ filter: { identifier: 'My Secret Password' } })).toMatchObject([
      { identifier: null, address: '192.0.2.1', score: -1 },
    ]);
    expect(await nodes({ filter: { address: '2001:db8:1:2::1' } })).toMatchObject([
      { identifier: bob.username, address: '2001:db8:1:2::/64', score: -1 },
    ]);
    expect((await page({})).edges[0].node).toMatchObject({ identifier: bob.username, score: -2 });
    const latest = await nodes({ orderBy: 'UPDATED_AT_DESC' });
    expect(latest[0]).toMatchObject({ address: '2001:db8:1:2::/64' });
  });

  it.each(['SCORE_ASC', 'UPDATED_AT_DESC'])('is read in pages, in the order %s', async (orderBy) => {
    const all = await nodes({ first: 200, orderBy });
    const seen: object[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo } = await page({ first: 1, after, orderBy });
      seen.push(...edges.map(({ node }: { node: object }) => node));
      ({ hasNextPage: more, endCursor: after } = pageInfo);
      const cursor = Buffer.from(edges[0].cursor ?? after ?? '', 'base64url').toString();
      expect(cursor).not.toContain('unknown');
    }
    expect(seen).toEqual(all);
    expect((await page({ first: 1 })).totalCount).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(3);
  });

  it('is forgotten by name, by address, or by both, with one event that tells no word that nobody is called', async () => {
    const forget = async (filter: object): Promise<number> =>
      (await admin.ok(FORGET, { filter })).forgetReputation;
    const { count } = await lastEvent('REPUTATION_FORGOTTEN');
    expect(await forget({ identifier: bob.username, address: '203.0.113.9' })).toBe(0);
    expect((await lastEvent('REPUTATION_FORGOTTEN')).count).toBe(count);
    expect(await forget({ identifier: 'my secret password' })).toBe(1);
    expect((await lastEvent('REPUTATION_FORGOTTEN')).details).toEqual({
      change: 'DELETED',
      fields: [],
      address: null,
      identifier: null,
      records: 1,
    });
    app.clock.advance(1);
    expect(await forget({ identifier: bob.username, address: '2001:db8:1:2:ffff::' })).toBe(1);
    expect((await lastEvent('REPUTATION_FORGOTTEN')).details).toMatchObject({
      address: '2001:db8:1:2::/64',
      identifier: bob.username,
    });
    expect(await forget({ address: '192.0.2.1' })).toBe(1);
    expect((await page({ filter: { address: '192.0.2.1' } })).totalCount).toBe(0);
  });

  it.each([
    [{}, 'filter'],
    [{ identifier: null, address: null }, 'filter'],
    [{ address: '192.0.2' }, 'filter.address'],
    [{ address: '2001:db8::/64' }, 'filter.address'],
    [{ identifier: '' }, 'filter.identifier'],
    [{ identifier: 'a'.repeat(321) }, 'filter.identifier'],
  ])('is not forgotten where nothing is named: %j', async (filter, path) => {
    const { errors } = await admin.send(FORGET, { filter });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it.each(['', 'bm9uc2Vuc2U', Buffer.from('1:1 2030-01-01T00:00:00Z x').toString('base64url')])(
    'has no page after a cursor that is none: %s',
    async (after) => {
      expect(codes(await admin.send(LIST, { after }))).toEqual(['BAD_USER_INPUT']);
    },
  );
});
