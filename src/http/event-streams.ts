import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse';
import { z } from 'zod';

import { failure } from './failure.js';
import type { SubscriptionRequest, Subscriptions } from './subscriptions.js';

const operation = z
  .object({
    query: z.string().nullish(),
    documentId: z.unknown().optional(),
    extensions: z.unknown().optional(),
    operationName: z.string().nullish(),
    variables: z.record(z.string(), z.unknown()).nullish(),
  })
  .refine(({ query, documentId, extensions }) => (query ?? documentId ?? extensions) != null);

/** What the stream's library hands on, and does not look at. */
interface Asked {
  readonly request: FastifyRequest;
  readonly operation: SubscriptionRequest;
}

/** Whether a client would rather be told events than one answer: they are the first thing that it accepts. */
export function prefersEvents({ headers: { accept = '' } }: FastifyRequest): boolean {
  return /^\s*text\/event-stream\s*(?:[,;]|$)/i.test(accept);
}

/**
 * Answers subscriptions by server-sent events, one stream for each ("distinct connections" of the protocol GraphQL
 * over SSE). The streams end with the server; whoever then finds theirs without a `complete` starts it again.
 */
export function eventStreams(
  server: FastifyInstance,
  subscriptions: Subscriptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const open = new Set<AsyncGenerator<string, void, undefined>>();
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
    await Promise.all([...open].map((events) => events.return(undefined)));
  });

  const handle = createHandler<Asked>({
    // Several operations over one stream would need it to be kept, and to be found again.
    authenticate: () => null,
    async onSubscribe({ raw }) {
      const prepared = subscriptions.prepare(raw.operation, raw.request);
      const result = 'schema' in prepared ? await subscriptions.subscribe(prepared) : { errors: prepared };
      return Symbol.asyncIterator in result ? result : only(result);
    },
  });

  return async (request, reply) => {
    const body = operation.safeParse(request.body);
    if (!body.success) {
      return reply.status(400).send(failure('BAD_REQUEST', 'The body is not one GraphQL operation.'));
    }
    const [events] = await handle({
      method: request.method,
      url: request.url,
      headers: { get: (name) => (name === 'accept' ? 'text/event-stream' : 'application/json') },
      // It wants a document; what is run comes with the rest of the operation.
      body: { query: body.data.query ?? '' },
      raw: { request, operation: body.data },
      context: undefined,
    });
    if (events === null || typeof events === 'string') throw new Error('a subscription was answered at once');
    const stream = Readable.from(events);
    open.add(events);
    stream.once('close', () => open.delete(events));
    if (closing) await events.return(undefined);
    return reply
      .type('text/event-stream; charset=utf-8')
      .headers({
        // A connection that was kept would hold up a server that closes.
        connection: 'close',
        // Nginx would collect events before it passes them on.
        'x-accel-buffering': 'no',
      })
      .send(stream);
  };
}

async function* only(result: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  yield result;
}
