import { once } from 'node:events';

import { WebSocket } from 'ws';

import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { start, submit } from '../support/flows.js';
import { FOLLOW, bySocket, followingOf, nextExecution, transports } from '../support/following.js';
import { PostgresProxy } from '../support/postgres-proxy.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';

afterEach(async () => {
  await cleanUp();
  await dropDatabases();
});

const NATIVE = { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' };
const identification = { identification: { identifier: ADMIN.username } };
const password = { password: { password: ADMIN.password } };
const LISTENING = `select pid from pg_stat_activity
  where datname = current_database() and query = 'listen stagedoor_execution'`;

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
  it('ends nothing that is followed', async () => {
    const database = await ServerDatabase.create();
    const proxy = await PostgresProxy.to(database.url);
    const server = await startServer(variablesFor(proxy.url));
    const client = server.client();
    const first = await start(client, NATIVE);
    const results = bySocket({ address: server.address, client }, followingOf(first));
    await database.until(LISTENING);
    proxy.cut();
    await server.says('may have to wait');
    proxy.restore();
    // On a busy machine, some of its connections are only now found to be dead.
    while (!(await fetch(`${server.address}/health/ready`)).ok);
    const second = await submit(client, first, identification);
    expect((await nextExecution(results)).step).toEqual(second.step);
    await database.until(LISTENING);
    await server.kill();
    await proxy.close();
  });
});

describe('SIGTERM', () => {
  /** The server, told to stop: how it ended, and that it did so without waiting for anything. */
  async function stopped(server: ServerProcess): Promise<unknown> {
    const startedAt = performance.now();
    const ending = await server.stop();
    expect(performance.now() - startedAt).toBeLessThan(5000);
    return ending;
  }

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
    // It hears nothing any more, and so does not answer that it is to be closed.
    silent.pause();
    const closed = once(polite, 'close');
    expect(await stopped(server)).toEqual({ code: 0, signal: null });
    expect((await closed)[0]).toBe(1001);
    expect(await events.text()).toMatch(/^(:\n\n)+$/);
    silent.terminate();
  });
});
