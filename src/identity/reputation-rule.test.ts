import fc from 'fast-check';

import { HIGHEST_SCORE, LOWEST_SCORE, scoreAfter, scoresAfter } from './reputation-rule.js';

const score = fc.integer({ min: LOWEST_SCORE, max: HIGHEST_SCORE });
const behaviour = fc.constantFrom('WELL' as const, 'BADLY' as const);

describe('a score', () => {
  it.each([
    ['BADLY', [0, -1, -4, -5, 4, 5], [-1, -2, -5, -5, 3, 4]],
    ['WELL', [0, 1, 4, 5, -1, -5], [1, 2, 5, 5, 0, 0]],
  ] as const)('after somebody behaved %s', (behaved, before, after) => {
    expect(before.map((one) => scoreAfter(one, behaved))).toEqual(after);
  });

  it('stays between the bounds, from wherever it comes', () => {
    fc.assert(
      fc.property(fc.integer(), behaviour, (from, behaved) => {
        expect(scoreAfter(from, behaved)).toBeGreaterThanOrEqual(LOWEST_SCORE);
        expect(scoreAfter(from, behaved)).toBeLessThanOrEqual(HIGHEST_SCORE);
      }),
    );
  });

  it('gets no better by what is bad, and no worse by what is good', () => {
    fc.assert(
      fc.property(score, (from) => {
        expect(scoreAfter(from, 'BADLY')).toBeLessThanOrEqual(from);
        expect(scoreAfter(from, 'WELL')).toBeGreaterThanOrEqual(from);
      }),
    );
  });

  it('is listed for each one before', () => {
    expect(scoresAfter('BADLY')).toEqual([-5, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect(scoresAfter('WELL')).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5]);
  });
});
