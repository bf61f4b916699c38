import { isList, isMembers } from './value.js';
import type { Value } from './entry.js';

const modes = {
  AND: (all: readonly boolean[]) => all.every(Boolean),
  NAND: (all: readonly boolean[]) => !all.every(Boolean),
  OR: (all: readonly boolean[]) => all.some(Boolean),
  NOR: (all: readonly boolean[]) => !all.some(Boolean),
  XOR: (all: readonly boolean[]) => all.reduce((one, other) => one !== other),
  XNOR: (all: readonly boolean[]) => !all.reduce((one, other) => one !== other),
} as const;

type Mode = keyof typeof modes;

export function isMode(text: string): text is Mode {
  return Object.hasOwn(modes, text);
}

/** What these, of which there is at least one, come to together. */
export function combined(mode: Mode, all: readonly boolean[]): boolean {
  return modes[mode](all);
}

/** What a list or a map has there; undefined where it has nothing. */
export function atIndex(whole: Value, key: Value): Value | undefined {
  if (isList(whole)) return typeof key === 'number' ? whole.at(key) : undefined;
  if (!isMembers(whole) || (typeof key !== 'string' && typeof key !== 'number')) return undefined;
  return Object.hasOwn(whole, key) ? whole[key] : undefined;
}
