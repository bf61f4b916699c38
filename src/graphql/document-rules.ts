import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';

import { oneFlowStepPerOperation } from './one-step-rule.js';

/** Too large a document is refused like any other that is wrong; by default the rules throw, as if it were our fault. */
const asProblem = {
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
};

/** How much of a document is read at all. */
export const documentLimits = { maxLexicalTokens: 4000 };

/** What every document is held to beyond GraphQL's own rules, by whatever way it comes. */
export const documentRules: readonly ValidationRule[] = [
  maxAliasesRule({ n: 30, ...asProblem }),
  maxDepthRule({ n: 14, ignoreIntrospection: true, ...asProblem }),
  maxDirectivesRule({ n: 20, ...asProblem }),
  oneFlowStepPerOperation,
];
