import fc from 'fast-check';

import type { PromptValue } from './context-keys.js';
import { fillingOf, promptFieldTypes } from './prompt-field.js';
import type { PromptFieldType } from './prompt-field.js';
import { checkedValue, valueInText } from './prompt-values.js';

const choices = ['one', '42', 'true'];
const check = (type: PromptFieldType, value: PromptValue) => checkedValue({ type, choices }, value);
const fileOf = (bytes: number) => `data:image/png;base64,${Buffer.alloc(bytes, 7).toString('base64')}`;
const MOST = Number.MAX_SAFE_INTEGER;

describe('a value of the type', () => {
  it.each<[PromptFieldType, PromptValue]>([
    ['TEXT', ' Ada <b>Lovelace</b> '],
    ['TEXT', 'x'.repeat(1000)],
    ['TEXT', '\u{1F600}'.repeat(1000)],
    ['TEXT_AREA', 'one\r\n\ttwo\n'],
    ['TEXT_AREA', 'x'.repeat(10_000)],
    ['USERNAME', 'ada'],
    ['EMAIL', 'ada@example.org'],
    ['PASSWORD', ' \t\u0007 not trimmed '],
    ['NUMBER', 0],
    ['NUMBER', -1.5],
    ['NUMBER', MOST],
    ['NUMBER', -MOST],
    ['CHECKBOX', true],
    ['CHECKBOX', false],
    ['RADIO_BUTTON_GROUP', 'one'],
    ['DROPDOWN', '42'],
    ['DATE', '2028-02-29'],
    ['DATE_TIME', '2030-12-31T23:59:59.999+14:00'],
    ['DATE_TIME', '2030-12-31T23:59:00Z'],
    ['FILE', fileOf(1)],
    ['FILE', fileOf(64 * 1024)],
    ['LOCALE', 'de-AT'],
    ['LOCALE', 'zh-Hant-TW'],
  ])('%s is kept as it is: %j', (type, value) => {
    expect(check(type, value)).toEqual({ ok: true, value });
  });

  it.each<[PromptFieldType, PromptValue, string]>([
    ['TEXT', 'two\nlines', 'INVALID'],
    ['TEXT', 'two\u2028lines', 'INVALID'],
    ['TEXT', 'bell\u0007', 'INVALID'],
    ['TEXT', 'a\0b', 'INVALID'],
    ['TEXT', 'x'.repeat(1001), 'TOO_LONG'],
    ['TEXT', 'x'.repeat(1_000_000), 'TOO_LONG'],
    ['TEXT_AREA', 'a\u0007', 'INVALID'],
    ['TEXT_AREA', 'x'.repeat(10_001), 'TOO_LONG'],
    ['USERNAME', 'a\nb', 'INVALID_USERNAME'],
    ['EMAIL', 'nowhere', 'INVALID_EMAIL'],
    ['EMAIL', 'ada@example.org\r\nBcc: eve@example.org', 'INVALID_EMAIL'],
    ['PASSWORD', 'x'.repeat(257), 'TOO_LONG'],
    ['PASSWORD', 'a\0b', 'INVALID'],
    ['NUMBER', '42', 'WRONG_TYPE'],
    ['NUMBER', MOST + 1, 'OUT_OF_RANGE'],
    ['NUMBER', Number.NaN, 'OUT_OF_RANGE'],
    ['NUMBER', Number.POSITIVE_INFINITY, 'OUT_OF_RANGE'],
    ['CHECKBOX', 'true', 'WRONG_TYPE'],
    ['CHECKBOX', 1, 'WRONG_TYPE'],
    ['DROPDOWN', 'One', 'NOT_A_CHOICE'],
    ['DROPDOWN', 'toString', 'NOT_A_CHOICE'],
    ['DROPDOWN', 42, 'WRONG_TYPE'],
    ['RADIO_BUTTON_GROUP', true, 'WRONG_TYPE'],
    ['DATE', '2027-02-29', 'INVALID_DATE'],
    ['DATE', '2030-13-01', 'INVALID_DATE'],
    ['DATE', '31.12.2030', 'INVALID_DATE'],
    ['DATE', '٢٠٣٠-١٢-٣١', 'INVALID_DATE'],
    ['DATE', '2030-12-31T00:00:00Z', 'INVALID_DATE'],
    ['DATE_TIME', '2030-12-31', 'INVALID_DATE'],
    ['DATE_TIME', '2030-12-31T23:59:59', 'INVALID_DATE'],
    ['DATE_TIME', '2030-12-31T24:00:00Z', 'INVALID_DATE'],
    ['DATE_TIME', '2030-02-30T12:00:00Z', 'INVALID_DATE'],
    ['DATE_TIME', `2030-12-31T23:59:59.${'9'.repeat(40)}Z`, 'TOO_LONG'],
    ['FILE', 'https://example.org/picture.png', 'INVALID_FILE'],
    ['FILE', 'data:image/png,raw', 'INVALID_FILE'],
    ['FILE', 'data:image/png;base64,', 'INVALID_FILE'],
    ['FILE', 'data:image/png;base64,####', 'INVALID_FILE'],
    ['FILE', 'data:image/png;base64,QQ', 'INVALID_FILE'],
    ['FILE', 'data:;base64,QQ==', 'INVALID_FILE'],
    ['FILE', 'data:text/html"><script>;base64,QQ==', 'INVALID_FILE'],
    ['FILE', fileOf(64 * 1024 + 1), 'FILE_TOO_LARGE'],
    ['FILE', fileOf(1_000_000), 'FILE_TOO_LARGE'],
    ['LOCALE', 'not a locale', 'INVALID_LOCALE'],
    ['LOCALE', 'de_AT', 'INVALID_LOCALE'],
    ['LOCALE', 'x'.repeat(101), 'TOO_LONG'],
  ])('%s is not %j', (type, value, code) => {
    expect(check(type, value)).toEqual({ ok: false, code });
  });

  it('LOCALE is kept in its canonical spelling', () => {
    expect(check('LOCALE', 'DE-at')).toEqual({ ok: true, value: 'de-AT' });
  });

  it('NUMBER has no negative zero, which JSON does not know', () => {
    expect(check('NUMBER', -0)).toEqual({ ok: true, value: 0 });
  });
});

