import { GraphQLError } from 'graphql';
import type { ASTVisitor, ValidationContext } from 'graphql';

/** Refuses an operation of a type that the schema does not have; graphql-js finds out only when it executes it. */
export function knownOperationType(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(
        new GraphQLError(`There are no operations of the type ${node.operation}.`, { nodes: node }),
      );
    },
  };
}
