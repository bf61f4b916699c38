import { Named } from './entry.js';
import type { Members, Value } from './entry.js';

export function isMembers(value: Value): value is Members {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Named);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** As the relative's language takes values for true or false; undefined where that takes a look at its database. */
export function isTruthy(value: Value): boolean | undefined {
  if (value instanceof Named) return value.reference.to === 'entry' ? true : undefined;
  if (isList(value)) return value.length > 0;
  if (isMembers(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** One value laid over another: members are merged, lists put one behind the other, anything else is replaced. */
export function merged(below: Value, above: Value): Value {
  if (isList(below) && isList(above)) return [...below, ...above];
  if (!isMembers(below) || !isMembers(above)) return above;
  const all = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const there = all.get(key);
    all.set(key, there === undefined ? value : merged(there, value));
  }
  return Object.fromEntries(all);
}

/** Whether two values are the same throughout. */
export function isSame(one: Value, other: Value): boolean {
  if (one instanceof Named || other instanceof Named) return one === other;
  if (isList(one)) {
    return (
      isList(other) &&
      one.length === other.length &&
      one.every((item, index) => isSame(item, other[index] ?? null))
    );
  }
  if (!isMembers(one) || isList(other) || !isMembers(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key] ?? null, other[key] ?? null))
  );
}
