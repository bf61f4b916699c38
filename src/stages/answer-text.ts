import { z } from 'zod';

import { codePointLength, isStorableText } from '../kernel/text.js';

const LONGEST_PASSWORD = 256;

/** Text that a person types. */
export function typedText(longest: number) {
  return z.string().min(1).max(longest, { abort: true }).refine(isStorableText);
}

/** A password as it is typed: any characters, up to 256 code points; nothing is trimmed or changed. */
export const typedPassword = typedText(LONGEST_PASSWORD * 2).check(({ value, issues }) => {
  if (codePointLength(value) <= LONGEST_PASSWORD) return;
  issues.push({
    code: 'too_big',
    origin: 'string',
    maximum: LONGEST_PASSWORD,
    inclusive: true,
    input: value,
  });
});
