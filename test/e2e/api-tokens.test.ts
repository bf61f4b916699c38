import { Composer } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import type { Delegate } from '../support/delegates.js';
import { LOGIN, viewerOf } from '../support/executions.js';
import { signedIn, start } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const FIELDS = 'id name permissions createdAt expiresAt lastUsedAt version';
const CREATE = `mutation($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { token apiToken { ${FIELDS} } }
}`;
const UPDATE = `mutation($id: ID!, $input: UpdateApiTokenInput!, $ifVersion: Int) {
  updateApiToken(id: $id, input: $input, ifVersion: $ifVersion) { ${FIELDS} }
}`;
const DELETE = 'mutation($id: ID!) { deleteApiToken(id: $id) }';
const MINE = `{ myApiTokens { totalCount edges { node { ${FIELDS} } } } }`;
const NOTHING = 'b4c1b1a0-0000-4000-8000-000000000000';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let delegates: Delegates;
/** Somebody who may see and change groups, and see accounts. */
let grace: Delegate;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  delegates = new Delegates(app, composer);
  grace = await delegates.delegate('GROUP_CHANGE', 'USER_VIEW');
});
afterAll(() => app.close());

interface Made {
  readonly id: string;
  readonly secret: string;
  /** A script that brings it. */
  readonly script: TestClient;
}

async function tokenOf(client: TestClient, permissions: readonly string[], more = {}): Promise<Made> {
  const { createApiToken } = await client.ok(CREATE, { input: { name: 'ci', permissions, ...more } });
  const secret: string = createApiToken.token;
  return { id: createApiToken.apiToken.id, secret, script: scriptWith(secret) };
}

function scriptWith(secret: string): TestClient {
  const script = app.client();
  script.bearer = secret;
  return script;
}

/** After so long that the sessions are recent no longer. */
async function proveAgain(): Promise<void> {
  for (const [client, { password }] of [
    [admin, ADMIN],
    [grace.client, grace],
  ] as const)
    await start(client, { flow: { designation: 'AUTHENTICATION' }, responses: [{ password: { password } }] });
}

const codes = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code);
const GROUPS = '{ groups(first: 1) { totalCount } }';

describe('an API token', () => {
  it('is told once, looks like what it is, and does what it is for', async () => {
    const { createApiToken } = await grace.client.ok(CREATE, {
      input: { name: 'nightly', permissions: ['GROUP_VIEW'] },
    });
    const { token, apiToken } = createApiToken;
    expect(token).toMatch(/^sd_api_[\w-]{43}$/);
    expect(apiToken).toMatchObject({
      name: 'nightly',
      permissions: ['GROUP_VIEW'],
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-04-01T00:00:00.000Z',
      lastUsedAt: null,
      version: 1,
    });
    const script = scriptWith(token);
    expect((await script.ok(GROUPS)).groups.totalCount).toBeGreaterThan(0);
    expect(codes(await script.send('{ flows { totalCount } }'))).toEqual(['FORBIDDEN']);
    const { myApiTokens } = await grace.client.ok(MINE);
    expect(JSON.stringify(myApiTokens)).not.toContain('sd_api_');
    expect(myApiTokens).toMatchObject({ totalCount: 1, edges: [{ node: { id: apiToken.id } }] });
  });

  it('has at most the permissions that whoever makes it has; each that they lack is named', async () => {
    const permissions = ['GROUP_VIEW', 'FLOW_CHANGE', 'USER_DELETE'];
    const { errors } = await grace.client.send(CREATE, { input: { name: 'ci', permissions } });
    expect(errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [
            {
              path: 'input.permissions.1',
              code: 'NOT_YOURS',
              message: expect.stringContaining('FLOW_CHANGE'),
            },
            {
              path: 'input.permissions.2',
              code: 'NOT_YOURS',
              message: expect.stringContaining('USER_DELETE'),
            },
          ],
        },
      },
    ]);
  });

  it('is no superuser in the hands of one: what it is not for is refused', async () => {
    const { script } = await tokenOf(admin, ['GROUP_CHANGE', 'USER_VIEW']);
    const { groups } = await admin.ok(
      '{ groups(filter: { search: "administrators" }) { edges { node { id } } } }',
    );
    const [{ node }] = groups.edges;
    const promote = 'mutation($id: ID!) { updateGroup(id: $id, input: { superuser: true }) { id } }';
    expect(codes(await script.send(promote, { id: grace.groupId }))).toEqual(['FORBIDDEN']);
    const join =
      'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
    expect(codes(await script.send(join, { id: node.id, userIds: [grace.id] }))).toEqual(['FORBIDDEN']);
    expect(codes(await script.send('{ events { totalCount } }'))).toEqual(['FORBIDDEN']);
  });

  it('asks for no recent authentication: it has none', async () => {
    const { script } = await tokenOf(grace.client, ['GROUP_CHANGE']);
    app.clock.advance(3600);
    const rename =
      'mutation($id: ID!, $input: UpdateGroupInput!) { updateGroup(id: $id, input: $input) { name } }';
    const changed = await script.ok(rename, { id: grace.groupId, input: { name: 'renamed by a script' } });
    expect(changed.updateGroup.name).toBe('renamed by a script');
    const query =
      '{ events(first: 1, filter: { actions: ["GROUP_CHANGED"] }) { edges { node { details } } } }';
    expect((await admin.ok(query)).events.edges[0].node.details).toMatchObject({ fields: ['name'] });
    await proveAgain();
  });

  it('notes when it was used, to the minute', async () => {
    const { id, script } = await tokenOf(grace.client, ['GROUP_VIEW']);
    const lastUse = async () => {
      const { myApiTokens } = await grace.client.ok(MINE);
      return myApiTokens.edges.find(({ node }: { node: { id: string } }) => node.id === id).node.lastUsedAt;
    };
    await script.ok(GROUPS);
    const first = await lastUse();
    expect(first).toBe(app.clock.now().toISOString());
    app.clock.advance(59);
    await script.ok(GROUPS);
    expect(await lastUse()).toBe(first);
    app.clock.advance(1);
    await script.ok(GROUPS);
    expect(await lastUse()).toBe(app.clock.now().toISOString());
  });
});

