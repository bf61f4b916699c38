import { promptField } from '../../test/support/prompt-fields.js';
import type { Json } from '../kernel/json.js';
import type { Compute } from './compute.js';
import type { PromptValue } from './context-keys.js';
import { promptFieldTypes } from './prompt-field.js';
import type { PromptFieldDefinition } from './prompt-field.js';
import { renderField } from './prompt-rendering.js';

/** Expressions are names of what they come to; failures are noted. */
function computing(results: Readonly<Record<string, Json>>, failures: string[] = []): Compute {
  return async ({ attribute }, expression, read) => {
    try {
      const value = results[expression];
      if (value === undefined) throw new Error('it throws');
      return read(value);
    } catch (error) {
      failures.push(`${attribute}: ${error instanceof Error ? error.message : ''}`);
      return undefined;
    }
  };
}

async function shown(
  field: PromptFieldDefinition,
  known: Readonly<Record<string, PromptValue>> = {},
  results: Readonly<Record<string, Json>> = {},
) {
  return (await renderField(field, known, computing(results)))?.shown;
}

const choices = [
  { value: 'de', label: 'Deutsch' },
  { value: 'en', label: 'English' },
];

describe('a field as it is shown', () => {
  it('has its key, label, placeholder, help text and order, as plain text whatever is in it', async () => {
    const html = '<img src=x onerror=alert(1)>';
    const also = { label: html, placeholder: html, helpText: html, initialValue: html, order: 3 };
    expect(await shown(promptField('nickname', 'TEXT', also))).toEqual({
      key: 'nickname',
      type: 'TEXT',
      required: true,
      choices: [],
      ...also,
    });
  });

  it.each(promptFieldTypes)('can be of every type, required or not: %s', async (type) => {
    for (const required of [true, false]) {
      expect(await shown(promptField('key', type, { required, choices }))).toMatchObject({ type });
    }
  });

  it('has no choices where its type has none', async () => {
    expect(await shown(promptField('key', 'TEXT', { choices }))).toMatchObject({ choices: [] });
  });

  it('need not be filled in where it cannot be', async () => {
    for (const type of ['STATIC', 'TEXT_READ_ONLY', 'HIDDEN', 'ALERT_INFO', 'SEPARATOR'] as const) {
      expect(await shown(promptField('key', type))).toMatchObject({ required: false });
    }
  });

  it('shows no password and no file, wherever one would come from', async () => {
    for (const type of ['PASSWORD', 'FILE'] as const) {
      const field = promptField('key', type, { initialValue: 'literal', initialValueExpression: 'same' });
      expect(await shown(field, { key: 'known' }, { same: 'computed' })).toMatchObject({ initialValue: '' });
    }
  });
});

describe('the initial value', () => {
  const field = promptField('key', 'TEXT', { initialValue: 'literal', initialValueExpression: 'works' });

  it('is what is known under the key, then what the expression comes to, then what is written', async () => {
    expect(await shown(field, { key: 'known' }, { works: 'computed' })).toMatchObject({
      initialValue: 'known',
    });
    expect(await shown(field, {}, { works: 'computed' })).toMatchObject({ initialValue: 'computed' });
    expect(await shown(field, {}, {})).toMatchObject({ initialValue: 'literal' });
    expect(await shown(field, {}, { works: null })).toMatchObject({ initialValue: 'literal' });
  });

  it('is nothing that every object inherits', async () => {
    expect(await shown(promptField('toString', 'TEXT'))).toMatchObject({ initialValue: '' });
  });

  it.each([
    ['NUMBER', 7, '7'],
    ['NUMBER', 'seven', ''],
    ['CHECKBOX', true, 'true'],
    ['CHECKBOX', 'on', ''],
    ['DATE', 'tomorrow', ''],
    ['TEXT', 7, '7'],
  ] as const)('of the type %s passes over what does not fit: %j', async (type, known, initialValue) => {
    expect(await shown(promptField('key', type), { key: known })).toMatchObject({ initialValue });
  });

  it.each([[{ an: 'object' }], [['list']], ['two\nlines'], ['x'.repeat(10_001)], ['\uD800']])(
    'is not %j, and that is told',
    async (value) => {
      const failures: string[] = [];
      const rendered = await renderField(field, {}, computing({ works: value }, failures));
      expect(rendered?.shown.initialValue).toBe('literal');
      expect(failures).toEqual([expect.stringMatching(/^initialValue: /)]);
    },
  );

  it('of what only shows something is nobody’s answer, even if that has the same key', async () => {
    const heading = promptField('key', 'STATIC', { initialValue: 'Welcome' });
    expect(await shown(heading, { key: 'typed' })).toMatchObject({ initialValue: 'Welcome' });
  });
});

