import websocket from '@fastify/websocket';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';

import { failure } from './failure.js';
import type { Subscriptions } from './subscriptions.js';
import { pingSocket } from './web-socket-pings.js';

/** Larger than any subscription to the few things that can be followed. */
const LARGEST_MESSAGE_BYTES = 64 * 1024;
const MOST_CONNECTIONS = 1000;
const MOST_SUBSCRIPTIONS_EACH = 20;
const LONGEST_INITIALISATION_MILLISECONDS = 5000;
/** How long a client may take to agree to a close. */
const CLOSE_MILLISECONDS = 1000;
/** RFC 6455 §7.4.1: the server goes away. Clients come back by themselves. */
const GOING_AWAY = 1001;

/** By name, because the types of `ws` do not know `closeTimeout` yet. */
const options = { maxPayload: LARGEST_MESSAGE_BYTES, closeTimeout: CLOSE_MILLISECONDS, handleProtocols };

/** Whether a request asks for a WebSocket. Other upgrades, such as to HTTP/2, are offers that may be passed over. */
export function asksForWebSocket({ headers }: { headers: { upgrade?: string | undefined } }): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Makes room for WebSockets on routes that have a `wsHandler`; they are closed with the server. */
export async function acceptWebSockets(server: FastifyInstance): Promise<void> {
  server.addHook('preClose', async () => {
    for (const socket of server.websocketServer.clients) socket.close(GOING_AWAY);
  });
  await server.register(websocket, {
    options,
    // Broken frames, too large messages, lost connections: the client's or the network's doing, and answered already.
    errorHandler: (error, _socket, request) => request.log.debug({ err: error }, 'a WebSocket has failed'),
  });
}

/** Refuses one connection more than can be looked after; for `onRequest`. */
export async function refuseTooManySockets(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (!request.ws || request.server.websocketServer.clients.size < MOST_CONNECTIONS) return undefined;
  const message = 'There are too many connections at the moment. Try again later.';
  return reply.status(503).send(failure('UNAVAILABLE', message));
}

/** Answers subscriptions over WebSockets, by the protocol `graphql-transport-ws`. */
export function webSockets(
  subscriptions: Subscriptions,
  logger: FastifyBaseLogger,
): (socket: WebSocket, request: FastifyRequest) => void {
  const protocol = makeServer<Record<string, unknown>, FastifyRequest>({
    connectionInitWaitTimeout: LONGEST_INITIALISATION_MILLISECONDS,
    onSubscribe({ subscriptions: open, extra: request }, _id, operation) {
      if (Object.keys(open).length > MOST_SUBSCRIPTIONS_EACH) return [tooManySubscriptions()];
      return subscriptions.prepare(operation, request);
    },
    subscribe: (args) => subscriptions.subscribe(args),
  });
  return (socket, request) => {
    const fail = (error: unknown): void => {
      logger.error({ err: error }, 'a WebSocket could not be served');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (hear) => {
          socket.addEventListener('message', ({ data }) => {
            // What is binary is no message of the protocol; as a text it is none either.
            hear(typeof data === 'string' ? data : '').catch(fail);
          });
        },
      },
      request,
    );
    const stopPinging = pingSocket(socket);
    socket.once('close', (code, reason) => {
      stopPinging();
      closed(code, reason.toString()).catch(fail);
    });
  };
}

/** A client that is gone is sent nothing, and misses nothing. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

function tooManySubscriptions(): GraphQLError {
  const message = `One connection takes ${MOST_SUBSCRIPTIONS_EACH} subscriptions. Complete one, or open another connection.`;
  return new GraphQLError(message, { extensions: { code: 'CONFLICT' } });
}
