import {
  GraphQLError,
  OperationTypeNode,
  getOperationAST,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';

import type { StreamContext } from './context.js';
import { documentLimits, documentRules } from './document-rules.js';
import { errorTranslator } from './errors.js';
import type { ErrorTranslation } from './errors.js';
import type { DocumentRequest, KnownDocuments } from './known-documents.js';

export interface SubscriptionOptions extends ErrorTranslation {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
  readonly documents: KnownDocuments;
}

/** A subscription as clients ask for it. */
export interface SubscriptionRequest extends DocumentRequest {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Runs subscriptions: documents are held to the same rules, and errors are told in the same words, as in answers. */
export interface Subscriptions {
  /** What to run; or what is wrong with the operation. */
  prepare(operation: SubscriptionRequest, context: StreamContext): ExecutionArgs | readonly GraphQLError[];
  /** The results as they come, or one that says why there are none. What fails is told in a result, the last one. */
  subscribe(
    args: ExecutionArgs,
  ): Promise<AsyncIterableIterator<ExecutionResult, void, void> | ExecutionResult>;
}

const rules = [...specifiedRules, ...documentRules];

export function createSubscriptions(options: SubscriptionOptions): Subscriptions {
  const translate = errorTranslator(options);

  /** The error as clients are told it; one that says no code itself has this one. */
  function told(error: GraphQLError, code: string): GraphQLError {
    const { nodes = null, source = null, positions = null, path = null } = error;
    const { message, extensions } = translate(
      { ...error.toJSON(), extensions: { code, ...error.extensions } },
      error,
    );
    return new GraphQLError(message, { nodes, source, positions, path, extensions: extensions ?? null });
  }

  /** What has no place in the data was wrong with the variables. */
  function toldResult({ errors, ...rest }: ExecutionResult): ExecutionResult {
    return errors ? { ...rest, errors: errors.map((error) => told(error, 'BAD_USER_INPUT')) } : rest;
  }

  function toldFailure(error: unknown): ExecutionResult {
    const { message, extensions } = translate({ message: 'The stream has failed.' }, error);
    return { errors: [new GraphQLError(message, { extensions: extensions ?? null })] };
  }

  /** Not a generator: one that waits for a result could not be returned from. */
  function toldResults(
    results: AsyncGenerator<ExecutionResult, void, void>,
  ): AsyncIterableIterator<ExecutionResult, void, void> {
    const iterator: AsyncIterableIterator<ExecutionResult, void, void> = {
      async next() {
        try {
          const result = await results.next();
          return result.done === true ? result : { value: toldResult(result.value) };
        } catch (error) {
          return { value: toldFailure(error) };
        }
      },
      return: () => results.return(),
      throw: (error: unknown) => results.throw(error),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  return {
    prepare(request, contextValue) {
      const { schema, production: hideSuggestions } = options;
      const { operationName, variables } = request;
      const text = options.documents.documentOf(request);
      if (text === undefined) return [told(noDocument(), 'BAD_REQUEST')];
      if (typeof text === 'object') return [told(new GraphQLError(text.message), text.code)];
      const document = parsed(text);
      if (document instanceof GraphQLError) return [told(document, 'GRAPHQL_PARSE_FAILED')];
      const problems = validate(schema, document, rules, { hideSuggestions });
      if (problems.length > 0) return problems.map((error) => told(error, 'GRAPHQL_VALIDATION_FAILED'));
      const operation = getOperationAST(document, operationName);
      if (!operation) return [told(noSuchOperation(), 'OPERATION_RESOLUTION_FAILURE')];
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
        return [told(noSubscription(), 'BAD_REQUEST')];
      return { schema, document, operationName, variableValues: variables, contextValue, hideSuggestions };
    },

    async subscribe(args) {
      const results = await subscribe(args);
      return Symbol.asyncIterator in results ? toldResults(results) : toldResult(results);
    },
  };
}

function parsed(query: string) {
  try {
    return parse(query, documentLimits);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function noDocument(): GraphQLError {
  return new GraphQLError(
    'There is nothing to run: send a document as `query`, or the id of one that is known here.',
  );
}

function noSuchOperation(): GraphQLError {
  return new GraphQLError('The document has no operation of this name, or several and no name to choose by.');
}

function noSubscription(): GraphQLError {
  return new GraphQLError(
    'Only subscriptions are taken here. Send queries and mutations by POST, and accept application/json.',
  );
}
