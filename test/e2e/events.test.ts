import { Composer } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EVENT = `id action user { username } actor { username } apiTokenId object { type id name } change fields
  executionId details address userAgent createdAt`;
const PAGE = `query($first: Int, $after: String, $filter: EventFilter, $orderBy: EventOrder) {
  events(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${EVENT} } }
  }
}`;
const READ = `query($id: ID!) { event(id: $id) { ${EVENT} } }`;

const NO_ID = 'b4c1b1a0-0000-4000-8000-000000000000';
const cursor = (...parts: string[]) => Buffer.from(`1:${parts.join(' ')}`).toString('base64url');

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

async function page(variables: object): Promise<Execution> {
  return (await admin.ok(PAGE, variables)).events;
}

const nodes = ({ edges }: Execution): Execution[] => edges.map(({ node }: Execution) => node);

/** Who the administrator is, as the log names them. */
async function me(): Promise<{ userId: string }> {
  const { data } = await admin.send(
    '{ events(filter: { actions: ["LOGIN"] }) { edges { node { user { id } } } } }',
  );
  return { userId: data.events.edges[0].node.user.id };
}

/** A flow whose policy breaks each time that somebody wants to use it, so many times. */
async function broken(times: number): Promise<string[]> {
  const flow = await composer.flowOf({}, { dummy: {} });
  await composer.guardWith({ flowId: flow.id }, { dummy: { throwError: true } });
  const ids: string[] = [];
  for (let count = 0; count < times; count += 1) {
    if (count % 2 === 0) app.clock.advance(1);
    ids.push((await start(app.client({ address: '198.51.100.7' }), { flow: { slug: flow.slug } })).id);
  }
  return ids;
}

