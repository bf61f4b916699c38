import type { FieldProblem } from '../kernel/refusal.js';
import { refusedAt } from './input.js';

/** Refuses with every place in a list of ids at which nothing was found. */
export function refuseMissing(what: string, path: string, sought: readonly unknown[]): void {
  const message = `There is no ${what} with this id.`;
  const missing = sought.flatMap((one, index): FieldProblem[] => {
    if (one instanceof Error) throw one;
    return one === undefined ? [{ path: String(index), code: 'NOT_FOUND', message }] : [];
  });
  if (missing.length > 0) throw refusedAt(path, missing);
}
