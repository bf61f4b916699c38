import type { PolicyRun } from '../../flow/policy-kind.js';
import type { Expressions } from '../../flow/services/expressions.js';
import { isReference } from './comparison-rules.js';
import type { CalledPolicy, Comparison, ConditionNode, Group } from './document.js';
import { literalOperand, variableOperand } from './operands.js';
import { asksForPresence, operators } from './operators.js';
import type { Comparing, Operator } from './operators.js';
import { findsPattern } from './patterns.js';
import { groupOf } from './places.js';
import { labelOf } from './reading.js';
import type { Reading } from './reading.js';
import type { Value } from './values.js';
import { variableNamed } from './variables.js';

/** Whether something holds, and why. */
export interface Outcome {
  readonly holds: boolean;
  /** Whether a value was missing: then nothing holds that this is part of. */
  readonly missing: boolean;
  /** Where it was decided. */
  readonly because: readonly string[];
  /** What the policies said who have decided it. */
  readonly messages: readonly string[];
}

export interface Evaluating {
  readonly reading: Reading;
  readonly missing: 'FAIL' | 'FALSE';
  readonly run: Pick<PolicyRun, 'input' | 'timeoutSeconds' | 'call'>;
  readonly expressions: Pick<Expressions, 'evaluate'>;
  /** A line for each node that was evaluated. */
  readonly log: string[];
}

/** Evaluates a node, in order, and no more of it than decides. */
export async function evaluateNode(
  node: ConditionNode,
  path: string,
  evaluating: Evaluating,
): Promise<Outcome> {
  if ('variable' in node) return compare(node, path, evaluating);
  if ('policy' in node) return callPolicy(node, path, evaluating);
  return evaluateGroup(node, path, evaluating);
}

async function evaluateGroup(group: Group, path: string, evaluating: Evaluating): Promise<Outcome> {
  const { how, children } = groupOf(group);
  const outcomes: Outcome[] = [];
  // One that does not hold decides all; one that holds decides any, and none.
  const deciding = how !== 'all';
  const said = (outcome: Outcome): Outcome => {
    evaluating.log.push(`${path}: ${wordFor(outcome)}`);
    return outcome;
  };
  for (const [index, child] of children.entries()) {
    const outcome = await evaluateNode(child, `${path}.${how}.${index}`, evaluating);
    if (outcome.missing) return said(outcome);
    if (outcome.holds === deciding) return said({ ...outcome, holds: how === 'any' });
    outcomes.push(outcome);
  }
  return said({
    holds: how !== 'any',
    missing: false,
    because: outcomes.flatMap(({ because }) => because),
    messages: outcomes.flatMap(({ messages }) => messages),
  });
}

async function callPolicy({ policy }: CalledPolicy, path: string, evaluating: Evaluating): Promise<Outcome> {
  const { passing, messages, changes } = await evaluating.run.call(policy);
  evaluating.reading.writtenByOthers(changes);
  evaluating.log.push(`${path}: ${passing}, ${policy} ${passing ? 'passes' : 'fails'}`);
  return { holds: passing, missing: false, because: [path], messages };
}

async function compare(comparison: Comparison, path: string, evaluating: Evaluating): Promise<Outcome> {
  const { reading, missing, log } = evaluating;
  const held = await holds(comparison, evaluating);
  const outcome = {
    holds: held === true,
    missing: held === undefined && missing === 'FAIL',
    because: [path],
    messages: [],
  };
  const shown = JSON.stringify(reading.shown(comparison));
  log.push(`${path}: ${held ?? 'missing'}, ${labelOf(comparison)} is ${shown}`);
  return outcome;
}

/** Undefined where a value is missing. */
async function holds(comparison: Comparison, evaluating: Evaluating): Promise<boolean | undefined> {
  const { reading } = evaluating;
  const operator: Operator = operators[comparison.operator];
  if (asksForPresence(comparison.operator)) {
    return (await isSet(comparison, reading)) === (comparison.operator === 'is_set');
  }
  const value = await reading.value(comparison);
  if (value === undefined) return undefined;
  const operand = await operandOf(comparison, operator, reading);
  if (operand === undefined) return undefined;
  const held = await operator.holds(value, operand, comparingFor(comparison, evaluating));
  return held !== comparison.negate;
}

async function isSet(comparison: Comparison, reading: Reading): Promise<boolean> {
  const isOfAnyType = comparison.as === undefined && variableNamed(comparison.variable)?.type === 'any';
  return isOfAnyType
    ? (await reading.raw(comparison)) != null
    : (await reading.value(comparison)) !== undefined;
}

async function operandOf(
  { value: operand, variable, as }: Comparison,
  { operand: form }: Operator,
  reading: Reading,
): Promise<readonly Value[] | undefined> {
  if (isReference(operand)) {
    const value = await reading.value(operand);
    return value === undefined ? undefined : variableOperand(value);
  }
  const { type, options } = variableNamed(variable) ?? {};
  const literalType = as ?? type;
  if (literalType === undefined || literalType === 'any') throw new Error(`${variable} has no type`);
  return literalOperand(form, literalType, options, operand);
}

function comparingFor({ caseSensitive }: Comparison, { run, expressions }: Evaluating): Comparing {
  return {
    now: run.input.now,
    fold: (text) => (caseSensitive ? text : text.toLowerCase()),
    finds: (pattern, text) => findsPattern({ pattern, text, caseSensitive }, expressions, run.timeoutSeconds),
  };
}

function wordFor({ holds: held, missing }: Outcome): string {
  return missing ? 'missing' : String(held);
}
