import { z } from 'zod';
import type { ExpressionResult } from '../../flow/services/expressions.js';

const json = z.json();

/** What the prelude makes of an expression that ended well; it has kept to all bounds already. */
const form: z.ZodType<ExpressionResult> = z.strictObject({
  value: json,
  messages: z.array(z.string()),
  log: z.array(z.array(json)),
  writes: z.array(z.strictObject({ target: z.string(), value: json })),
  events: z.array(z.strictObject({ name: z.string(), details: z.record(z.string(), json) })),
});

/** Reads the answer of a worker; undefined where it is none. */
export function readResult(text: string): ExpressionResult | undefined {
  return form.safeParse(JSON.parse(text)).data;
}
