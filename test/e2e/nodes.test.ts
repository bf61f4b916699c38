import pg from 'pg';

import { Composer } from '../support/compose.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import { LOGIN, LOGOUT, WRONG, answerTo, credentials, find, viewerOf } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const RIGHT = { password: { password: ADMIN.password } };

// PGlite is one process's own: several nodes can share a PostgreSQL server only.
const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? describe : describe.skip;

onServer('several nodes on one database', () => {
  let one: TestApp;
  let two: TestApp;
  beforeAll(async () => {
    one = await startTestApp();
    two = await one.anotherNode();
  });
  afterAll(async () => {
    await two.close();
    await one.close();
  });

  /** The same client, whose requests a load balancer sends to the other node. */
  function onTwo(client: TestClient, address?: string): TestClient {
    const moved = two.client(address === undefined ? {} : { address });
    for (const [name, value] of client.cookies) moved.cookies.set(name, value);
    moved.bearer = client.bearer;
    return moved;
  }

  async function sessions(executionId: string): Promise<number> {
    const database = new pg.Client({ connectionString: one.databaseUrl });
    await database.connect();
    const { rowCount } = await database.query('select id from session where execution_id = $1', [
      executionId,
    ]);
    await database.end();
    return rowCount ?? 0;
  }

  it('are one service: what is started on one is answered on the other', async () => {
    const client = one.client();
    const first = await start(client, { flow: LOGIN });
    const other = onTwo(client);
    const second = await submit(other, first, { identification: { identifier: ADMIN.username } });
    expect((await find(client, first)).step).toEqual(second.step);
    expect((await submit(client, second, RIGHT)).step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(onTwo(client))).toMatchObject({ username: ADMIN.username });
  });

  it('give the same answer one result, whichever of them it is sent to', async () => {
    const client = one.client();
    const execution = await start(client, {
      flow: LOGIN,
      client: 'NATIVE',
      responses: credentials().slice(0, 1),
    });
    const other = onTwo(client);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => submit(index % 2 ? client : other, execution, RIGHT)),
    );
    const [first] = results;
    expect(first.step.session.token).toMatch(/^[\w-]{43}$/);
    expect(results).toEqual(results.map(() => first));
    expect(await sessions(execution.id)).toBe(1);
    expect(await submit(other, execution, RIGHT)).toEqual(first);
  });

  it('take one of several different answers', async () => {
    const client = one.client();
    const execution = await start(client, { flow: LOGIN });
    const other = onTwo(client);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        submit(index % 2 ? client : other, execution, { identification: { identifier: `person-${index}` } }),
      ),
    );
    expect(results.filter(({ step }) => step.errors.length === 0)).toHaveLength(1);
    const { step } = await find(other, execution);
    expect(results.map((result) => result.step.user)).toEqual(results.map(() => step.user));
  });

  it('count guesses together', async () => {
    const address = '198.51.100.20';
    const clients = [one.client({ address }), two.client({ address })];
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const client = clients[index % 2] ?? one.client();
        const responses = [{ identification: { identifier: 'nobody at all' } }, WRONG];
        return start(client, { flow: LOGIN, client: 'NATIVE', responses });
      }),
    );
    const codes = answers.map(({ step }) => step.errors[0].code).toSorted();
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'INVALID_CREDENTIALS'),
      ...Array.from({ length: 7 }, () => 'RATE_LIMITED'),
    ]);
  });

  it('know at once of a session that has ended', async () => {
    const client = await signedIn(one);
    const other = onTwo(client);
    expect(await viewerOf(other)).toMatchObject({ username: ADMIN.username });
    await start(client, { flow: LOGOUT });
    expect(await viewerOf(other)).toBeNull();
  });

  it('know at once of a flow that has changed', async () => {
    const composer = new Composer(await signedIn(one));
    const flow = await composer.flowOf({}, { dummy: {} }, { deny: { message: 'Not today.' } });
    const execution = await start(two.client(), { flow: { slug: flow.slug }, client: 'NATIVE' });
    expect(execution.step.__typename).toBe('DummyChallenge');
    await composer.add(flow, -1, { deny: { message: 'Closed.' } });
    expect((await start(two.client(), { flow: { slug: flow.slug } })).step).toMatchObject({
      __typename: 'FlowDenied',
      message: 'Closed.',
    });
    const { data } = await trySubmit(two.client(), answerTo(execution, { dummy: { acknowledge: true } }));
    expect(data.submitStage.step).toMatchObject({ __typename: 'FlowDenied', message: 'Not today.' });
  });
});