describe('a request with an API token', () => {
  it('is nobody’s session: nobody is the viewer, and flows see nobody', async () => {
    const { script } = await tokenOf(admin, ['FLOW_VIEW']);
    expect(await viewerOf(script)).toBeNull();
    const native = { flow: { slug: 'default-reauthentication' }, client: 'NATIVE' };
    expect((await start(script, native)).step).toMatchObject({ code: 'NOT_APPLICABLE' });
    const { flow } = await start(script, { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' });
    expect(flow.slug).toBe(LOGIN.slug);
  });

  it('that comes with the cookie of a session has the rights of the token and no others', async () => {
    const { script } = await tokenOf(grace.client, ['GROUP_VIEW']);
    for (const [name, value] of admin.cookies) script.cookies.set(name, value);
    await script.ok(GROUPS);
    expect(codes(await script.send('{ flows { totalCount } }'))).toEqual(['FORBIDDEN']);
    expect(await viewerOf(script)).toBeNull();
    const browser = { flow: { slug: 'default-reauthentication' } };
    expect((await start(script, browser)).step).toMatchObject({ code: 'NOT_APPLICABLE' });
    script.bearer = 'sd_api_nonsense';
    expect(codes(await script.send(GROUPS))).toEqual(['UNAUTHENTICATED']);
    expect(await viewerOf(script)).toBeNull();
  });

  it('makes, changes and deletes no API tokens, and has no sessions', async () => {
    const { id, script } = await tokenOf(admin, ['API_TOKEN_DELETE', 'SESSION_VIEW']);
    const input = { name: 'another', permissions: ['API_TOKEN_VIEW'] };
    const answers = [
      await script.send(CREATE, { input }),
      await script.send(UPDATE, { id, input }),
      await script.send(DELETE, { id }),
      await script.send(MINE),
      await script.send('{ mySessions { totalCount } }'),
      await script.send('mutation { endMyOtherSessions }'),
    ];
    expect(answers.flatMap(codes)).toEqual(answers.map(() => 'FORBIDDEN'));
    expect((await script.ok('{ apiTokens { totalCount } }')).apiTokens.totalCount).toBeGreaterThan(0);
    const { sessions } = await script.ok('{ sessions { edges { node { current } } } }');
    expect(sessions.edges.some(({ node }: { node: { current: boolean } }) => node.current)).toBe(false);
  });

  it.each(['sd_api_', 'sd_api_nonsense', `sd_api_${'A'.repeat(43)}`, "sd_api_' or true --", 'SD_API_x'])(
    'that is none of ours is nobody’s: %s',
    async (secret) => {
      expect(codes(await scriptWith(secret).send(GROUPS))).toEqual(['UNAUTHENTICATED']);
      expect((await scriptWith(secret).ok('{ viewer { id } }')).viewer).toBeNull();
    },
  );
});

describe('an API token is good no longer', () => {
  it('once it has expired, to the second', async () => {
    const { id, script } = await tokenOf(grace.client, ['GROUP_VIEW'], { lifetime: 'PT1H' });
    app.clock.advance(3599);
    await script.ok(GROUPS);
    app.clock.advance(1);
    expect(codes(await script.send(GROUPS))).toEqual(['UNAUTHENTICATED']);
    expect(JSON.stringify(await grace.client.ok(MINE))).not.toContain(id);
    expect(codes(await grace.client.send(DELETE, { id }))).toEqual(['NOT_FOUND']);
    await proveAgain();
  });

  it('once it is deleted', async () => {
    const { id, script } = await tokenOf(grace.client, ['GROUP_VIEW']);
    expect(await grace.client.ok(DELETE, { id })).toEqual({ deleteApiToken: id });
    expect(codes(await script.send(GROUPS))).toEqual(['UNAUTHENTICATED']);
    expect(codes(await grace.client.send(DELETE, { id }))).toEqual(['NOT_FOUND']);
  });

  it('for what its owner may do no longer', async () => {
    const heidi = await delegates.delegate('GROUP_VIEW', 'EVENT_VIEW');
    const { script } = await tokenOf(heidi.client, ['GROUP_VIEW', 'EVENT_VIEW']);
    const demote =
      'mutation($id: ID!, $input: UpdateGroupInput!) { updateGroup(id: $id, input: $input) { id } }';
    await admin.ok(demote, { id: heidi.groupId, input: { permissions: ['EVENT_VIEW'] } });
    expect(codes(await script.send(GROUPS))).toEqual(['FORBIDDEN']);
    await script.ok('{ events(first: 1) { totalCount } }');
  });
});

describe('changing an API token', () => {
  it('gives it fewer permissions, or others that its owner has', async () => {
    const { id, script } = await tokenOf(grace.client, ['GROUP_CHANGE', 'USER_VIEW']);
    const { updateApiToken } = await grace.client.ok(UPDATE, {
      id,
      input: { permissions: ['USER_VIEW'] },
      ifVersion: 1,
    });
    expect(updateApiToken).toMatchObject({ name: 'ci', permissions: ['USER_VIEW'], version: 2 });
    expect(codes(await script.send(GROUPS))).toEqual(['FORBIDDEN']);
    const more = { id, input: { permissions: ['USER_VIEW', 'EVENT_VIEW'] } };
    expect((await grace.client.send(UPDATE, more)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.permissions.1' }] } },
    ]);
    const renamed = await grace.client.ok(UPDATE, { id, input: { name: 'renamed' } });
    expect(renamed.updateApiToken).toMatchObject({ name: 'renamed', permissions: ['USER_VIEW'], version: 3 });
    const same = await grace.client.ok(UPDATE, { id, input: { name: 'renamed' } });
    expect(same.updateApiToken.version).toBe(3);
  });

  it('is refused to whoever has read an older version, with the present one', async () => {
    const { id } = await tokenOf(grace.client, ['GROUP_VIEW']);
    await grace.client.ok(UPDATE, { id, input: { name: 'first' }, ifVersion: 1 });
    const late = await grace.client.send(UPDATE, { id, input: { name: 'second' }, ifVersion: 1 });
    expect(late.errors).toMatchObject([{ extensions: { code: 'CONFLICT', version: 2 } }]);
  });

  it('is for its owner only, who alone may know of it without API_TOKEN_VIEW', async () => {
    const { id } = await tokenOf(admin, ['GROUP_VIEW']);
    const input = { name: 'mine now' };
    const answers = [];
    for (const token of [id, NOTHING, 'nothing'])
      answers.push(
        await grace.client.send(UPDATE, { id: token, input }),
        await grace.client.send(DELETE, { id: token }),
      );
    expect(answers.flatMap(({ errors }) => errors)).toEqual(
      answers.map(() => expect.objectContaining({ message: 'There is no such API token.' })),
    );
    const viewer = await delegates.delegate('API_TOKEN_VIEW');
    expect(codes(await viewer.client.send(UPDATE, { id, input }))).toEqual(['FORBIDDEN']);
    expect(codes(await viewer.client.send(DELETE, { id }))).toEqual(['FORBIDDEN']);
    expect(codes(await viewer.client.send(DELETE, { id: NOTHING }))).toEqual(['NOT_FOUND']);
  });
});

describe('everybody’s API tokens', () => {
  it('are listed for whoever may see them, in pages, also those of one person', async () => {
    const { id } = await tokenOf(grace.client, ['GROUP_VIEW']);
    const viewer = await delegates.delegate('API_TOKEN_VIEW', 'USER_VIEW');
    const LIST = `query($first: Int, $after: String, $userId: ID) {
      apiTokens(first: $first, after: $after, filter: { userId: $userId }) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { id } }
      }
    }`;
    const all = (await viewer.client.ok(LIST, { first: 200 })).apiTokens;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { apiTokens } = await viewer.client.ok(LIST, { first: 2, after });
      seen.push(...apiTokens.edges.map(({ node }: { node: { id: string } }) => node.id));
      ({ hasNextPage: more, endCursor: after } = apiTokens.pageInfo);
    }
    expect(seen).toEqual(all.edges.map(({ node }: { node: { id: string } }) => node.id));
    expect([all.totalCount, seen.includes(id)]).toEqual([seen.length, true]);
    const own = (await viewer.client.ok(LIST, { userId: grace.id })).apiTokens;
    expect(own.totalCount).toBeLessThan(all.totalCount);
    expect((await viewer.client.ok(LIST, { userId: 'nothing' })).apiTokens.totalCount).toBe(0);
    expect(codes(await grace.client.send(LIST))).toEqual(['FORBIDDEN']);
  });

  it('are deleted only by those who may do what their owners may', async () => {
    const mine = await tokenOf(admin, ['GROUP_VIEW']);
    const theirs = await tokenOf(grace.client, ['GROUP_VIEW']);
    const janitor = await delegates.delegate('API_TOKEN_DELETE');
    for (const { id } of [mine, theirs]) {
      const { errors } = await janitor.client.send(DELETE, { id });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(errors[0]?.message).toContain('rights that you do not have yourself');
    }
    const keeper = await delegates.delegate('API_TOKEN_DELETE', 'GROUP_CHANGE', 'USER_VIEW');
    expect(await keeper.client.ok(DELETE, { id: theirs.id })).toEqual({ deleteApiToken: theirs.id });
    expect(codes(await keeper.client.send(DELETE, { id: mine.id }))).toEqual(['FORBIDDEN']);
    await mine.script.ok(GROUPS);
  });
});

describe('what is told of API tokens', () => {
  it('is one event for each change, with its fields and whose it is', async () => {
    app.clock.advance(1);
    const { id } = await tokenOf(grace.client, ['GROUP_VIEW']);
    app.clock.advance(1);
    await grace.client.ok(UPDATE, { id, input: { name: 'renamed', permissions: ['GROUP_VIEW'] } });
    await grace.client.ok(UPDATE, { id, input: { name: 'renamed' } });
    app.clock.advance(1);
    await grace.client.ok(DELETE, { id });
    const { events } = await admin.ok(
      `query($userId: ID!) { events(first: 3, filter: { actions: ["API_TOKEN_CHANGED"], userId: $userId }) {
        edges { node { details } } } }`,
      { userId: grace.id },
    );
    expect(events.edges.map(({ node }: { node: { details: object } }) => node.details)).toEqual([
      { change: 'DELETED', fields: [] },
      { change: 'UPDATED', fields: ['name'] },
      { change: 'CREATED', fields: ['name', 'permissions', 'lifetime'] },
    ]);
  });

  it('is never their secret: not in the log, not in an error, not in an event', async () => {
    const { secret, script } = await tokenOf(admin, ['EVENT_VIEW']);
    await script.ok('{ events(first: 200) { edges { node { details } } } }');
    const answers = [
      await script.post('{', {}),
      await script.post('{}', { 'content-type': 'text/plain' }),
      await script.post(JSON.stringify({ query: '{ nothing }' })),
      await script.post(JSON.stringify({ query: `{ viewer(token: "${secret}") { id } }` })),
      await script.post(JSON.stringify({ query: GROUPS }), { authorization: `Bearer ${secret} ` }),
      await script.post(JSON.stringify({ query: GROUPS }), { authorization: `Bearer ${secret}x` }),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const events = JSON.stringify(await admin.ok('{ events(first: 200) { edges { node { details } } } }'));
    expect([...texts, events, ...app.log].join('\n')).not.toContain(secret);
  });
});
