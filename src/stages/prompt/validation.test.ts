import { promptField } from '../../../test/support/prompt-fields.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { fillingOf, promptFieldTypes } from '../../flow/prompt-field.js';
import type { PromptFieldType } from '../../flow/prompt-field.js';
import type { Users } from '../../flow/services/users.js';
import type { AskedField } from './form.js';
import { collect } from './validation.js';

const nobodyAsks = () => Promise.reject(new Error('nobody asks that'));
const users: Users = {
  byId: nobodyAsks,
  byIdentifier: nobodyAsks,
  groupWithParents: nobodyAsks,
  // Ada’s name is hers.
  taken: async ({ username }, except) => (username === 'ada' && except !== 'id-of-ada' ? ['USERNAME'] : []),
};

function asked(key: string, type: PromptFieldType, also: Partial<AskedField> = {}): AskedField {
  const { id, version, required } = promptField(key, type);
  return { id, version, key, type, required, choices: ['de', 'en'], decided: null, ...also };
}

async function collected(
  fields: readonly AskedField[],
  values: readonly (readonly [string, PromptValue])[],
  userId: string | null = null,
): Promise<object> {
  const author = { userId, addresses: userId === null ? [] : ['ada@example.org'] };
  const result = await collect(fields, new Map(values), author, users);
  return result.ok
    ? { open: result.open, passwords: result.passwords }
    : result.errors.map(({ field, code }) => [field, code]);
}

const optional = { required: false };
const good: Readonly<Partial<Record<PromptFieldType, PromptValue>>> = {
  TEXT: 'Ada',
  TEXT_AREA: 'one\ntwo',
  USERNAME: 'bob',
  EMAIL: 'bob@example.org',
  PASSWORD: ' a password ',
  NUMBER: 7.5,
  CHECKBOX: true,
  RADIO_BUTTON_GROUP: 'de',
  DROPDOWN: 'en',
  DATE: '2030-12-31',
  DATE_TIME: '2030-12-31T23:59:59Z',
  FILE: 'data:text/plain;base64,QQ==',
  LOCALE: 'de-AT',
};
const fillable = promptFieldTypes.filter((type) => good[type] !== undefined);
const others = promptFieldTypes.filter((type) => good[type] === undefined);

describe.each(fillable)('a field of the type %s', (type) => {
  const value = good[type] ?? '';

  it('collects what is filled in, under its key, passwords apart', async () => {
    const key = 'attributes.settings.it';
    const expected = { [key]: value };
    expect(await collected([asked(key, type)], [[key, value]])).toEqual(
      type === 'PASSWORD' ? { open: {}, passwords: expected } : { open: expected, passwords: {} },
    );
  });

  it('has to be filled in only where it is required', async () => {
    expect(await collected([asked('it', type)], [])).toEqual([['values.it', 'REQUIRED']]);
    const nothing = type === 'CHECKBOX' ? { it: false } : {};
    expect(await collected([asked('it', type, optional)], [])).toEqual({ open: nothing, passwords: {} });
  });

  it('takes no value of another kind', async () => {
    for (const wrong of ['text', 7, true].filter((other) => typeof other !== typeof value)) {
      expect(await collected([asked('it', type, optional)], [['it', wrong]])).toEqual([
        ['values.it', 'WRONG_TYPE'],
      ]);
    }
  });
});

it.each(others)('nothing can be sent for a field of the type %s', async (type) => {
  const field = asked('it', type, { decided: 'decided' });
  for (const value of ['decided', '', 7, true]) {
    expect(await collected([field], [['it', value]])).toEqual([['values.it', 'UNKNOWN_FIELD']]);
  }
  expect(await collected([field], [])).toEqual({ open: {}, passwords: {} });
  expect(['decided', 'nothing']).toContain(fillingOf(type));
});

