import { GraphQLError, Kind, OperationTypeNode } from 'graphql';
import type { ASTVisitor, FieldNode, SelectionSetNode, ValidationContext } from 'graphql';

const steps = new Set(['startFlow', 'submitStage']);

/**
 * One operation takes one step: neither aliases nor fragments multiply guesses, nor the work that a guess makes.
 */
export function oneFlowStepPerOperation(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.MUTATION) return;
      const [, ...more] = rootFields(operation.selectionSet, context, new Set()).filter((field) =>
        steps.has(field.name.value),
      );
      if (more.length > 0) {
        const message = 'An operation may take one step only: one startFlow or one submitStage.';
        context.reportError(new GraphQLError(message, { nodes: more }));
      }
    },
  };
}

/** The fields that an operation executes, wherever they are written; a fragment is executed once. */
function rootFields(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  seen: Set<string>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return [selection];
      case Kind.INLINE_FRAGMENT:
        return rootFields(selection.selectionSet, context, seen);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = context.getFragment(selection.name.value);
        if (!fragment || seen.has(fragment.name.value)) return [];
        seen.add(fragment.name.value);
        return rootFields(fragment.selectionSet, context, seen);
      }
    }
  });
}
