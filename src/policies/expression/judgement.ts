import { z } from 'zod';

import type { Json } from '../../kernel/json.js';
import type { ExpressionResult } from '../../flow/services/expressions.js';
import type { PolicyVerdict } from '../../flow/policy-kind.js';

const MOST_MESSAGES = 20;
const LONGEST_MESSAGE = 1000;

const resultForm = z.strictObject({
  passing: z.boolean(),
  messages: z.array(z.string().max(LONGEST_MESSAGE)).max(MOST_MESSAGES).default([]),
  /** In what another policy has said, handed on as it is. */
  rawResult: z.json().optional(),
});

/** What the value of an expression decides. Throws where it is no decision: nothing is read into it. */
export function judgementOf({
  value,
  messages: said,
}: Pick<ExpressionResult, 'value' | 'messages'>): Pick<PolicyVerdict, 'passing' | 'messages'> {
  const { passing, messages } = decisionIn(value);
  if (said.length + messages.length > MOST_MESSAGES) throw new Error('there are too many messages');
  return { passing, messages: [...said, ...messages] };
}

function decisionIn(value: Json): z.infer<typeof resultForm> {
  if (typeof value === 'boolean') return { passing: value, messages: [] };
  const parsed = resultForm.safeParse(value);
  if (!parsed.success) throw new Error('the result is neither a boolean nor { passing, messages }');
  return parsed.data;
}
