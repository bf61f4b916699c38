import fc from 'fast-check';

import { durationOf, durationSeconds, durationText } from './duration.js';

describe('a duration', () => {
  it.each([
    ['PT0S', 0],
    ['PT1S', 1],
    ['PT30M', 1800],
    ['PT1H30M', 5400],
    ['P1D', 86_400],
    ['P1DT12H', 129_600],
    ['P2W', 1_209_600],
    ['P30D', 2_592_000],
    ['P400D', 34_560_000],
    ['P36500D', 3_153_600_000],
  ])('%s lasts %d seconds', (text, seconds) => {
    expect(durationText.parse(text)).toBe(text);
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '1D',
    'P1M',
    'P1Y',
    'PT1.5H',
    'PT1,5H',
    'P-1D',
    '-P1D',
    '+P1D',
    'p1d',
    'P1DT',
    'P 1D',
    'P1D ',
    'P1D\n',
    'PT1M1H',
    'P１D',
    'P36501D',
    'P99999999999999999999999D',
    `PT${'9'.repeat(400)}S`,
    '3600',
  ])('%j is none', (text) => {
    expect(durationText.safeParse(text).success).toBe(false);
    expect(() => durationSeconds(text)).toThrow(RangeError);
  });

  it('lasts as long as its parts together, whenever and wherever it begins', () => {
    const part = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(part, part, part, part, part, (weeks, days, hours, minutes, seconds) => {
        const text = `P${weeks}W${days}DT${hours}H${minutes}M${seconds}S`;
        const total = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
        expect(durationSeconds(text)).toBe(total);
      }),
    );
  });
});

describe('so many seconds', () => {
  it.each([
    [0, 'PT0S'],
    [59, 'PT59S'],
    [900, 'PT15M'],
    [3661, 'PT1H1M1S'],
    [43_200, 'PT12H'],
    [31_536_000, 'P365D'],
    [90_000, 'P1DT1H'],
  ])('%d are %s', (seconds, text) => {
    expect(durationOf(seconds)).toBe(text);
  });

  it('are as many as the text says', () => {
    fc.assert(
      fc.property(fc.nat(100 * 365 * 24 * 3600), (seconds) => {
        expect(durationSeconds(durationText.parse(durationOf(seconds)))).toBe(seconds);
      }),
    );
  });
});
