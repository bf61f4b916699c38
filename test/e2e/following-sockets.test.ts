import { once } from 'node:events';
import { request } from 'node:http';

import { WebSocket } from 'ws';

import { LOGIN, VIEWER, credentials } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import {
  byEvents,
  followingLate,
  followingOf,
  nextCodes,
  nextExecution,
  socketClient,
} from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const FRIEND = 'https://app.example.org';
const PROTOCOL = 'graphql-transport-ws';
const [identification = {}] = credentials();

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_ALLOWED_ORIGINS: FRIEND });
  url = `${app.address.replace('http:', 'ws:')}/graphql`;
});
afterAll(() => app.close());

interface Refusal {
  readonly status: number | undefined;
  readonly code: string;
}

/** How a server that takes no WebSocket answers. */
async function refusalOf(socket: WebSocket): Promise<Refusal> {
  const [, response] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, code: JSON.parse(text).errors[0].extensions.code };
}

async function closeCodeOf(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code;
}

async function opened(protocols: string | string[] = PROTOCOL, origin?: string): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, origin === undefined ? {} : { origin });
  await once(socket, 'open');
  return socket;
}

/** A connection that may stay, since it is initialised at once, and when it closes; or how it is refused. */
async function kept(): Promise<{ socket: WebSocket; closed: Promise<unknown> } | Refusal> {
  const socket = new WebSocket(url, PROTOCOL);
  const refusal = await Promise.race([once(socket, 'open').then(() => undefined), refusalOf(socket)]);
  if (refusal) return refusal;
  socket.send('{"type":"connection_init"}');
  return { socket, closed: once(socket, 'close') };
}

describe('a WebSocket', () => {
  it.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'https://app.example.org:444'])(
    'is refused to a page of %s before it is one',
    async (origin) => {
      const socket = new WebSocket(url, PROTOCOL, { origin });
      expect(await refusalOf(socket)).toEqual({ status: 403, code: 'FORBIDDEN' });
    },
  );

  it.each([FRIEND, 'http://localhost', 'http://localhost:3000'])(
    'is there for a page of %s',
    async (origin) => {
      const socket = await opened(PROTOCOL, origin);
      expect(socket.protocol).toBe(PROTOCOL);
      socket.terminate();
    },
  );

  it('is taken for no other path than that of GraphQL', async () => {
    const socket = new WebSocket(`${app.address.replace('http:', 'ws:')}/nowhere`, PROTOCOL);
    expect(await refusalOf(socket)).toEqual({ status: 404, code: 'NOT_FOUND' });
  });

  it.each([['graphql-ws'], ['soap']])('is closed that would speak %s', async (protocol) => {
    const socket = new WebSocket(url, protocol);
    // The handshake names no protocol then, and a client that asked for one has to take it as failed.
    const [error] = await once(socket, 'error');
    expect(error.message).toMatch(/subprotocol/);
  });

  it('is closed that does not say what it would speak', async () => {
    expect(await closeCodeOf(new WebSocket(url))).toBe(4406);
  });

  it('speaks the protocol that both know, whatever else is offered', async () => {
    const socket = await opened(['soap', PROTOCOL]);
    expect(socket.protocol).toBe(PROTOCOL);
    socket.terminate();
  });

  it('is closed that is not initialised in time', async () => {
    expect(await closeCodeOf(await opened())).toBe(4408);
  });

  it.each([
    ['no JSON', 'nonsense', 4400],
    ['no message of the protocol', '{"type":"nonsense"}', 4400],
    ['bytes', Buffer.from('{"type":"connection_init"}'), 4400],
    ['too much', `{"type":"connection_init","payload":{"a":"${'x'.repeat(64 * 1024)}"}}`, 1009],
    ['a subscription before the beginning', '{"id":"1","type":"subscribe","payload":{"query":"{a}"}}', 4401],
  ])('is closed that says %s', async (_what, message, code) => {
    const socket = await opened();
    socket.send(message);
    expect(await closeCodeOf(socket)).toBe(code);
    expect(app.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it('lets its client leave one subscription and keep another', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const socket = socketClient({ address: app.address, client });
    const [left, kept] = [socket.iterate(followingOf(first)), socket.iterate(followingOf(first))];
    const ended = left.next();
    await left.return?.();
    expect(await ended).toMatchObject({ done: true });
    await submit(client, first, identification);
    expect((await nextExecution(kept)).step.__typename).toBe('PasswordChallenge');
    await socket.dispose();
  });

  it('takes twenty subscriptions, and another one where one of them has been left', async () => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN });
    const socket = socketClient({ address: app.address, client });
    const subscribe = () => socket.iterate(followingLate(execution));
    const twenty = Array.from({ length: 20 }, subscribe);
    for (const results of twenty) expect((await nextExecution(results)).step).toEqual(execution.step);
    await expect(subscribe().next()).rejects.toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    await twenty[0]?.return?.();
    expect((await nextExecution(subscribe())).step).toEqual(execution.step);
    await socket.dispose();
  });
});

describe('a process', () => {
  it('follows a thousand executions, and further ones once some are followed no longer', async () => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN });
    const caller = { address: app.address, client };
    const sockets = Array.from({ length: 50 }, () => socketClient(caller));
    for (const socket of sockets) {
      const results = Array.from({ length: 20 }, () => socket.iterate(followingLate(execution)));
      await Promise.all(results.map(nextExecution));
    }
    expect(await nextCodes(byEvents(caller, followingLate(execution)))).toEqual(['UNAVAILABLE']);
    await sockets.pop()?.dispose();
    // That the connection has ended may be known a moment later.
    let again = byEvents(caller, followingLate(execution));
    while ((await again.next()).value.errors) again = byEvents(caller, followingLate(execution));
    await again.return?.();
    for (const socket of sockets) await socket.dispose();
  });
});

describe('a server', () => {
  it('takes a thousand connections, and another one once some have ended', async () => {
    const connections = [];
    let next = await kept();
    while ('socket' in next) {
      connections.push(next);
      next = await kept();
    }
    // Another one might be taken already.
    expect(next).toEqual({ status: 503, code: 'UNAVAILABLE' });
    // Those of other tests may not all have ended yet.
    expect(connections.length).toBeGreaterThan(900);
    expect(connections.length).toBeLessThanOrEqual(1000);
    for (const { socket } of connections) socket.close();
    await Promise.all(connections.map(({ closed }) => closed));
    (await opened()).terminate();
  });
});

describe('an offer to speak HTTP/2', () => {
  it('is passed over, and the request answered', async () => {
    const post = request(`${app.address}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
      },
    });
    post.end(JSON.stringify({ query: VIEWER }));
    const [response] = await once(post, 'response');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    expect([response.statusCode, JSON.parse(text)]).toEqual([200, { data: { viewer: null } }]);
  });
});
