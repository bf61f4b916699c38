import { once } from 'node:events';

import { WebSocket } from 'ws';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit } from '../support/flows.js';
import {
  FOLLOW,
  bySocket,
  followingLate,
  followingOf,
  nextExecution,
  transports,
} from '../support/following.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import { until } from '../support/until.js';

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

const NATIVE = { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' };
const identification = { identification: { identifier: ADMIN.username } };
const password = { password: { password: ADMIN.password } };
const LISTENING = `select pid from pg_stat_activity
  where datname = current_database() and query = 'listen stagedoor_execution'`;
/** Whoever follows looks at the whole execution, and more than at its version as the process does every few seconds. */
const LOOKING = `select 1 from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'
    and query like '%from "execution"%' and query not like 'select "id", "version", "expires_at"%'`;

async function isReady(address: string): Promise<boolean> {
  const response = await fetch(`${address}/health/ready`);
  // Its connection is good for the next request once it has been read.
  await response.text();
  return response.ok;
}

const variablesFor = (url: string) => ({
  DATABASE_URL: url,
  STAGEDOOR_DATA_DIR: newFolder(),
  ...ADMIN_VARIABLES,
});

describe.each(transports)('two processes on one database, one of which follows %s', (_way, subscribe) => {
  it('tells what the other has changed, also after it has lost the connection that it listens by', async () => {
    const database = await ServerDatabase.create();
    const variables = variablesFor(database.url);
    const [here, there] = await Promise.all([startServer(variables), startServer(variables)]);
    const first = await start(there.client(), NATIVE);
    const results = subscribe({ address: here.address, client: here.client() }, followingOf(first));
    await database.until(LISTENING);
    const second = await submit(there.client(), first, identification);
    expect((await nextExecution(results)).step).toEqual(second.step);

    await database.query(`select pg_terminate_backend(pid) from (${LISTENING}) as listening`);
    const third = await submit(there.client(), second, password);
    const last = await nextExecution(results);
    expect(last.step).toMatchObject({ __typename: 'FlowCompleted', session: { token: null } });
    expect(last.step.session.session).toEqual(third.step.session.session);
    expect(await results.next()).toMatchObject({ done: true });
    expect(await there.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('a database that goes away and comes back', () => {
  /** Somebody follows an execution while the way to the database is cut, after what is done first. */
  async function followThroughCut(
    before: (database: ServerDatabase, id: string, cut: () => void) => Promise<void>,
  ) {
    const database = await ServerDatabase.create();
    const proxy = await PostgresProxy.to(database.url);
    const server = await startServer(variablesFor(proxy.url));
    const client = server.client();
    const first = await start(client, NATIVE);
    const results = bySocket({ address: server.address, client }, followingLate(first));
    // Until it has been looked at once, nobody follows it: where the database goes away before, that is an error.
    expect((await nextExecution(results)).step).toEqual(first.step);
    await database.until(LISTENING);
    await before(database, first.id, () => proxy.cut());
    await server.says('may have to wait');
    proxy.restore();
    // On a busy machine, some of its connections are only now found to be dead.
    await until(() => isReady(server.address));
    const second = await submit(client, first, identification);
    expect((await nextExecution(results)).step).toEqual(second.step);
    await database.until(LISTENING);
    await server.kill();
    await proxy.close();
  }

  it('ends nothing that is followed', () => followThroughCut(async (_database, _id, cut) => cut()));

  it('ends nothing that is just being looked at again', () =>
    followThroughCut((database, id, cut) =>
      database.whileLocked('lock table execution in access exclusive mode', [], async () => {
        await database.query(`select pg_notify('stagedoor_execution', $1)`, [id]);
        await database.until(LOOKING);
        cut();
      }),
    ));
});

describe('SIGTERM', () => {
  it('ends what is followed, so that clients come back, and then the process', async () => {
    const server = await startServer({ STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES });
    const { id, token } = await start(server.client(), NATIVE);
    const operation = JSON.stringify({ query: FOLLOW, variables: { id, token } });
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const events = await fetch(`${server.address}/graphql`, { method: 'POST', headers, body: operation });
    const url = `${server.address.replace('http:', 'ws:')}/graphql`;
    const polite = new WebSocket(url, 'graphql-transport-ws');
    const silent = new WebSocket(url, 'graphql-transport-ws');
    await Promise.all([once(polite, 'open'), once(silent, 'open')]);
    // Whoever does not say so within five seconds is sent away for that.
    const initialised = once(polite, 'message');
    polite.send('{"type":"connection_init"}');
    await initialised;
    // It hears nothing any more, and so does not answer that it is to be closed.
    silent.pause();
    const closed = once(polite, 'close');
    // It waits for nobody: where it takes too long it ends with another code.
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect((await closed)[0]).toBe(1001);
    expect(await events.text()).toMatch(/^(:\n\n)+$/);
    silent.terminate();
  });
});
