import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const FIELD = `id name key label type required placeholder initialValue order helpText choices { value label }
  labelExpression placeholderExpression initialValueExpression choicesExpression`;
const UPDATE = `mutation($id: ID!, $input: UpdatePromptFieldInput!) {
  updatePromptField(id: $id, input: $input) { ${FIELD} }
}`;
const PREVIEW = `query($input: PreviewPromptFieldInput!) { previewPromptField(input: $input) {
  decidedValue field { key label type required placeholder initialValue helpText choices { value label } order }
} }`;

async function update(id: string, input: object): Promise<Execution> {
  return (await admin.ok(UPDATE, { id, input })).updatePromptField;
}

async function problems(document: string, variables: object): Promise<string[][]> {
  const { errors }: Execution = await admin.send(document, variables);
  const { code, fields } = errors[0].extensions;
  expect(code).toBe('BAD_USER_INPUT');
  return fields.map(({ path, code: what }: Execution) => [path, what]);
}

describe('the fields that administrators make', () => {
  const choices = [
    { value: 'a', label: 'A' },
    { value: 'b', label: '<b>B</b>' },
  ];

  it('keep choices and expressions, and change them one by one', async () => {
    const input = {
      ...{ name: 'a choice', key: 'attributes.choice', label: 'Choose', type: 'DROPDOWN' },
      ...{ choices, labelExpression: "'Choose'", choicesExpression: 'context.notes?.choices ?? null' },
    };
    const { createPromptField: made } = await admin.ok(
      `mutation($input: CreatePromptFieldInput!) { createPromptField(input: $input) { ${FIELD} } }`,
      { input },
    );
    expect(made).toMatchObject({ ...input, placeholderExpression: null, initialValueExpression: null });
    const change = { choices: [...choices].reverse(), labelExpression: null };
    expect(await update(made.id, change)).toEqual({ ...made, ...change });
    const { promptField } = await admin.ok(`query($id: ID) { promptField(id: $id) { ${FIELD} } }`, made);
    expect(promptField).toEqual({ ...made, ...change });
  });

  it.each<[string, object, string[][]]>([
    ['a label that is no expression', { labelExpression: '(' }, [['input.labelExpression', 'SYNTAX']]],
    ['an empty one', { labelExpression: '' }, [['input.labelExpression', 'TOO_SMALL']]],
    [
      'one that calls a policy',
      { initialValueExpression: "callPolicy('x').passing" },
      [['input.initialValueExpression', 'NOT_ALLOWED']],
    ],
    ['choices of text', { choices }, [['input.choices', 'INVALID']]],
    ['nothing to choose from', { type: 'DROPDOWN' }, [['input.choices', 'REQUIRED']]],
    [
      'a choice twice',
      { type: 'DROPDOWN', choices: [...choices, ...choices] },
      [['input.choices', 'REPEATED']],
    ],
    [
      'an initial value that does not fit',
      { type: 'NUMBER', initialValue: 'x' },
      [['input.initialValue', 'INVALID']],
    ],
    [
      'a key for everybody’s prototype',
      { key: 'a.__proto__' },
      [
        ['input.key', 'INVALID_FORMAT'],
        ['input.key', 'FORBIDDEN_KEY'],
      ],
    ],
    ['a key that objects inherit', { key: 'constructor' }, [['input.key', 'FORBIDDEN_KEY']]],
  ])('do not have %s: not made, not changed, not shown', async (_what, change, expected) => {
    const field = { name: 'never made', key: 'it', label: 'It', type: 'TEXT' };
    const create = 'mutation($input: CreatePromptFieldInput!) { createPromptField(input: $input) { id } }';
    expect(await problems(create, { input: { ...field, ...change } })).toEqual(expected);
    const id = await composer.promptField({ key: 'it', type: 'TEXT' });
    expect(await problems(UPDATE, { id, input: change })).toEqual(expected);
    const previewed = expected.map(([path, code]) => [path?.replace('input.', 'input.field.'), code]);
    expect(await problems(PREVIEW, { input: { field: { ...field, ...change } } })).toEqual(previewed);
  });

  it('cannot lose by a change what another attribute needs', async () => {
    const id = await composer.promptField({ key: 'it', type: 'DROPDOWN', choices });
    expect(await problems(UPDATE, { id, input: { choices: [] } })).toEqual([['input.choices', 'REQUIRED']]);
    expect(await problems(UPDATE, { id, input: { type: 'TEXT' } })).toEqual([['input.choices', 'INVALID']]);
    expect(await update(id, { type: 'TEXT', choices: [] })).toMatchObject({ type: 'TEXT', choices: [] });
  });

  it('can be looked at beforehand, for anybody and whatever is known', async () => {
    const { viewer } = await admin.ok(
      '{ viewer { id user { username } } }'.replace(' user { username }', ''),
    );
    const field = {
      ...{ name: 'a preview', key: 'it', label: 'It', type: 'HIDDEN' },
      labelExpression: "(user?.id ?? 'nobody') + context.promptData.other + request.clientIp",
      initialValueExpression: '7',
    };
    const input = {
      field,
      userId: viewer.id,
      clientIp: '203.0.113.9',
      context: { promptData: { other: 1 } },
    };
    const { previewPromptField: shown } = await admin.ok(PREVIEW, { input });
    expect(shown).toMatchObject({
      decidedValue: '7',
      field: { label: `${viewer.id}1203.0.113.9`, initialValue: '7', choices: [] },
    });
  });

  it('cannot be looked at where one of their expressions fails: that says which, and why', async () => {
    const field = {
      ...{ name: 'a preview', key: 'it', label: 'It', type: 'DROPDOWN', choices },
      ...{ labelExpression: 'null.length', choicesExpression: "'no list'" },
    };
    const { errors } = await admin.send(PREVIEW, { input: { field } });
    expect(errors[0]?.extensions.fields).toMatchObject([
      {
        path: 'input.field.labelExpression',
        code: 'EXPRESSION_FAILED',
        message: expect.stringMatching(/\S/),
      },
      { path: 'input.field.choicesExpression', code: 'EXPRESSION_FAILED' },
    ]);
  });
});
