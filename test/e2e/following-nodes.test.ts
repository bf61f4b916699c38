import { once } from 'node:events';
import { connect } from 'node:net';

import pg from 'pg';

import { LOGIN, cancel, credentials } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import { FOLLOW, byEvents, bySocket, followingOf, nextCodes, nextExecution } from '../support/following.js';
import type { Transport } from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import { until, untilThere } from '../support/until.js';

const NATIVE = { flow: LOGIN, client: 'NATIVE' };
const LISTENERS = `select pid from pg_stat_activity
  where datname = current_database() and query = 'listen stagedoor_execution'`;
const [identification = {}] = credentials();

// PGlite is one process's own: several nodes can share a PostgreSQL server only.
const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? describe : describe.skip;

/** Two nodes on one database, the second of which nobody asks to follow anything, and a look into the database. */
async function twoNodes(lookoutSeconds: number) {
  const one = await startTestApp({}, { lookoutSeconds });
  const two = await one.anotherNode();
  const database = new pg.Client({ connectionString: one.databaseUrl });
  await database.connect();
  const listeners = async (): Promise<number[]> =>
    (await database.query<{ pid: number }>(LISTENERS)).rows.map(({ pid }) => pid);
  return {
    one,
    two,
    database,
    listener(isIt: (pid: number) => boolean = () => true): Promise<number> {
      return untilThere(async () => (await listeners()).find(isIt));
    },
    untilNobodyListens(): Promise<void> {
      return until(async () => (await listeners()).length === 0);
    },
    /** Nobody is told where an execution stands while this runs. */
    async whileNobodySees(run: () => Promise<unknown>): Promise<void> {
      // Another connection than the one that looks: in a transaction it would see the listeners of its first look only.
      const gate = new pg.Client({ connectionString: one.databaseUrl });
      await gate.connect();
      try {
        await gate.query('begin');
        await gate.query('lock table execution in access exclusive mode');
        await run();
      } finally {
        await gate.end();
      }
    },
    async close(): Promise<void> {
      await database.end();
      await two.close();
      await one.close();
    },
  };
}

/** Follows a native execution on this node; whoever asks is a client that has done nothing else. */
const follow = (node: TestApp, execution: object, subscribe: Transport = byEvents) =>
  subscribe({ address: node.address, client: node.client() }, followingOf(execution));

onServer('an execution that is followed on one node and changed on another', () => {
  let nodes: Awaited<ReturnType<typeof twoNodes>>;
  beforeAll(async () => {
    // Nobody looks by himself after the first time.
    nodes = await twoNodes(3600);
  });
  afterAll(() => nodes.close());

  it.each([
    ['by server-sent events', byEvents],
    ['over a WebSocket', bySocket],
  ])('is told at once, %s', async (_way, subscribe) => {
    const { one, two } = nodes;
    const first = await start(two.client(), NATIVE);
    const results = follow(one, first, subscribe);
    await nodes.listener();
    const second = await submit(two.client(), first, identification);
    expect((await nextExecution(results)).step).toEqual(second.step);
    await cancel(two.client(), second);
    expect((await nextExecution(results)).step.__typename).toBe('FlowCancelled');
    expect(await results.next()).toMatchObject({ done: true });
  });

  it.each([
    ['the stream is aborted', 'abort'],
    ['the server is told', 'return'],
  ])('is listened for until %s', async (_what, end) => {
    const { one } = nodes;
    await nodes.untilNobodyListens();
    const execution = await start(one.client(), NATIVE);
    if (end === 'return') {
      const results = follow(one, execution, bySocket);
      const ended = results.next();
      await nodes.listener();
      await results.return?.();
      expect(await ended).toMatchObject({ done: true });
    } else {
      const aborting = new AbortController();
      const variables = { id: execution.id, token: execution.token };
      await fetch(`${one.address}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: FOLLOW, variables }),
        signal: aborting.signal,
      });
      await nodes.listener();
      aborting.abort();
    }
    await nodes.untilNobodyListens();
  });

  it('is not listened for after its client has gone before it was answered', async () => {
    const { one } = nodes;
    const { id, token } = await start(one.client(), NATIVE);
    const body = JSON.stringify({ query: FOLLOW, variables: { id, token } });
    const { hostname, port } = new URL(one.address);
    const askAndGo = async () => {
      const socket = connect(Number(port), hostname);
      const head =
        'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream';
      socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`, () => socket.destroy());
      await once(socket, 'close');
    };
    await nodes.whileNobodySees(async () => {
      await Promise.all(Array.from({ length: 50 }, askAndGo));
      await nodes.listener();
    });
    await nodes.untilNobodyListens();
  });
});

onServer('a node that looks by itself every now and then', () => {
  let nodes: Awaited<ReturnType<typeof twoNodes>>;
  beforeAll(async () => {
    nodes = await twoNodes(0.05);
  });
  afterAll(() => nodes.close());

  it('listens again after its connection was lost', async () => {
    const { one, two, database } = nodes;
    const first = await start(two.client(), NATIVE);
    const results = follow(one, first);
    const lost = await nodes.listener();
    await database.query('select pg_terminate_backend($1)', [lost]);
    await nodes.listener((pid) => pid !== lost);
    const second = await submit(two.client(), first, identification);
    expect((await nextExecution(results)).step).toEqual(second.step);
    await results.return?.();
  });

  it('sees what nobody has told it', async () => {
    const { one, two, database } = nodes;
    const execution = await start(two.client(), NATIVE);
    const results = follow(one, execution);
    await nodes.listener();
    await database.query(`update execution set expires_at = '2029-12-31' where id = $1`, [execution.id]);
    expect((await nextExecution(results)).step).toMatchObject({ code: 'EXPIRED' });
    expect(await results.next()).toMatchObject({ done: true });
  });

  it('ends what is there no longer', async () => {
    const { one, two, database } = nodes;
    const execution = await start(two.client(), NATIVE);
    const results = follow(one, execution);
    await nodes.listener();
    await database.query('delete from execution where id = $1', [execution.id]);
    expect(await nextCodes(results)).toEqual(['NOT_FOUND']);
    expect(await results.next()).toMatchObject({ done: true });
  });
});
