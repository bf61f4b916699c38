import { z } from 'zod';

import { isStorableText } from '../../kernel/text.js';
import type { JsonObject } from '../../kernel/json.js';
import type { ContextChange } from '../../flow/context.js';
import { contextAfter } from '../../flow/policy-context.js';
import { verdict } from '../../flow/policy-kind.js';
import { policyView } from '../../flow/policy-view.js';
import { isPolicyTarget, policyWrite } from '../../flow/policy-writes.js';
import type { ExpressionResult } from '../../flow/services/expressions.js';
import { definePolicy } from '../define.js';
import { findings } from './findings.js';
import { judgementOf } from './judgement.js';
import { logLines } from './log-lines.js';

/** However long a binding's timeout is: an expression decides, it does not compute. */
const LONGEST_MILLISECONDS = 1000;

export const expressionPolicy = definePolicy({
  name: 'expression',
  description: 'Decides by a JavaScript expression, run in a sandbox.',
  config: z.strictObject({
    expression: z
      .string()
      .min(1)
      .max(20_000)
      .refine(isStorableText)
      .describe(
        'An expression, or the body of a function: its result is a boolean or { passing, messages }. expressionDeclarations says what it can use.',
      ),
  }),
  services: ['expressions'],

  problems({ expression }, { expressions }) {
    const problem = expressions.check(expression);
    if (!problem) return [];
    const { message, line, column } = problem;
    return [{ path: 'expression', code: 'SYNTAX', message: `Line ${line}, column ${column}: ${message}` }];
  },

  calls: ({ expression }, { expressions }) =>
    expressions.mentions(expression).calls.map((name) => ({ name, path: 'expression' })),

  async evaluate({ config: { expression }, input, timeoutSeconds, services: { expressions }, call }) {
    const view = policyView(input);
    let context = input.context;
    const outcome = await expressions.evaluate(expression, view, {
      deadlineMilliseconds: Math.min(timeoutSeconds * 1000, LONGEST_MILLISECONDS),
      async call(name) {
        const { passing, messages, rawResult, changes } = await call(name);
        context = contextAfter(context, changes);
        return { passing, messages, rawResult };
      },
    });
    if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.message}`);
    const { passing, messages } = judgementOf(outcome);
    return verdict(passing, messages, {
      changes: changesOf(outcome.writes, context),
      events: outcome.events,
      read: findings(expressions.mentions(expression).paths, view),
      rawResult: outcome.value,
      log: logLines(outcome.log),
    });
  },
});

/** One after the other: what comes later goes by what was written before. */
function changesOf(writes: ExpressionResult['writes'], before: JsonObject): ContextChange[] {
  const changes: ContextChange[] = [];
  for (const { target, value } of writes) {
    // The target may have been put together from what is nobody's business.
    if (!isPolicyTarget(target)) throw new Error('setContext was asked to write what no policy may write');
    changes.push(policyWrite(contextAfter(before, changes), target, value));
  }
  return changes;
}
