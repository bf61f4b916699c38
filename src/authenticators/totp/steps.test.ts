import fc from 'fast-check';

import { base32 } from '../../kernel/base32.js';
import { Secret } from '../../kernel/secret.js';
import { STEP_SECONDS, codeAt } from './code.js';
import { stepOf } from './steps.js';

/** Of the vectors of RFC 6238, Appendix B, for SHA-1. */
const SECRET = new Secret(base32(Buffer.from('12345678901234567890')));
const VECTORS = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const;

const NOW_STEP = 61_000_000;
const at = (seconds: number): Date => new Date(seconds * 1000);
const NOW = at(NOW_STEP * STEP_SECONDS + 7);

describe('the codes of an authenticator app', () => {
  it.each(VECTORS)('at %p are those of RFC 6238, with eight digits and with six', (seconds, code) => {
    const step = Math.floor(seconds / 30);
    expect(stepOf(code, SECRET, 8, at(seconds), -1)).toBe(step);
    expect(stepOf(code.slice(2), SECRET, 6, at(seconds), -1)).toBe(step);
    expect(stepOf(code, SECRET, 6, at(seconds), -1)).toBeUndefined();
  });

  it('are good in the step before and the one after as well, and in no other', () => {
    const accepted = Array.from({ length: 21 }, (_, index) => index - 10).filter(
      (distance) => stepOf(codeAt(SECRET, 6, NOW_STEP + distance), SECRET, 6, NOW, -1) !== undefined,
    );
    expect(accepted).toEqual([-1, 0, 1]);
  });

  it('are good in no step that is not later than the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (distance, last) => {
        const step = NOW_STEP + distance;
        const found = stepOf(codeAt(SECRET, 8, step), SECRET, 8, NOW, NOW_STEP + last);
        expect(found).toBe(Math.abs(distance) <= 1 && distance > last ? step : undefined);
      }),
    );
  });

  it('are nobody else’s, and nothing else is one of them', () => {
    const right = new Set([-1, 0, 1].map((distance) => codeAt(SECRET, 6, NOW_STEP + distance)));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{6}$/)), (typed) => {
        expect(stepOf(typed, SECRET, 6, NOW, -1) !== undefined).toBe(right.has(typed));
      }),
      { numRuns: 500 },
    );
  });
});
