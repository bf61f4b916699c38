import { acceptedLanguages } from './language.js';

describe('the languages that a client accepts', () => {
  it.each([
    ['', []],
    ['de', ['de']],
    ['de-AT, de;q=0.9, en;q=0.8', ['de-AT', 'de', 'en']],
    ['en;q=0.2, de;q=0.7', ['de', 'en']],
    ['*;q=0.5, fr', ['fr']],
    ['de;q=0, en', ['en']],
    ['<script>, en;q=x, de', ['de']],
    ['DE-at', ['DE-at']],
    ['en;level=1;q=0.1, de', ['de', 'en']],
    ['en;q=-1, de;q=NaN, fr;q=', []],
    ['en\r\nSet-Cookie: a=b, de', ['de']],
    ['x-klingon, en', ['en']],
    [',;,=,;q=1', []],
  ])('are read from %p, the dearest first', (header, languages) => {
    expect(acceptedLanguages(header)).toEqual(languages);
  });
});
