import { isJsonList } from '../kernel/json.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { looksComputed } from './evaluate.js';

/** Free JSON as a document holds it: what could be taken for a computed value is marked as being none. */
function literal(value: Json): Json {
  if (isJsonList(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return looksComputed(value) ? { $literal: value } : literalMembers(value);
}

/** The members of an object that is known to be none itself, such as a configuration. */
export function literalMembers(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, literal(value)]));
}
