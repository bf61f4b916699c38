import type { Value } from './entry.js';

const units: Readonly<Record<string, number>> = {
  microseconds: 1e-6,
  milliseconds: 1e-3,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 24 * 3600,
  weeks: 7 * 24 * 3600,
};

/** A time as the relative writes it, `hours=1;minutes=30`, in whole seconds; undefined for what is none. */
export function secondsOf(value: Value): number | undefined {
  if (typeof value !== 'string') return undefined;
  let seconds = 0;
  for (const part of value.split(';').filter((text) => text.trim() !== '')) {
    const [unit = '', amount = '', ...more] = part.split('=').map((text) => text.trim());
    const size = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
    if (size === undefined || more.length > 0 || !/^\d+(\.\d+)?$/.test(amount)) return undefined;
    seconds += size * Number(amount);
  }
  return value.trim() === '' || seconds > Number.MAX_SAFE_INTEGER ? undefined : Math.floor(seconds);
}
