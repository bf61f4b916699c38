import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { contextKey } from '../../flow/context.js';
import type { Context, ContextChange } from '../../flow/context.js';

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const puzzle = z.strictObject({ puzzle: json, expiresAt: z.iso.datetime() });

/** A puzzle that this execution has been given, and until when it can be solved. */
export type Puzzle = z.infer<typeof puzzle>;

/** By the stage that shows it. No other execution has it, so that its solution is good in none. */
const puzzlesKey = contextKey('captcha.puzzles', z.record(z.string(), puzzle));

/** The puzzle of a stage that can still be solved. */
export function puzzleOf(context: Context, stageId: string, now: Date): Puzzle | undefined {
  const shown = new Map(Object.entries(context.get(puzzlesKey) ?? {})).get(stageId);
  return shown && new Date(shown.expiresAt) > now ? shown : undefined;
}

export function rememberPuzzle(context: Context, stageId: string, shown: Puzzle): ContextChange {
  return puzzlesKey.to({ ...context.get(puzzlesKey), [stageId]: shown });
}

/** Whatever has become of it, a puzzle is asked for once. */
export function forgetPuzzle(context: Context, stageId: string): ContextChange {
  const { [stageId]: _used, ...others } = context.get(puzzlesKey) ?? {};
  return Object.keys(others).length === 0 ? puzzlesKey.cleared() : puzzlesKey.to(others);
}
