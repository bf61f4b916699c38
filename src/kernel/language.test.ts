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
  ])('are read from %p, the dearest first', (header, languages) => {
    expect(acceptedLanguages(header)).toEqual(languages);
  });
});
