import { Refusal } from '../kernel/refusal.js';

/** Refuses whoever has read another version than there is now; null where they do not care. */
export function expectVersion(what: string, present: number, expected: number | null): void {
  if (expected !== null && expected !== present) throw Refusal.outdated(what, present);
}
