import type { FieldProblem } from './refusal.js';
import { isStorableText } from './text.js';

/** Where a value holds text that the database cannot keep, however deep; paths start in the value. */
export function unstorableTexts(value: unknown, path: readonly string[] = []): FieldProblem[] {
  if (typeof value === 'string') return isStorableText(value) ? [] : [unstorable(path)];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string, unknown][] = Object.entries(value);
  return entries.flatMap(([key, inner]) =>
    isStorableText(key) ? unstorableTexts(inner, [...path, key]) : [unstorable(path)],
  );
}

function unstorable(path: readonly string[]): FieldProblem {
  return {
    path: path.join('.'),
    code: 'NOT_STORABLE',
    message: 'Must not hold characters that cannot be stored.',
  };
}
