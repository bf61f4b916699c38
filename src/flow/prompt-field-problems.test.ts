import { promptField } from '../../test/support/prompt-fields.js';
import { promptFieldFields, promptFieldKey } from './definition-rules.js';
import { promptFieldProblems } from './prompt-field-problems.js';
import type { PromptFieldDefinition, PromptFieldType } from './prompt-field.js';

/** What is broken is written so; policies are called by what names them. */
const expressions = {
  check: (source: string) => (source === 'broken' ? { message: 'No.', line: 1, column: 2 } : undefined),
  mentions: (source: string) => ({ calls: source === 'calls' ? ['other'] : [], paths: [] }),
};

const problemsOf = (type: PromptFieldType, also: Partial<PromptFieldDefinition> = {}): string[][] =>
  promptFieldProblems(promptField('key', type, also), expressions).map(({ path, code }) => [path, code]);

const choices = [{ value: 'a', label: 'A' }];

describe('a field as a whole', () => {
  it.each(['labelExpression', 'placeholderExpression', 'initialValueExpression'] as const)(
    'has an expression that can be run, and calls no policy: %s',
    (path) => {
      expect(problemsOf('TEXT', { [path]: 'fine' })).toEqual([]);
      expect(problemsOf('TEXT', { [path]: 'broken' })).toEqual([[path, 'SYNTAX']]);
      expect(problemsOf('TEXT', { [path]: 'calls' })).toEqual([[path, 'NOT_ALLOWED']]);
    },
  );

  it('has something to choose from if, and only if, something is chosen', () => {
    expect(problemsOf('DROPDOWN')).toEqual([['choices', 'REQUIRED']]);
    expect(problemsOf('DROPDOWN', { choices })).toEqual([]);
    expect(problemsOf('RADIO_BUTTON_GROUP', { choicesExpression: 'fine' })).toEqual([]);
    expect(problemsOf('DROPDOWN', { choices, choicesExpression: 'broken' })).toEqual([
      ['choicesExpression', 'SYNTAX'],
    ]);
    expect(problemsOf('TEXT', { choices, choicesExpression: 'fine' })).toEqual([
      ['choices', 'INVALID'],
      ['choicesExpression', 'INVALID'],
    ]);
  });

  it.each<[PromptFieldType, string, string]>([
    ['NUMBER', '7', 'seven'],
    ['CHECKBOX', 'true', 'on'],
    ['DATE', '2030-12-31', 'tomorrow'],
    ['DATE_TIME', '2030-12-31T00:00:00Z', '2030-12-31'],
    ['LOCALE', 'de', 'German'.repeat(3)],
    ['EMAIL', 'ada@example.org', 'ada'],
    ['TEXT', 'one line', 'two\nlines'],
  ])('of the type %s holds %s at first, and not %s', (type, right, wrong) => {
    expect(problemsOf(type, { initialValue: right })).toEqual([]);
    expect(problemsOf(type, { initialValue: wrong })).toEqual([['initialValue', 'INVALID']]);
  });

  it('never shows a password or a file', () => {
    for (const type of ['PASSWORD', 'FILE'] as const) {
      expect(problemsOf(type, { initialValue: 'x', initialValueExpression: 'fine' })).toEqual([
        ['initialValue', 'INVALID'],
        ['initialValueExpression', 'INVALID'],
      ]);
    }
  });

  it('says anything at all where nothing is filled in', () => {
    for (const type of ['STATIC', 'ALERT_INFO', 'HIDDEN', 'TEXT_AREA_READ_ONLY'] as const) {
      expect(problemsOf(type, { initialValue: '<b>two</b>\nlines' })).toEqual([]);
    }
  });
});

describe('the key of a field', () => {
  it.each(['a', 'userName2', 'attributes.settings.locale', `a${'b'.repeat(99)}`, 'a.B_c'])(
    'can be %s',
    (key) => {
      expect(promptFieldKey.safeParse(key).success).toBe(true);
    },
  );

  it.each([
    ...['', 'A', '1a', 'a b', 'a-b', 'a.', '.a', 'a..b', 'a.1', 'a\n', 'ä', 'a\0', `a${'b'.repeat(100)}`],
    ...['__proto__', 'a.__proto__', 'constructor', 'a.constructor', 'a.constructor.b', 'prototype'],
    ...['a.prototype', 'toString', 'a.hasOwnProperty', 'valueOf', 'a.b.c.d.e.f.g.h.i.j.k.l'],
  ])('is never %j', (key) => {
    expect(promptFieldKey.safeParse(key).success).toBe(false);
  });
});

describe('the choices of a field', () => {
  const shape = promptFieldFields.shape.choices;

  it.each<[string, unknown]>([
    ['a value twice', [...choices, ...choices]],
    ['an empty value', [{ value: '', label: 'A' }]],
    ['a value without a label', [{ value: 'a' }]],
    ['something else', [{ value: 'a', label: 'A', selected: true }]],
    ['what cannot be stored', [{ value: 'a\0', label: 'A' }]],
    ['too many', Array.from({ length: 201 }, (_, index) => ({ value: `${index}`, label: 'A' }))],
  ])('do not have %s', (_what, value) => {
    expect(shape.safeParse(value).success).toBe(false);
  });
});
