import type { JsonObject } from '../kernel/json.js';
import { Context } from './context.js';
import type { ContextChange } from './context.js';

/** The open part of a context as it is after these changes. */
export function contextAfter(context: JsonObject, changes: readonly ContextChange[]): JsonObject {
  return new Context(context, {}).with(changes).open;
}
