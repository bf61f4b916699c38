import type { TraceEntry } from '../flow/trace.js';

/** An entry as it is kept: what a policy could read is for simulations, and would make the record as large as they are many. */
export function storedEntry(
  entry: TraceEntry,
): TraceEntry | Omit<Extract<TraceEntry, { type: 'policy' }>, 'input'> {
  if (entry.type !== 'policy') return entry;
  const { input: _input, ...kept } = entry;
  return { ...kept, milliseconds: Math.round(kept.milliseconds * 1000) / 1000 };
}
