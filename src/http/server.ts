import type { ApolloServer, BaseContext } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { JsonObject } from '../kernel/json.js';
import { webOrigins } from '../kernel/relying-party.js';
import { LARGEST_BODY_BYTES, bodyLimits, tellCredentials } from './body-limits.js';
import { bringDocument } from './documents.js';
import type { Documents } from './documents.js';
import { eventStreams, prefersEvents } from './event-streams.js';
import { failure } from './failure.js';
import { serveMailbox } from './mailbox.js';
import type { MailboxContent } from './mailbox.js';
import { sendGraphiql, serveGraphiqlAssets } from './graphiql.js';
import { originRule } from './origin.js';
import type { Subscriptions } from './subscriptions.js';
import { acceptWebSockets, asksForWebSocket, refuseTooManySockets, webSockets } from './web-sockets.js';

/** How long others may keep the list of origins that passkeys are used from. */
const RELATED_ORIGINS_SECONDS = 300;

export interface ServerOptions<Context extends BaseContext> {
  readonly production: boolean;
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** From where passkeys may be used. */
  readonly relyingParty: { readonly origins: readonly string[] };
  readonly logger: FastifyBaseLogger;
  /** Made once the server is there for it to drain. */
  apollo(drain: ReturnType<typeof fastifyApolloDrainPlugin>): ApolloServer<Context>;
  contextOf(request: FastifyRequest, reply: FastifyReply): Context;
  readonly documents: Documents;
  readonly subscriptions: Subscriptions;
  /** Null where mails leave; never shown in production. */
  readonly mailbox: MailboxContent | null;
  /** What documents of flows look like, as JSON Schema: for editors. */
  blueprintSchema(): object;
  /** What anybody may know of how it does; rejects where the service cannot answer. */
  readiness(): Promise<JsonObject>;
}

/** The HTTP face: GraphQL by POST, subscriptions as events and over WebSockets, health, and in development GraphiQL and mails. */
export async function createServer<Context extends BaseContext>(
  options: ServerOptions<Context>,
): Promise<FastifyInstance> {
  const { production, trustedProxies } = options;
  const server = fastify({
    loggerInstance: quieter(options.logger),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Behind a load balancer, connections are reused; a closing server tells their holders to go away.
    forceCloseConnections: 'idle',
    // What still comes over a connection that is in use is answered like anything else.
    return503OnClosing: false,
    http: { shouldUpgradeCallback: asksForWebSocket },
  });
  tellCredentials(server);
  closeConnectionsInUse(server);
  const isAllowed = originRule(options.publicUrl, options.allowedOrigins, !production);
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    hsts: options.publicUrl.startsWith('https:'),
  });
  await server.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && isAllowed(origin)),
    credentials: true,
    methods: ['POST'],
    maxAge: 600,
  });
  await server.register(cookie);
  await acceptWebSockets(server);
  server.setErrorHandler(translateError);
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(failure('NOT_FOUND', 'There is nothing here.')),
  );

  const refuseStrangers = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    void reply.header('cache-control', 'no-store');
    const { origin } = request.headers;
    if (origin === undefined || isAllowed(origin)) return undefined;
    const message = 'Requests from this origin are not allowed: see STAGEDOOR_ALLOWED_ORIGINS.';
    return reply.status(403).send(failure('FORBIDDEN', message));
  };
  const apollo = options.apollo(fastifyApolloDrainPlugin(server));
  await apollo.start();
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) => options.contextOf(request, reply),
  });
  const stream = eventStreams(server, options.subscriptions);
  const bring = bringDocument(options.documents);
  for (const limit of bodyLimits) {
    server.route({
      ...limit,
      method: 'POST',
      url: '/graphql',
      onRequest: refuseStrangers,
      preHandler: async (request, reply) => (prefersEvents(request) ? undefined : bring(request, reply)),
      handler(request, reply) {
        return prefersEvents(request) ? stream(request, reply) : answer.call(this, request, reply);
      },
    });
  }
  server.route({
    method: 'GET',
    url: '/graphql',
    onRequest: [refuseStrangers, refuseTooManySockets],
    handler: async (_request, reply) => (production ? reply.callNotFound() : sendGraphiql(reply)),
    wsHandler: webSockets(options.subscriptions, options.logger),
  });
  server.get('/blueprint.schema.json', async (_request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(options.blueprintSchema())),
  );
  server.get('/health/live', async () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    try {
      const details = await options.readiness();
      return await reply.send({ status: 'ready', ...details });
    } catch (error) {
      options.logger.warn({ err: error }, 'not ready');
      return reply.status(503).send({ status: 'unavailable' });
    }
  });
  serveRelatedOrigins(server, webOrigins(options.relyingParty.origins));
  if (!production) serveGraphiqlAssets(server);
  if (!production && options.mailbox) serveMailbox(server, options.mailbox, options.publicUrl);
  return server;
}

/** By this, browsers let pages of other domains use the passkeys of this one (WebAuthn, section 5.11). */
function serveRelatedOrigins(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  server.get('/.well-known/webauthn', async (_request, reply) => {
    void reply.header('cache-control', `public, max-age=${RELATED_ORIGINS_SECONDS}`);
    return { origins };
  });
}

/** Idle connections are closed with the server; one that was in use then would stay open for more than a minute. */
function closeConnectionsInUse(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
}

/** What Fastify tells at `info`, such as where it listens, is told better elsewhere. */
function quieter(logger: FastifyBaseLogger): FastifyBaseLogger {
  return logger.child({}, { level: logger.level === 'info' ? 'warn' : logger.level });
}

/** What goes wrong before GraphQL has its turn: bodies that are no JSON, or too large. */
function translateError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500;
  switch (status) {
    case 400:
      return reply.status(400).send(failure('BAD_REQUEST', 'The body is not JSON.'));
    case 413:
      return reply
        .status(413)
        .send(
          failure('PAYLOAD_TOO_LARGE', `The body is larger than ${request.routeOptions.bodyLimit} bytes.`),
        );
    case 415:
      return reply.status(415).send(failure('BAD_REQUEST', 'Send the operation as application/json.'));
    default:
      request.log.error({ err: error }, 'a request failed');
      return reply.status(500).send(failure('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'));
  }
}
