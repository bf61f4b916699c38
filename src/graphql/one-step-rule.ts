import { GraphQLError } from 'graphql';
import type { ASTVisitor, ValidationContext } from 'graphql';

const steps = new Set(['startFlow', 'submitStage']);

/** One operation takes one step: aliases do not multiply guesses, nor the work that a guess makes. */
export function oneFlowStepPerOperation(context: ValidationContext): ASTVisitor {
  const found = new Map<object, number>();
  let operation: object | undefined;
  return {
    OperationDefinition: {
      enter(node) {
        operation = node;
      },
    },
    Field(node, _key, _parent, _path, ancestors) {
      if (!steps.has(node.name.value) || !operation || context.getParentType()?.name !== 'Mutation') return;
      const owner = ancestors.some((ancestor) => 'kind' in ancestor && ancestor.kind === 'FragmentDefinition')
        ? context.getDocument()
        : operation;
      const count = (found.get(owner) ?? 0) + 1;
      found.set(owner, count);
      if (count > 1) {
        const message = 'An operation may take one step only: one startFlow or one submitStage.';
        context.reportError(new GraphQLError(message, { nodes: node }));
      }
    },
  };
}
