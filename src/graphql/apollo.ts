import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptions, ApolloServerPlugin } from '@apollo/server';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import type { GraphQLError, GraphQLSchema, ValidationContext } from 'graphql';

import type { RequestContext } from './context.js';
import { errorTranslator } from './errors.js';
import type { ErrorTranslation } from './errors.js';
import { knownOperationType } from './known-operation-rule.js';
import { oneFlowStepPerOperation } from './one-step-rule.js';

export interface ApolloOptions extends ErrorTranslation {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
  readonly plugins: readonly ApolloServerPlugin<RequestContext>[];
  readonly logger: NonNullable<ApolloServerOptions<RequestContext>['logger']>;
}

/** Too large a document is refused like any other that is wrong; by default the rules throw, as if it were our fault. */
const asProblem = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

/** Executes operations. Nothing about the schema is told to strangers in production. */
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
    parseOptions: { maxLexicalTokens: 4000 },
    validationRules: [
      maxAliasesRule({ n: 30, ...asProblem }),
      maxDepthRule({ n: 14, ignoreIntrospection: true, ...asProblem }),
      maxDirectivesRule({ n: 20, ...asProblem }),
      knownOperationType,
      oneFlowStepPerOperation,
    ],
    plugins: [...options.plugins, unavailableStatus],
    formatError: errorTranslator(options),
  });
}

/** A service that cannot answer says so in its status as well, for load balancers and retrying clients. */
const unavailableStatus: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    async willSendResponse({ response }) {
      const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
      if (errors?.some((error) => error.extensions?.code === 'UNAVAILABLE')) response.http.status = 503;
    },
  }),
};
