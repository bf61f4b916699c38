import { momentText } from './moment.js';

describe('a moment', () => {
  it.each([
    '2030-01-01T00:00:00Z',
    '2030-01-01T00:00:00.123+02:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('can be %s', (text) => {
    expect(momentText.safeParse(text).success).toBe(true);
  });

  it.each([
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+010000-01-01T00:00:00Z',
    '2030-01-01',
    '2030-02-30T00:00:00Z',
    '',
  ])('cannot be %j', (text) => {
    expect(momentText.safeParse(text).success).toBe(false);
  });
});