describe('a form', () => {
  it('takes nothing that it does not ask for', async () => {
    const intruders = ['isSuperuser', 'groups', '__proto__', 'constructor', 'toString', 'it.it', 'IT', ''];
    const values = intruders.map((key) => [key, 'x'] as const);
    expect(await collected([asked('it', 'TEXT', optional)], values)).toEqual(
      intruders.map((key) => [`values.${key}`, 'UNKNOWN_FIELD']),
    );
  });

  it('tells what is wrong of each field', async () => {
    const fields = [asked('one', 'DATE'), asked('two', 'DROPDOWN'), asked('three', 'NUMBER')];
    expect(
      await collected(fields, [
        ['one', 'soon'],
        ['two', 'fr'],
      ]),
    ).toEqual([
      ['values.one', 'INVALID_DATE'],
      ['values.two', 'NOT_A_CHOICE'],
      ['values.three', 'REQUIRED'],
    ]);
  });

  it('takes a box that has to be ticked only where it is', async () => {
    expect(await collected([asked('terms', 'CHECKBOX')], [['terms', false]])).toEqual([
      ['values.terms', 'REQUIRED'],
    ]);
    expect(await collected([asked('terms', 'CHECKBOX', optional)], [['terms', false]])).toEqual({
      ...{ open: { terms: false }, passwords: {} },
    });
  });

  it('takes white space alone for nothing, but in a password', async () => {
    expect(await collected([asked('it', 'TEXT')], [['it', ' \t ']])).toEqual([['values.it', 'REQUIRED']]);
    expect(await collected([asked('it', 'TEXT', optional)], [['it', '  ']])).toMatchObject({ open: {} });
    expect(await collected([asked('it', 'PASSWORD')], [['it', '  ']])).toMatchObject({
      passwords: { it: '  ' },
    });
  });

  it('takes a username that is taken from its owner alone', async () => {
    const fields = [asked('username', 'USERNAME')];
    expect(await collected(fields, [['username', 'ada']])).toEqual([['values.username', 'TAKEN']]);
    expect(await collected(fields, [['username', 'ada']], 'id-of-ada')).toMatchObject({
      open: { username: 'ada' },
    });
  });
});

describe('the passwords of a form', () => {
  const fields = ['one', 'two', 'three'].map((key) => asked(key, 'PASSWORD', optional));

  it('are all the same one, however many, to the last space', async () => {
    const same = { one: 'secret ', two: 'secret ', three: 'secret ' };
    expect(await collected(fields, Object.entries(same))).toEqual({ open: {}, passwords: same });
    for (const key of ['two', 'three']) {
      expect(await collected(fields, Object.entries({ ...same, [key]: 'secret' }))).toEqual([
        [`values.${key}`, 'MISMATCH'],
      ]);
    }
  });

  it('are not the same where one is left out', async () => {
    expect(
      await collected(fields, [
        ['one', 'secret'],
        ['two', 'secret'],
      ]),
    ).toEqual([['values.three', 'MISMATCH']]);
    expect(await collected(fields, [['two', 'secret']])).toEqual([['values.two', 'MISMATCH']]);
  });

  it('can all be left out where none has to be there', async () => {
    expect(await collected(fields, [])).toEqual({ open: {}, passwords: {} });
  });
});

describe('a username that is an e-mail address', () => {
  const username = [asked('username', 'USERNAME')];
  const form = [...username, asked('email', 'EMAIL', optional)];

  it.each(['eve@example.org', 'EVE@example.org', 'eve＠example.org'])(
    'tells nothing of %s, whether or not somebody has it: it is refused before anybody looks',
    async (address) => {
      const refused = [['values.username', 'NOT_YOUR_ADDRESS']];
      expect(await collected(username, [['username', address]])).toEqual(refused);
    },
  );

  it('can be the address that the form has besides, or that of the account', async () => {
    const values = [
      ['username', 'Eve@example.org'],
      ['email', 'eve@example.org'],
    ] as const;
    expect(await collected(form, values)).toMatchObject({ open: { username: 'Eve@example.org' } });
    const own = [['username', 'ada@example.org']] as const;
    expect(await collected(username, own, 'id-of-ada')).toMatchObject({
      open: { username: 'ada@example.org' },
    });
  });
});
