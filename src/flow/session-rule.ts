import type { Context } from './context.js';
import type { FlowPosition } from './execution.js';
import { proofsOf } from './execution.js';

/**
 * Whether a session may be opened at this point, worked out again from the record of what happened: every
 * binding that was planned before this one has been passed, or was left out by its policies when its turn came,
 * and something was verified about this very person.
 */
export function mayOpenSession(
  execution: FlowPosition & { readonly context: Context },
  bindingId: string,
  userId: string,
): boolean {
  const { planned, trail } = execution;
  const place = planned.indexOf(bindingId);
  const settled = new Set(trail.map((entry) => entry.bindingId));
  const complete = place >= 0 && planned.slice(0, place).every((id) => settled.has(id));
  return complete && proofsOf(execution, userId).length > 0;
}
