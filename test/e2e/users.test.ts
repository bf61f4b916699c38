import { Composer, uniqueName } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { CREATE_USER, DELETE_USER, MARK_COMPROMISED, People, SET_PASSWORD } from '../support/people.js';
import { PASSWORD, UPDATE_USER, codes } from '../support/people.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const NOBODY = 'b4c1b1a0-0000-4000-8000-000000000000';
const USER = `id username email name active createdAt attributes version isSuperuser groups { name }
  passwordChangedAt passwordCompromised`;
const READ = `query($id: ID, $identifier: String) { user(id: $id, identifier: $identifier) { ${USER} } }`;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let people: People;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  people = new People(app, admin);
});
afterAll(() => app.close());

const made = async (input: object): Promise<string> => (await admin.ok(CREATE_USER, { input })).createUser.id;
const read = async (id: string) => (await admin.ok(READ, { id })).user;
const eventsOf = async (userId: string) => {
  const document = `query($userId: ID) { events(filter: { userId: $userId }) { edges { node { action details } } } }`;
  const { events } = await admin.ok(document, { userId });
  return events.edges.map(({ node }: { node: object }) => node);
};
const problemsOf = async (document: string, variables: object) => {
  const { errors } = await admin.send(document, variables);
  return errors.map(({ extensions: { code, fields } }) => ({ code, fields }));
};

