import type { Json } from '../kernel/json.js';
import type { ComputedAttribute } from './prompt-field.js';

/** What an expression is for: an attribute of the prompt field with this name. */
export interface ComputedPlace {
  readonly promptField: string;
  readonly attribute: ComputedAttribute;
}

/**
 * Works out an expression that stands beside what it takes the place of, and reads what it comes to. Undefined where that is
 * nothing, or where it has failed: who has to know about that is told.
 */
export type Compute = <T>(
  place: ComputedPlace,
  expression: string,
  read: (value: Json) => T | undefined,
) => Promise<T | undefined>;
