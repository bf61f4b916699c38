import { Unreadable } from './python.js';
import type { Expression, Statement } from './python.js';
import { personFields } from './questions.js';
import { readPython } from './statements.js';
import type { TranslatedPromptExpression } from './translation.js';

/**
 * What an expression of one of the relative's prompt fields comes to, said our way: a fixed text, or something that is known
 * of whom the form is about. Undefined where it is something else, or it is not known for certain.
 */
export function translatePromptExpression(source: string): TranslatedPromptExpression | undefined {
  const steps = readPython(source);
  if (!steps) return undefined;
  try {
    return said(steps);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function said(steps: readonly Statement[]): TranslatedPromptExpression {
  const [step] = steps;
  if (step?.type === 'try') {
    const otherwise = textOf(returned(step.otherwise));
    return valued(returned(step.body), otherwise);
  }
  return valued(returned(steps), '');
}

/** What stands behind the word return, where there is nothing else. */
function returned(steps: readonly Statement[]): Expression {
  const [step] = steps;
  if (steps.length === 1 && step?.type === 'return') return step.value;
  throw new Unreadable();
}

function valued(expression: Expression, otherwise: string): TranslatedPromptExpression {
  if (expression.type === 'constant') return { text: textOf(expression) };
  return { expression: `${pathOf(expression, otherwise)} ?? ${JSON.stringify(otherwise)}` };
}

/** Where it stands that is asked for; nothing, where there is nothing there. */
function pathOf(expression: Expression, otherwise: string): string {
  if (expression.type === 'call') return attributePath(expression, otherwise);
  if (expression.type !== 'attribute') throw new Unreadable();
  const field = personFields.find((known) => known === expression.name);
  if (!field) throw new Unreadable();
  return `${whose(expression.of)}?.${field}`;
}

/** An attribute within attributes, where each but the last is an empty map if it is not there. */
function attributePath(call: Extract<Expression, { type: 'call' }>, otherwise: string): string {
  const { of, given, named } = call;
  const [key, missing] = given;
  if (of.type !== 'attribute' || of.name !== 'get' || !key || given.length > 2 || named.length > 0) {
    throw new Unreadable();
  }
  if (missing !== undefined && missing.type !== 'emptyMap' && textOf(missing) !== otherwise) {
    throw new Unreadable();
  }
  return `${ownerPath(of.of)}?.[${JSON.stringify(textOf(key))}]`;
}

function ownerPath(owner: Expression): string {
  if (owner.type === 'attribute' && owner.name === 'attributes') return `${whose(owner.of)}?.attributes`;
  if (owner.type !== 'call' || owner.given[1]?.type !== 'emptyMap') throw new Unreadable();
  return attributePath(owner, '');
}

function whose(expression: Expression): string {
  if (expression.type === 'name' && expression.name === 'user') return 'user';
  const isUser = expression.type === 'attribute' && expression.name === 'user';
  if (!isUser || expression.of.type !== 'name') throw new Unreadable();
  if (expression.of.name === 'request') return 'user';
  if (expression.of.name === 'http_request') return 'viewer';
  throw new Unreadable();
}

function textOf(expression: Expression): string {
  if (expression.type === 'constant' && typeof expression.value === 'string') return expression.value;
  throw new Unreadable();
}