describe('an account', () => {
  it('is made with all that there is to it, and read by id, username and e-mail address', async () => {
    const name = uniqueName('crew');
    const groupId = await composer.group({ name });
    const attributes = { department: { name: 'Deck', floors: [1, 2] }, since: null };
    const input = { username: 'Ánna', email: 'Anna@Example.org', name: 'Anna A.', attributes };
    const id = await made({ ...input, groupIds: [groupId, groupId] });
    const now = app.clock.now().toISOString();
    const user = {
      ...{ id, ...input, active: true, createdAt: now, version: 1, isSuperuser: false },
      ...{ groups: [{ name }], passwordChangedAt: null, passwordCompromised: false },
    };
    expect(await read(id)).toEqual(user);
    for (const identifier of ['ánna', 'A\u0301NNA', 'ANNA@EXAMPLE.ORG']) {
      expect((await admin.ok(READ, { identifier })).user).toEqual(user);
    }
    expect(await eventsOf(id)).toEqual([
      {
        action: 'USER_WRITTEN',
        details: {
          change: 'CREATED',
          fields: [
            ...['username', 'email', 'emailVerified', 'name', 'active', 'kind', 'path', 'attributes'],
            'groupIds',
          ],
          groupIds: [groupId],
        },
      },
    ]);
  });

  it('is nobody’s where nobody has the name', async () => {
    for (const wanted of [{ id: NOBODY }, { id: 'x' }, { identifier: 'a\0b' }, { identifier: '' }])
      expect((await admin.ok(READ, wanted)).user).toBeNull();
    expect(await problemsOf(READ, {})).toMatchObject([{ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] }]);
  });

  it('is changed in what is sent, and in nothing else; null takes away', async () => {
    const username = uniqueName('person');
    const input = { username, email: `${username}@example.org`, name: 'B', attributes: { a: 1, b: 2 } };
    const id = await made(input);
    const before = { ...input, id, active: true, version: 1 };
    const update = async (changes: object) => {
      app.clock.advance(1);
      return (await admin.ok(UPDATE_USER, { id, input: changes })).updateUser;
    };
    expect(await update({})).toEqual(before);
    expect(await update({ name: 'B', attributes: { b: 2, a: 1 } })).toEqual(before);
    expect(await update({ email: null })).toEqual({ ...before, email: null, version: 2 });
    expect(await update({ attributes: { c: 3 } })).toMatchObject({ attributes: { c: 3 }, version: 3 });
    // What was given up is there for others, and what is kept is not.
    const other = await made({ username: input.email });
    expect(await problemsOf(UPDATE_USER, { id, input: { email: input.email } })).toEqual([
      { code: 'CONFLICT', fields: [{ path: 'input.email', code: 'TAKEN', message: expect.any(String) }] },
    ]);
    expect(await update({ username: username.toUpperCase(), name: 'C' })).toMatchObject({ version: 4 });
    expect(await read(other)).toMatchObject({ username: input.email });
    // What was sent to the address that they had is told among them, whenever it was.
    const written = (await eventsOf(id)).flatMap(
      ({ action, details }: { action: string; details: { fields: unknown } }) =>
        action === 'USER_WRITTEN' ? [details.fields] : [],
    );
    expect(written.slice(0, 3)).toEqual([['username', 'name'], ['attributes'], ['email']]);
    for (const field of ['username', 'name', 'active', 'attributes']) {
      expect(await problemsOf(UPDATE_USER, { id, input: { [field]: null } })).toMatchObject([
        { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] },
      ]);
    }
  });

  it('is not written over by whoever has read an earlier version', async () => {
    const id = await made({ username: uniqueName('person') });
    await admin.ok(UPDATE_USER, { id, input: { name: 'one' }, ifVersion: 1 });
    const { errors } = await admin.send(UPDATE_USER, { id, input: { name: 'other' }, ifVersion: 1 });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT', version: 2 } }]);
    expect(await read(id)).toMatchObject({ name: 'one', version: 2 });
  });

  it('has names that nobody else has, whatever case or Unicode form, whichever of the two they are', async () => {
    const [one, two] = [`${uniqueName('Zoë')}@example.org`, uniqueName('two')];
    const email = `${uniqueName('zoe')}@example.org`;
    await made({ username: one, email });
    const id = await made({ username: two });
    for (const [taken, field] of [
      [{ username: one.normalize('NFD').toUpperCase() }, 'username'],
      [{ username: email.toUpperCase() }, 'username'],
      [{ email: email.toUpperCase() }, 'email'],
    ] as const) {
      const refusal = [{ code: 'CONFLICT', fields: [{ path: `input.${field}`, code: 'TAKEN' }] }];
      expect(
        await problemsOf(CREATE_USER, { input: { username: uniqueName('new'), ...taken } }),
      ).toMatchObject(refusal);
      expect(await problemsOf(UPDATE_USER, { id, input: taken })).toMatchObject(refusal);
    }
    expect(await read(id)).toMatchObject({ username: two, version: 1 });
    // One's own word for both is no conflict.
    const word = `${uniqueName('x')}@example.org`;
    expect(await made({ username: word, email: word })).toEqual(expect.any(String));
  });

  it('is deleted with its sessions, and its names are free', async () => {
    const person = await people.create();
    const client = await people.signedIn(person);
    app.clock.advance(1);
    expect(await admin.ok(DELETE_USER, { id: person.id })).toEqual({ deleteUser: person.id });
    expect((await client.ok('{ viewer { id } }')).viewer).toBeNull();
    expect(await read(person.id)).toBeNull();
    expect((await eventsOf(person.id))[0]).toMatchObject({ action: 'USER_DELETED' });
    await made({ username: person.username });
    const gone = { id: person.id, input: {}, password: PASSWORD };
    for (const document of [UPDATE_USER, DELETE_USER, SET_PASSWORD, MARK_COMPROMISED]) {
      for (const id of [person.id, 'x'])
        expect(codes(await admin.send(document, { ...gone, id }))).toEqual(['NOT_FOUND']);
    }
  });

  it('is not deleted while something asks for it', async () => {
    const { id } = await people.create();
    const flow = await composer.flow();
    const binding = await composer.guard({ flowId: flow.id }, { userId: id });
    expect(codes(await admin.send(DELETE_USER, { id }))).toEqual(['CONFLICT']);
    expect(await read(id)).not.toBeNull();
    await admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: binding });
    await admin.ok(DELETE_USER, { id });
  });

  it('of the last administrator is neither disabled nor deleted', async () => {
    const { id } = (await admin.ok('{ viewer { id } }')).viewer;
    expect(codes(await admin.send(UPDATE_USER, { id, input: { active: false } }))).toEqual(['CONFLICT']);
    expect(codes(await admin.send(DELETE_USER, { id }))).toEqual(['CONFLICT']);
    expect((await admin.ok('{ viewer { id } }')).viewer).toEqual({ id });
    expect((await admin.ok(UPDATE_USER, { id, input: { name: 'Ada' } })).updateUser.name).toBe('Ada');
  });
});

