import type { ProblemCode } from '../kernel/problem-codes.js';
import type { FieldProblem } from '../kernel/refusal.js';
import type { PromptFieldFields } from './definition-store.js';
import { computedAttributes, fillingOf, hasChoices } from './prompt-field.js';
import { valueInText } from './prompt-values.js';
import type { Expressions } from './services/expressions.js';

/** What is wrong with a field as a whole, beyond the form of its attributes. Paths start in the field. */
export function promptFieldProblems(
  field: PromptFieldFields,
  expressions: Pick<Expressions, 'check' | 'mentions'>,
): FieldProblem[] {
  return [
    ...computedAttributes.flatMap((attribute) => {
      const path = `${attribute}Expression` as const;
      const expression = field[path];
      return expression === null ? [] : problemsOfExpression(path, expression, expressions);
    }),
    ...problemsOfChoices(field),
    ...problemsOfInitialValue(field),
  ];
}

function problemsOfExpression(
  path: string,
  expression: string,
  expressions: Pick<Expressions, 'check' | 'mentions'>,
): FieldProblem[] {
  const problem = expressions.check(expression);
  if (problem) {
    const { message, line, column } = problem;
    return [{ path, code: 'SYNTAX', message: `Line ${line}, column ${column}: ${message}` }];
  }
  if (expressions.mentions(expression).calls.length === 0) return [];
  return [{ path, code: 'NOT_ALLOWED', message: 'Only policies can call policies.' }];
}

function problemsOfChoices({ type, choices, choicesExpression }: PromptFieldFields): FieldProblem[] {
  if (hasChoices(type)) {
    if (choices.length > 0 || choicesExpression !== null) return [];
    return [problem('choices', 'REQUIRED', 'There has to be something to choose from.')];
  }
  const unneeded = problem('choices', 'INVALID', `A field of the type ${type} has no choices.`);
  return [
    ...(choices.length > 0 ? [unneeded] : []),
    ...(choicesExpression === null ? [] : [{ ...unneeded, path: 'choicesExpression' }]),
  ];
}

/** Of choices the first one takes the place of what is none of them. */
function problemsOfInitialValue({
  type,
  initialValue,
  initialValueExpression,
}: PromptFieldFields): FieldProblem[] {
  if (type === 'PASSWORD' || type === 'FILE') {
    const never = problem('initialValue', 'INVALID', `A field of the type ${type} holds nothing at first.`);
    return [
      ...(initialValue === '' ? [] : [never]),
      ...(initialValueExpression === null ? [] : [{ ...never, path: 'initialValueExpression' }]),
    ];
  }
  const filling = fillingOf(type);
  if (initialValue === '' || filling === 'decided' || filling === 'nothing' || hasChoices(type)) return [];
  if (valueInText({ type, choices: [] }, initialValue) !== undefined) return [];
  return [problem('initialValue', 'INVALID', `Must be what a field of the type ${type} can hold.`)];
}

function problem(path: string, code: ProblemCode, message: string): FieldProblem {
  return { path, code, message };
}