describe('label and placeholder', () => {
  const field = promptField('key', 'TEXT', {
    ...{ label: 'literal', labelExpression: 'works', placeholder: 'written', placeholderExpression: 'works' },
  });

  it('are what their expressions come to, and never what is known under the key', async () => {
    const computedTexts = { label: 'Hello', placeholder: 'Hello' };
    expect(await shown(field, { key: 'known' }, { works: 'Hello' })).toMatchObject(computedTexts);
  });

  it('are what is written where the expression fails, is too long or no text', async () => {
    for (const works of [undefined, 'x'.repeat(501), ['Hello'], '\0']) {
      const results = works === undefined ? {} : { works };
      expect(await shown(field, {}, results)).toMatchObject({ label: 'literal', placeholder: 'written' });
    }
  });

  it('of what has choices has no placeholder', async () => {
    const dropdown = promptField('key', 'DROPDOWN', { choices, placeholder: 'written' });
    expect(await shown(dropdown)).toMatchObject({ placeholder: '' });
  });
});

describe('choices', () => {
  const literal = promptField('key', 'DROPDOWN', { choices });
  const worked = promptField('key', 'RADIO_BUTTON_GROUP', { choicesExpression: 'works' });
  const texts = (...values: string[]) => values.map((value) => ({ value, label: value }));

  it.each<[string, Json, object[]]>([
    ['one', ['only'], texts('only')],
    ['values of any kind, as texts', ['test', true, 42], texts('test', 'true', '42')],
    [
      'values with labels',
      [{ value: 1, label: 'One' }, 'two'],
      [{ value: '1', label: 'One' }, ...texts('two')],
    ],
  ])('can be %s', async (_what, works, expected) => {
    const [first] = expected;
    expect(await shown(worked, {}, { works })).toMatchObject({ choices: expected });
    expect(await shown(worked, {}, { works })).toMatchObject({ initialValue: Object.values(first ?? {})[0] });
  });

  it('take the place of those that are written', async () => {
    const both = { ...literal, choicesExpression: 'works' };
    expect(await shown(both, {}, { works: ['fr'] })).toMatchObject({ choices: texts('fr') });
  });

  it.each<[string, Json | undefined]>([
    ['fails', undefined],
    ['is no list', 'fr'],
    ['has one twice', ['fr', 'fr']],
    ['has nothing in it', ['fr', '']],
    ['has too many', Array.from({ length: 201 }, (_, index) => index)],
    ['has something else in it', [{ value: 'fr', label: 'Français', extra: 1 }]],
  ])(
    'stand as they are written where the expression %s; without any there is no form',
    async (_why, works) => {
      const results = works === undefined ? {} : { works };
      expect(await shown({ ...literal, choicesExpression: 'works' }, {}, results)).toMatchObject({ choices });
      expect(await shown(worked, {}, results)).toBeUndefined();
    },
  );

  it('can be none where none has to be made', async () => {
    expect(await shown(worked, {}, { works: [] })).toBeUndefined();
    const optional = { ...worked, required: false };
    expect(await shown(optional, {}, { works: [] })).toMatchObject({ choices: [], initialValue: '' });
  });

  it('hold the first one where nothing says otherwise, or what does is none of them', async () => {
    expect(await shown(literal)).toMatchObject({ initialValue: 'de' });
    expect(await shown({ ...literal, initialValue: 'en' })).toMatchObject({ initialValue: 'en' });
    expect(await shown({ ...literal, initialValue: 'fr' })).toMatchObject({ initialValue: 'de' });
    expect(await shown(literal, { key: 'en' })).toMatchObject({ initialValue: 'en' });
    expect(await shown(literal, { key: 'fr' })).toMatchObject({ initialValue: 'de' });
    const computedOne = { ...literal, initialValueExpression: 'works' };
    expect(await shown(computedOne, {}, { works: 'en' })).toMatchObject({ initialValue: 'en' });
    expect(await shown(computedOne, {}, { works: 'fr' })).toMatchObject({ initialValue: 'de' });
  });

  it('are never what somebody has put under a similar key', async () => {
    expect(await shown(literal, { key__choices: 'fr' })).toMatchObject({ choices });
  });
});

describe('what the server decides', () => {
  it.each(['HIDDEN', 'TEXT_READ_ONLY', 'TEXT_AREA_READ_ONLY'] as const)(
    'is worked out for %s',
    async (type) => {
      const field = promptField('key', type, { initialValue: 'literal', initialValueExpression: 'works' });
      const decided = async (known: Readonly<Record<string, PromptValue>>, works: Json) =>
        (await renderField(field, known, computing({ works })))?.decided;
      expect(await decided({ key: 'known' }, true)).toBe('known');
      expect(await decided({}, true)).toBe(true);
      expect(await decided({}, 7)).toBe(7);
      expect(await decided({}, null)).toBe('literal');
    },
  );

  it('is nothing where there is nothing', async () => {
    expect((await renderField(promptField('key', 'TEXT_READ_ONLY'), {}, computing({})))?.decided).toBeNull();
  });

  it('is nothing where the person fills it in, or it only shows something', async () => {
    for (const type of ['TEXT', 'STATIC', 'ALERT_DANGER'] as const) {
      const field = promptField('key', type, { initialValue: 'literal' });
      expect((await renderField(field, { key: 'known' }, computing({})))?.decided).toBeNull();
    }
  });
});
