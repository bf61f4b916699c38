import type { Secret } from '../../kernel/secret.js';
import { STEP_SECONDS, codeAt } from './code.js';
import type { Digits } from './code.js';

/** So many codes before and after the current one are taken: clocks differ, and people take their time. */
const WINDOW = 1;

/**
 * The step whose code this is, of those around `now` that come after `lastStep` (RFC 6238, section 5.2: no code is taken
 * twice); undefined where it is none of them. Each of them is compared, whichever is right.
 */
export function stepOf(
  code: string,
  secret: Secret,
  digits: Digits,
  now: Date,
  lastStep: number,
): number | undefined {
  const current = Math.floor(now.getTime() / 1000 / STEP_SECONDS);
  const steps = Array.from({ length: 2 * WINDOW + 1 }, (_, index) => current - WINDOW + index);
  const right = steps.filter((step) => same(codeAt(secret, digits, step), code));
  return right.find((step) => step > lastStep);
}

/** Looks at every character, whatever it finds. */
function same(right: string, given: string): boolean {
  if (given.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < right.length; index += 1)
    difference |= right.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}
