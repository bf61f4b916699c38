import { parse, toSeconds } from 'iso8601-duration';
import { z } from 'zod';

const LONGEST_SECONDS = 100 * 365 * 24 * 3600;

/**
 * An ISO 8601 duration such as `PT30M` or `P30D`, kept as the text it was written as. Months and years are
 * refused: their length depends on when they begin.
 */
export const durationText = z
  .string()
  .max(32)
  .refine((text) => secondsOf(text) !== undefined, {
    error: 'Must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as PT30M or P30D.',
    // Whoever refines it further may then take it for a duration.
    abort: true,
  })
  .meta({ typeName: 'Duration' });

/** How many seconds a duration lasts; throws on what `durationText` would refuse. */
export function durationSeconds(text: string): number {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new RangeError('not a duration');
  return seconds;
}

const units = [
  ['D', 24 * 3600],
  ['H', 3600],
  ['M', 60],
  ['S', 1],
] as const;

/** A duration of so many whole seconds as text, in as few words as it takes: 900 is PT15M. */
export function durationOf(seconds: number): string {
  let rest = seconds;
  const parts = units.map(([letter, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${letter}`;
  });
  const [days = '', ...time] = parts;
  if (days !== '' && time.join('') === '') return `P${days}`;
  return `P${days}T${time.join('') || '0S'}`;
}

function secondsOf(text: string): number | undefined {
  if (!/^P(?=.)(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/.test(text)) return undefined;
  const seconds = toSeconds(parse(text), new Date(0));
  return seconds <= LONGEST_SECONDS ? seconds : undefined;
}