describe('the event log', () => {
  it('says what happened, to whom, from where, and in which execution', async () => {
    const [login] = nodes(await page({ filter: { actions: ['LOGIN'] } }));
    expect(login).toMatchObject({
      action: 'LOGIN',
      user: { username: ADMIN.username },
      executionId: expect.any(String),
      details: { flow: 'default-authentication-flow', amr: ['pwd'] },
      address: expect.any(String),
      createdAt: expect.stringMatching(/^2030-/),
    });
  });

  it('tells administrators why a policy broke, which the person was not told', async () => {
    const [id] = await broken(1);
    const [error] = nodes(await page({ filter: { executionId: id } }));
    expect(error).toMatchObject({
      action: 'POLICY_ERROR',
      user: null,
      details: { reason: expect.stringContaining('was told to fail') },
    });
  });

  it('says who changed what, in what way, and which of its fields', async () => {
    const id = await composer.group({ name: 'the changed' });
    app.clock.advance(1);
    await admin.ok('mutation($id: ID!) { updateGroup(id: $id, input: { name: "renamed" }) { id } }', { id });
    const [updated, created] = nodes(await page({ filter: { objectId: id } }));
    expect(created).toMatchObject({
      action: 'GROUP_CHANGED',
      actor: { username: ADMIN.username },
      apiTokenId: null,
      object: { type: 'GROUP', id, name: 'the changed' },
      change: 'CREATED',
      fields: expect.arrayContaining(['name']),
      executionId: null,
    });
    expect(updated).toMatchObject({ object: { id }, change: 'UPDATED', fields: ['name'] });
    expect(await admin.ok(READ, { id: created.id })).toEqual({ event: created });
  });

  it('says of what nobody changed that it is no change', async () => {
    const [login] = nodes(await page({ filter: { actions: ['LOGIN'] } }));
    expect(login).toMatchObject({ actor: null, apiTokenId: null, object: null, change: null, fields: [] });
  });

  it.each([NO_ID, 'x', ''])('has no event %j', async (id) => {
    expect(await admin.ok(READ, { id })).toEqual({ event: null });
  });

  it('is filtered by all of its conditions at once, from either end', async () => {
    const { userId } = await me();
    app.clock.advance(10);
    const from = app.clock.now().toISOString();
    const id = await composer.group();
    const join = (name: string) =>
      admin.ok(`mutation($id: ID!, $who: [ID!]!) { ${name}(id: $id, userIds: $who) { id } }`, {
        ...{ id, who: [userId] },
      });
    await join('addGroupMembers');
    app.clock.advance(10);
    const until = app.clock.now().toISOString();
    await join('removeGroupMembers');
    const all = {
      ...{ actorId: userId, actions: ['LOGIN', 'GROUP_CHANGED', 'GROUP_CHANGED', 'CUSTOM:x'] },
      ...{ objectType: 'GROUP', objectId: id, address: '127.0.0.1', from },
    };
    const found = async (filter: object, orderBy = 'CREATED_AT_ASC') => {
      const read = await page({ filter, orderBy });
      expect(read.totalCount).toBe(read.edges.length);
      return nodes(read).map(({ change }) => change);
    };
    const last = ['MEMBERS_REMOVED'];
    expect(await found({ ...all, until })).toHaveLength(2);
    expect((await found(all)).slice(2)).toEqual(last);
    expect((await found(all, 'CREATED_AT_DESC')).slice(0, 1)).toEqual(last);
    expect(await found({ ...all, from: until })).toEqual(last);
    for (const other of [
      { actorId: id },
      { userId },
      { objectType: 'FLOW' },
      { objectId: userId },
      { address: '192.0.2.9' },
      { actions: ['LOGIN'] },
      { executionId: id },
      { until: from },
    ])
      expect(await found({ ...all, ...other })).toEqual([]);
  });

  it.each(['CREATED_AT_ASC', 'CREATED_AT_DESC'])(
    'is the same in pages of one as whole, of two actions, in the order %s',
    async (orderBy) => {
      await broken(2);
      const filter = { actions: ['POLICY_ERROR', 'LOGIN'] };
      const whole = nodes(await page({ first: 200, filter, orderBy })).map(({ id }) => id);
      const single: string[] = [];
      let after: string | null = null;
      for (let more = true; more; ) {
        const read: Execution = await page({ first: 1, after, filter, orderBy });
        single.push(...nodes(read).map(({ id }) => id));
        ({ hasNextPage: more, endCursor: after } = read.pageInfo);
      }
      expect(single).toEqual(whole);
      expect(whole.length).toBeGreaterThan(2);
    },
  );

  it('is read page by page, the newest first, whatever comes meanwhile', async () => {
    const ids = await broken(5);
    const filter = { actions: ['POLICY_ERROR'], address: '198.51.100.7' };
    const { totalCount } = await page({ filter });
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const read: Execution = await page({ first: 2, after, filter });
      seen.push(...nodes(read).map(({ executionId }) => executionId));
      ({ hasNextPage: more, endCursor: after } = read.pageInfo);
      if (seen.length === 2) await broken(1);
    }
    expect(seen.length).toBe(totalCount);
    expect(new Set(seen).size).toBe(totalCount);
    expect(new Set(seen.slice(0, 5))).toEqual(new Set(ids));
  });

  it.each([
    [{ filter: { actions: [] } }, 'filter.actions'],
    [{ filter: { address: 'x'.repeat(400) } }, 'filter.address'],
    [{ filter: { address: 'a\0' } }, 'filter.address'],
    [{ filter: { actions: Array.from({ length: 51 }, () => 'LOGIN') } }, 'filter.actions'],
    [{ filter: { from: '0000-01-01T00:00:00Z' } }, 'filter.from'],
    [{ filter: { until: '9999-12-31T23:59:59-12:00' } }, 'filter.until'],
    [{ after: 'nonsense' }, 'after'],
    [{ after: cursor('0000-01-01T00:00:00.000Z', NO_ID) }, 'after'],
    [{ after: cursor('2030-01-01T00:00:00.000Z', 'x') }, 'after'],
    [{ after: cursor('some name') }, 'after'],
    [{ first: 0 }, 'first'],
  ])('refuses %j', async (variables, path) => {
    const { errors } = await admin.send(PAGE, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it('knows nothing of what cannot be an id', async () => {
    for (const name of ['userId', 'actorId', 'objectId', 'executionId']) {
      expect(await page({ filter: { [name]: 'ada' } })).toMatchObject({ totalCount: 0, edges: [] });
    }
  });
});
