import { masked, numberIn } from './number.js';

describe('a number', () => {
  it.each([
    ['+49 151 23456789', '+4915123456789'],
    ['+49 (151) 234-567-89', '+4915123456789'],
    ['+1.500.555.0006', '+15005550006'],
    ['\u202A+49 151 23456789\u202C', '+4915123456789'],
    ['+49\u00A0151\u00A023456789', '+4915123456789'],
    ['+1234567', '+1234567'],
    ['+123456789012345', '+123456789012345'],
  ])('may be typed as people write it: %j', (typed, number) => expect(numberIn(typed)).toBe(number));

  it.each([
    ...['', ' ', '+', '015123456789', '004915123456789', '4915123456789', '+0151234567', '+123456'],
    ...[
      '+1234567890123456',
      '+49151CALLME',
      '+49151234567890,+4915199999999',
      '+٤٩١٥١٢٣٤٥٦٧',
      '＋4915123456789',
    ],
    ...[
      '+49151234567\r\nX-Evil: 1',
      '+4915123\n456789',
      '+49151234567\0',
      '+4915123456789 ext. 5',
      '++4915123456789',
    ],
    ...['tel:+4915123456789', '+49e15123456', '+9'.repeat(5000)],
  ])('is not %j', (typed) => expect(numberIn(typed)).toBeUndefined());

  it.each([
    ['+4915123456789', '+49••••••••789'],
    ['+15005550006', '+15••••••006'],
    ['+1234567', '+12•••67'],
  ])('%s is shown as %s', (number, shown) => expect(masked(number)).toBe(shown));

  it('never shows more than half of itself', () => {
    for (let digits = 7; digits <= 15; digits += 1) {
      const shown = masked(`+${'123456789012345'.slice(0, digits)}`);
      expect(shown.replaceAll(/[^\d]/g, '').length).toBeLessThanOrEqual(Math.ceil((digits + 1) / 2));
      expect(shown).toHaveLength(digits + 1);
    }
  });
});
