import { z } from 'zod';

import type { Json } from '../../kernel/json.js';
import { isStorableText } from '../../kernel/text.js';
import { verdict } from '../../flow/policy-kind.js';
import type { PolicyVerdict } from '../../flow/policy-kind.js';
import { policyView } from '../../flow/policy-view.js';
import { definePolicy } from '../define.js';

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
        'An expression, or the body of a function: its result is a boolean or { passing, messages }.',
      ),
  }),
  services: ['expressions'],

  problems({ expression }, { expressions }) {
    const problem = expressions.check(expression);
    if (!problem) return [];
    const { message, line, column } = problem;
    return [{ path: 'expression', code: 'SYNTAX', message: `Line ${line}, column ${column}: ${message}` }];
  },

  async evaluate({ config, input, timeoutSeconds, services: { expressions } }) {
    const deadline = Math.min(timeoutSeconds * 1000, LONGEST_MILLISECONDS);
    const outcome = await expressions.evaluate(config.expression, policyView(input), deadline);
    if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.message}`);
    return verdictOf(outcome.value);
  },
});

const resultForm = z.strictObject({
  passing: z.boolean(),
  messages: z.array(z.string().max(1000)).max(20).default([]),
});

function verdictOf(result: Json): PolicyVerdict {
  if (typeof result === 'boolean') return verdict(result);
  const parsed = resultForm.safeParse(result);
  if (!parsed.success) throw new Error('the result is neither a boolean nor { passing, messages }');
  return verdict(parsed.data.passing, parsed.data.messages, { rawResult: result });
}
