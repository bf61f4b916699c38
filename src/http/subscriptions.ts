import type { FastifyRequest } from 'fastify';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';

import type { DocumentRequest } from './documents.js';

/** A subscription as clients ask for it: its document, or what that is known by, and what it is run with. */
export interface SubscriptionRequest extends DocumentRequest {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Runs subscriptions, whichever way their results go to the client. */
export interface Subscriptions {
  /** What to run for this request; or what is wrong with the operation. */
  prepare(operation: SubscriptionRequest, request: FastifyRequest): ExecutionArgs | readonly GraphQLError[];
  /** The results as they come, or one that says why there are none. What fails is told in a result. */
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}
