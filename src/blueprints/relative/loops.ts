import type { Value } from './entry.js';
import { isList, isMembers } from './value.js';

/** One turn of a loop: what it is about, and by what that is known. */
export interface Turn {
  readonly index: Value;
  readonly value: Value;
}

/** The loops that the place being resolved lies in, the innermost last; null for one that has not begun its turns. */
export class Loops {
  readonly #turns: (Turn | null)[] = [];

  /** The turn of the loop so many levels out; undefined where there is none. */
  turn(depth: number): Turn | null | undefined {
    return this.#turns.at(-1 - depth);
  }

  /** Does something as part of a loop. */
  within<T>(turn: Turn | null, work: () => T): T {
    this.#turns.push(turn);
    try {
      return work();
    } finally {
      this.#turns.pop();
    }
  }
}

/** The turns that a loop over this takes; undefined where nothing can be gone through. */
export function turnsOver(value: Value): Turn[] | undefined {
  if (typeof value === 'string')
    return Array.from(value, (character, index) => ({ index, value: character }));
  if (isList(value)) return value.map((item, index) => ({ index, value: item }));
  if (isMembers(value)) return Object.entries(value).map(([index, item]) => ({ index, value: item }));
  return undefined;
}
