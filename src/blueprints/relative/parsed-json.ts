import { z } from 'zod';

import type { Json } from '../../kernel/json.js';

const json: z.ZodType<Json> = z.json();

/** JSON as it is; undefined for what is none. */
export function parsedJson(text: string): Json | undefined {
  try {
    return json.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
