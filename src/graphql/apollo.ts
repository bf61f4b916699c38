import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { RequestContext } from './context.js';
import { documentLimits, documentRules } from './document-rules.js';
import { errorTranslator } from './errors.js';
import type { ErrorTranslation } from './errors.js';

export interface ApolloOptions extends ErrorTranslation {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
  readonly logger: NonNullable<ApolloServerOptions<RequestContext>['logger']>;
}

/** Executes queries and mutations. Nothing about the schema is told to strangers in production. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema: options.schema,
    logger: options.logger,
    introspection: !options.production,
    hideSchemaDetailsFromClientErrors: options.production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    persistedQueries: false,
    // The process handles signals itself: the database has to be closed after the server.
    stopOnTerminationSignals: false,
    parseOptions: documentLimits,
    validationRules: [...documentRules],
    plugins: [...options.plugins, subscriptionsElsewhere, unavailableStatus],
    formatError: errorTranslator(options),
  });
}

/** One answer is not what a subscription asks for. */
const subscriptionsElsewhere: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation }) {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const message =
        'Subscriptions come as server-sent events (accept: text/event-stream) or over a WebSocket (graphql-transport-ws).';
      throw new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
    },
  }),
};

/** A service that cannot answer says so in its status as well, for load balancers and retrying clients. */
const unavailableStatus: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async willSendResponse({ response }) {
      const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
      if (errors?.some((error) => error.extensions?.code === 'UNAVAILABLE')) response.http.status = 503;
    },
  }),
};
