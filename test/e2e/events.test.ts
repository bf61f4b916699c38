import { Composer } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const PAGE = `query($first: Int, $after: String, $filter: EventFilter) {
  events(first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { cursor node { id action user { username } executionId details address userAgent createdAt } }
  }
}`;

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
    [{ after: 'nonsense' }, 'after'],
    [{ first: 0 }, 'first'],
  ])('refuses %j', async (variables, path) => {
    const { errors } = await admin.send(PAGE, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });

  it('knows nothing of what cannot be an id', async () => {
    expect(await page({ filter: { userId: 'ada' } })).toMatchObject({ totalCount: 0, edges: [] });
  });
});
