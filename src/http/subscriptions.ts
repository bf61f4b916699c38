import type { FastifyRequest } from 'fastify';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';

/** Runs subscriptions, whichever way their results go to the client. */
export interface Subscriptions {
  /** What to run for this request; or what is wrong with the operation. */
  prepare(operation: SubscribePayload, request: FastifyRequest): ExecutionArgs | readonly GraphQLError[];
  /** The results as they come, or one that says why there are none. What fails is told in a result. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}
