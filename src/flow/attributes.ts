import type { Json, JsonObject } from '../kernel/json.js';

/** One value at its place among a person's attributes, such as `settings`, `locale`. */
export interface AttributeWrite {
  readonly path: AttributePath;
  readonly value: string | number | boolean;
}

export type AttributePath = readonly [string, ...string[]];

/**
 * The attributes with these written into them, in order: what lies beside them stays, objects that are missing on the way
 * are made, and whatever else is in the way is replaced.
 */
export function withAttributes(attributes: JsonObject, writes: readonly AttributeWrite[]): JsonObject {
  return writes.reduce((before, { path, value }) => written(before, path, value), attributes);
}

/** What is there; undefined where nothing is. */
export function attributeAt(attributes: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (within, name) => (isJsonObject(within) && Object.hasOwn(within, name) ? within[name] : undefined),
    attributes,
  );
}

/** Whether it holds others by their names. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function written(within: JsonObject, [name, next, ...others]: AttributePath, value: Json): JsonObject {
  // By entries, so that no name means anything but itself.
  const members = new Map(Object.entries(within));
  if (next === undefined) members.set(name, value);
  else {
    const inner = members.get(name);
    members.set(name, written(isJsonObject(inner) ? inner : {}, [next, ...others], value));
  }
  return Object.fromEntries(members);
}
