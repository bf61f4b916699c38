import speakeasy from 'speakeasy';

import type { Secret } from '../../kernel/secret.js';

/** How long one code is good, and how many before and after it are taken: clocks differ, and people take their time. */
export const STEP_SECONDS = 30;
const WINDOW = 1;

export type Digits = 6 | 8;

/**
 * The step whose code this is, of those around `now` that come after `lastStep` (RFC 6238, section 5.2: no code is taken
 * twice); undefined where it is none of them. Each of them is compared, whichever is right. The only file that knows
 * speakeasy, which is maintained no longer: it works out one code for one step, and nothing else of it is relied on.
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

/** The code of one step, by a secret in base32. */
export function codeAt(secret: Secret, digits: Digits, step: number): string {
  return speakeasy.hotp({ secret: secret.reveal(), encoding: 'base32', counter: step, digits });
}

/** Looks at every character, whatever it finds. */
function same(right: string, given: string): boolean {
  if (given.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < right.length; index += 1)
    difference |= right.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}