describe('what an account cannot hold', () => {
  const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

  it.each<[string, object, string, string]>([
    ['no username', { username: '' }, 'username', 'TOO_SMALL'],
    ['a username with spaces around', { username: ' x' }, 'username', 'INVALID_USERNAME'],
    ['a username with control characters', { username: 'x\u0007y' }, 'username', 'INVALID_USERNAME'],
    ['a username that is no text', { username: 'x\uD800' }, 'username', 'NOT_STORABLE'],
    ['a username without end', { username: 'x'.repeat(151) }, 'username', 'INVALID_USERNAME'],
    ['no e-mail address', { email: '' }, 'email', 'INVALID_EMAIL'],
    ['two e-mail addresses', { email: 'a@example.org, b@example.org' }, 'email', 'INVALID_EMAIL'],
    ['a name without end', { name: 'x'.repeat(1001) }, 'name', 'TOO_LONG'],
    ['a name that is no text', { name: '\0' }, 'name', 'NOT_STORABLE'],
    ['attributes that are too deep', { attributes: nested(11) }, 'attributes', 'TOO_DEEP'],
    ['attributes without bottom', { attributes: nested(3000) }, 'attributes', 'TOO_DEEP'],
    ['attributes that are too large', { attributes: { a: 'ä'.repeat(8190) } }, 'attributes', 'TOO_LARGE'],
    ['a constructor', { attributes: { constructor: 1 } }, 'attributes.constructor', 'FORBIDDEN_KEY'],
    ['attributes that are no text', { attributes: { a: { b: '\0' } } }, 'attributes.a.b', 'NOT_STORABLE'],
    ['keys that are no text', { attributes: { 'a\0': 1 } }, 'attributes', 'NOT_STORABLE'],
    ['a group that there is not', { groupIds: [NOBODY] }, 'groupIds.0', 'NOT_FOUND'],
    ['no group', { groupIds: ['x'] }, 'groupIds.0', 'INVALID_FORMAT'],
  ])('is %s', async (_what, bad, field, code) => {
    const refusal = [{ code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}`, code }] }];
    const username = uniqueName('person');
    expect(await problemsOf(CREATE_USER, { input: { username, ...bad } })).toMatchObject(refusal);
    expect((await admin.ok(READ, { identifier: username })).user).toBeNull();
    if ('groupIds' in bad) return;
    const id = await made({ username });
    expect(await problemsOf(UPDATE_USER, { id, input: bad })).toMatchObject(refusal);
    expect(await read(id)).toMatchObject({ version: 1 });
  });

  it('is another prototype, which no variable brings this far', async () => {
    const input = '{ username: "proto", attributes: { a: [{ __proto__: { admin: true } }] } }';
    expect(await problemsOf(`mutation { createUser(input: ${input}) { id } }`, {})).toMatchObject([
      { fields: [{ path: 'input.attributes.a.0.__proto__', code: 'FORBIDDEN_KEY' }] },
    ]);
    const variables = '{"input": {"username": "proto", "attributes": {"__proto__": {"admin": true}}}}';
    const response = await admin.post(`{"query": ${JSON.stringify(CREATE_USER)}, "variables": ${variables}}`);
    expect(response.status).toBe(400);
    expect((await admin.ok(READ, { identifier: 'proto' })).user).toBeNull();
  });

  it('and what it can', async () => {
    const attributes = { deep: nested(9), text: 'ä'.repeat(8000), 'a.b': "__proto__'%" };
    const id = await made({ username: uniqueName('x'.repeat(140)), name: '🙂'.repeat(1000), attributes });
    expect(await read(id)).toMatchObject({ attributes });
  });
});

describe('the list of accounts', () => {
  const list = async (passed: string) => {
    const page = 'edges { cursor node { username } } pageInfo { hasNextPage endCursor } totalCount';
    const { users } = await admin.ok(`{ users(${passed}) { ${page} } }`);
    return { ...users, names: users.edges.map(({ node }: { node: { username: string } }) => node.username) };
  };
  const everyPage = async (passed: string): Promise<string[]> => {
    const names: string[] = [];
    for (let after = ''; ; ) {
      const page = await list(`first: 2, ${passed}${after}`);
      names.push(...page.names);
      if (!page.pageInfo.hasNextPage) return names;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
  };

  it('comes in pages, by name or age, searched and filtered', async () => {
    const groupId = await composer.group();
    for (const [username, also] of [
      ['lara', { email: 'zz@list.org' }],
      ['Lars', { email: 'larissa@list.org', groupIds: [groupId] }],
      ['LÄRM', { active: false }],
      ['someone', { email: 'Larry@list.org', groupIds: [groupId] }],
      ['lar%', {}],
      ['la_a', {}],
    ] as const) {
      app.clock.advance(1);
      await made({ username, ...also });
    }
    const byWord = ['lar%', 'lara', 'Lars', 'someone'];
    expect(await everyPage('filter: { search: "LAR" }')).toEqual(byWord);
    expect(await list('filter: { search: "lar" }')).toMatchObject({ names: byWord, totalCount: 4 });
    expect(await everyPage('filter: { search: "la\u0308r" }')).toEqual(['LÄRM']);
    expect(await everyPage('filter: { search: "lar%" }')).toEqual(['lar%']);
    expect(await everyPage('filter: { search: "_" }')).toEqual([]);
    expect(await everyPage('filter: { search: "l", active: false }')).toEqual(['LÄRM']);
    const members = `filter: { groupId: "${groupId}" }`;
    expect(await everyPage(members)).toEqual(['Lars', 'someone']);
    expect(await everyPage(`${members}, orderBy: USERNAME_DESC`)).toEqual(['someone', 'Lars']);
    expect(await list(`filter: { search: "larr", groupId: "${groupId}" }`)).toMatchObject({
      ...{ names: ['someone'], totalCount: 1 },
    });
    expect(await everyPage('filter: { groupId: "x" }')).toEqual([]);
    const newest = ['la_a', 'lar%', 'someone', 'LÄRM', 'Lars', 'lara'];
    const all = await everyPage('orderBy: CREATED_AT_DESC');
    expect(all.slice(0, 6)).toEqual(newest);
    expect(await everyPage('orderBy: CREATED_AT_ASC, filter: { search: " " }')).toEqual(all.toReversed());
    expect((await list('first: 1')).totalCount).toBe(all.length);
  });

  it.each([
    'first: 0',
    'first: 201',
    'after: "x"',
    `after: "${btoa('1:a\0b')}"`,
    `orderBy: CREATED_AT_ASC, after: "${btoa('1:word')}"`,
    'orderBy: USERNAME_DESC, filter: { search: "a" }',
    `filter: { search: "${'x'.repeat(321)}" }`,
  ])('refuses %s', async (bad) => {
    expect(codes(await admin.send(`{ users(${bad}) { totalCount } }`))).toEqual(['BAD_USER_INPUT']);
  });
});

it('what is noted about people decides where a policy asks for it', async () => {
  const person = await people.create({ attributes: { department: { name: 'deck' } } });
  const client = await people.signedIn(person);
  const flow = await composer.flowOf({ policyEngineMode: 'ALL' }, { dummy: {} });
  const when = {
    ...{ variable: 'user.attributes', parameter: 'department.name', as: 'string' },
    ...{ operator: 'eq', value: 'deck' },
  };
  const expression = "user.attributes.department?.name === 'deck'";
  for (const config of [
    { condition: { actions: [{ type: 'require', when: { all: [when] } }] } },
    { expression: { expression } },
  ])
    await composer.guardWith({ flowId: flow.id }, config);
  const enters = async () => (await start(client, { flow: { slug: flow.slug } })).step.__typename;
  expect(await enters()).toBe('DummyChallenge');
  await admin.ok(UPDATE_USER, { id: person.id, input: { attributes: {} } });
  expect(await enters()).toBe('FlowDenied');
});
