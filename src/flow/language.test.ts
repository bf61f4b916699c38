import type { Json } from '../kernel/json.js';
import { languageFor } from './language.js';

describe('somebody is written to', () => {
  const german = { language: 'DE' } as const;

  it('in the language that they have chosen, whatever their client asks for', () => {
    expect(languageFor({ attributes: { settings: { locale: 'en' } } }, ['de'], german)).toBe('EN');
    expect(languageFor({ attributes: { settings: { locale: 'de_AT' } } }, ['en'], { language: 'EN' })).toBe(
      'DE',
    );
    expect(languageFor({ attributes: { settings: { locale: 'EN-gb' } } }, [], german)).toBe('EN');
  });

  it('else in the first that their client asks for and that is spoken here', () => {
    expect(languageFor(undefined, ['fr', 'en-US', 'de'], german)).toBe('EN');
    expect(languageFor({ attributes: {} }, ['de'], { language: 'EN' })).toBe('DE');
  });

  it('else in that of the house', () => {
    expect(languageFor(undefined, [], german)).toBe('DE');
    expect(languageFor(undefined, ['fr', 'es'], { language: 'EN' })).toBe('EN');
  });

  it.each<[string, Json]>([
    ['another language', 'fr'],
    ['what only begins like one', 'english'],
    ['nothing', ''],
    ['a prototype', '__proto__'],
    ['a header', 'en\r\nBcc: eve@example.org'],
    ['a path', '../en'],
    ['no text', 7],
    ['null', null],
    ['a list', ['en']],
  ])('and having chosen %s is having chosen none', (_what, locale) => {
    expect(languageFor({ attributes: { settings: { locale } } }, ['de'], { language: 'EN' })).toBe('DE');
  });

  it.each([{}, { settings: null }, { settings: 'en' }, { settings: [] }])(
    'and attributes such as %j choose nothing',
    (attributes) => expect(languageFor({ attributes }, [], german)).toBe('DE'),
  );
});
