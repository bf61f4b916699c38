import type { Expressions } from '../../flow/services/expressions.js';
import type { FieldProblem } from '../../kernel/refusal.js';
import type { Comparison, Operand, Reference } from './document.js';
import { literalOperand, operandForms, operandTypes } from './operands.js';
import { asksForPresence, operators } from './operators.js';
import type { Operator } from './operators.js';
import { patternProblem } from './patterns.js';
import { variableNamed } from './variables.js';
import type { Variable } from './variables.js';
import type { ValueType } from './values.js';

/** What does not go together in a comparison. */
export function comparisonProblems(
  comparison: Comparison,
  path: string,
  expressions: Pick<Expressions, 'check'>,
): FieldProblem[] {
  const variable = variableNamed(comparison.variable);
  const operator: Operator = operators[comparison.operator];
  const found = [...referenceProblems(comparison, path), ...optionProblems(comparison, operator, path)];
  if (!variable) return found;
  const type = comparison.as ?? variable.type;
  if (!operator.types.includes(type)) return [...found, wrongOperator(comparison, type, operator, path)];
  if (asksForPresence(comparison.operator) || type === 'any') {
    const unwanted = comparison.value !== undefined;
    return unwanted ? [...found, wrongOperand(operator, `${path}.value`)] : found;
  }
  const problems =
    operator.operand === 'pattern'
      ? patternProblem(comparison.value, `${path}.value`, expressions)
      : operandProblems({ operand: comparison.value, operator, type, variable }, `${path}.value`);
  return [...found, ...problems];
}

/** What is wrong with how a variable is named. */
export function referenceProblems(
  { variable: name, parameter, as }: Reference,
  path: string,
): FieldProblem[] {
  const variable = variableNamed(name);
  if (!variable) {
    return [{ path: `${path}.variable`, code: 'UNKNOWN_VARIABLE', message: 'There is no such variable.' }];
  }
  const cannotBeCast = as !== undefined && !['any', 'string'].includes(variable.type) && as !== variable.type;
  return [
    ...parameterProblems(variable, parameter, `${path}.parameter`),
    ...(cannotBeCast
      ? [
          {
            path: `${path}.as`,
            code: 'WRONG_CAST' as const,
            message: `It is always of the type ${variable.type}.`,
          },
        ]
      : []),
  ];
}

function parameterProblems(
  { parameter: wanted }: Variable,
  parameter: string | undefined,
  path: string,
): FieldProblem[] {
  if (!wanted) {
    if (parameter === undefined) return [];
    return [{ path, code: 'UNNEEDED_PARAMETER', message: 'This variable takes no parameter.' }];
  }
  const message = wanted.description;
  if (parameter === undefined) return [{ path, code: 'MISSING_PARAMETER', message }];
  return wanted.form.test(parameter) ? [] : [{ path, code: 'WRONG_PARAMETER', message }];
}

function optionProblems(
  { caseSensitive, negate }: Comparison,
  { folds, negatable }: Operator,
  path: string,
): FieldProblem[] {
  const unknown = (option: string): FieldProblem => ({
    path: `${path}.${option}`,
    code: 'WRONG_OPTION',
    message: 'This operator does not have it.',
  });
  return [
    ...(negate && !negatable ? [unknown('negate')] : []),
    ...(!caseSensitive && !folds ? [unknown('caseSensitive')] : []),
  ];
}

function wrongOperator({ as }: Comparison, type: ValueType, { types }: Operator, path: string): FieldProblem {
  if (type === 'any' && as === undefined) {
    const message = 'It can be of any type: say as which one it is to be read.';
    return { path: `${path}.as`, code: 'MISSING_CAST', message };
  }
  const message = `It is of the type ${type}, and this operator is for ${types.join(', ')}.`;
  return { path: `${path}.operator`, code: 'WRONG_OPERATOR', message };
}

interface Compared {
  readonly operand: Operand | undefined;
  readonly operator: Operator;
  readonly type: Exclude<ValueType, 'any'>;
  readonly variable: Variable;
}

function operandProblems({ operand, operator, type, variable }: Compared, path: string): FieldProblem[] {
  if (isReference(operand)) {
    const other = variableNamed(operand.variable);
    const problems = referenceProblems(operand, path);
    if (!other) return problems;
    const fits = operandTypes(operator.operand, type).includes(operand.as ?? other.type);
    return fits ? problems : [...problems, wrongOperand(operator, path)];
  }
  const fits = literalOperand(operator.operand, type, variable.options, operand) !== undefined;
  return fits ? [] : [wrongOperand(operator, path)];
}

/** Whether what is compared with is a variable. */
export function isReference<T>(operand: T): operand is Extract<T, Reference> {
  return typeof operand === 'object' && operand !== null && 'variable' in operand;
}

function wrongOperand({ operand }: Operator, path: string): FieldProblem {
  return { path, code: 'WRONG_OPERAND', message: `This operator takes ${operandForms[operand]}.` };
}