const types = fc.constantFrom(...promptFieldTypes);
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...choices, 'de-AT', '2030-12-31', '2030-12-31T23:59:00Z', 'a@b.example', fileOf(3)),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .uint8Array({ minLength: 1, maxLength: 99 })
    .map((bytes) => `data:a/b;base64,${Buffer.from(bytes).toString('base64')}`),
  fc.double(),
  fc.integer(),
  fc.boolean(),
);

describe('whatever is given to a field', () => {
  it('is refused, or kept as a value of the field’s own kind that is accepted again and survives JSON', () => {
    const kinds = { text: 'string', number: 'number', checked: 'boolean', decided: 'none', nothing: 'none' };
    const kept = new Set<PromptFieldType>();
    fc.assert(
      fc.property(types, values, (type, value) => {
        const checked = check(type, value);
        if (!checked.ok) return;
        kept.add(type);
        expect(typeof checked.value).toBe(kinds[fillingOf(type)]);
        expect(JSON.parse(JSON.stringify(checked.value))).toEqual(checked.value);
        expect(check(type, checked.value)).toEqual(checked);
      }),
      { numRuns: 3000 },
    );
    // Otherwise the property would say nothing.
    expect(kept.size).toBeGreaterThan(8);
  });

  it.each(promptFieldTypes.filter((type) => ['decided', 'nothing'].includes(fillingOf(type))))(
    'is refused where nothing is filled in: %s',
    (type) => {
      for (const value of ['', 'x', 'one', 0, true]) {
        expect(check(type, value)).toEqual({ ok: false, code: 'UNKNOWN_FIELD' });
      }
    },
  );
});

describe('a value that is written as text', () => {
  it.each<[PromptFieldType, string, PromptValue | undefined]>([
    ['NUMBER', '-1.5', -1.5],
    ['NUMBER', '٣', undefined],
    ['NUMBER', '1e3', undefined],
    ['NUMBER', 'Infinity', undefined],
    ['CHECKBOX', 'true', true],
    ['CHECKBOX', 'false', false],
    ['CHECKBOX', 'yes', undefined],
    ['TEXT', 'true', 'true'],
    ['DROPDOWN', '42', '42'],
    ['DROPDOWN', '43', undefined],
  ])('stands for a value of the type %s: %s', (type, text, value) => {
    expect(valueInText({ type, choices }, text)).toEqual(value);
  });
});
