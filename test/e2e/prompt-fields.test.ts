import { Composer, filledIn } from '../support/compose.js';
import { signedIn, start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

type Value = string | number | boolean;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const native = (slug: string) => start(app.client(), { flow: { slug }, client: 'NATIVE' });
const answer = (form: Execution, values: Readonly<Record<string, Value>>): Promise<Execution> =>
  submit(app.client(), form, filledIn(values));
const errorsOf = ({ step }: Execution): string[][] =>
  step.errors.map(({ field, code }: Execution) => [field, code]);
const dataOf = async ({ id }: Execution): Promise<Execution> =>
  (await inspect(admin, { id })).context.promptData;
const expression = (source: string) => ({ expression: { expression: source } });

/** Forms of new fields, one after the other, and a stage that shows that they have been passed. */
async function flowOf(...forms: readonly (readonly object[])[]): Promise<string> {
  const prompts: object[] = [];
  for (const fields of forms) {
    const fieldIds: string[] = [];
    for (const [order, field] of fields.entries()) {
      fieldIds.push(await composer.promptField({ order, ...field }));
    }
    prompts.push({ prompt: { fieldIds } });
  }
  return (await composer.flowOf({}, ...prompts, { dummy: {} })).slug;
}

const everyField = [
  { key: 'text', type: 'TEXT' },
  { key: 'area', type: 'TEXT_AREA' },
  { key: 'seat', type: 'TEXT_READ_ONLY', initialValue: '1A' },
  { key: 'rules', type: 'TEXT_AREA_READ_ONLY', initialValue: 'Be\nkind.' },
  { key: 'username', type: 'USERNAME' },
  { key: 'email', type: 'EMAIL' },
  { key: 'password', type: 'PASSWORD' },
  { key: 'passwordRepeat', type: 'PASSWORD' },
  { key: 'age', type: 'NUMBER' },
  { key: 'terms', type: 'CHECKBOX' },
  { key: 'size', type: 'RADIO_BUTTON_GROUP', choices: [{ value: 's', label: 'Small' }] },
  { key: 'country', type: 'DROPDOWN', choicesExpression: "['AT', { value: 'DE', label: 'Germany' }]" },
  { key: 'born', type: 'DATE' },
  { key: 'arrival', type: 'DATE_TIME' },
  { key: 'picture', type: 'FILE' },
  { key: 'line', type: 'SEPARATOR' },
  { key: 'plan', type: 'HIDDEN', initialValueExpression: "user === null ? 'basic' : 'gold'" },
  { key: 'header', type: 'STATIC', initialValue: '<h1>Welcome</h1>' },
  { key: 'info', type: 'ALERT_INFO', initialValue: 'So it is.' },
  { key: 'warning', type: 'ALERT_WARNING' },
  { key: 'danger', type: 'ALERT_DANGER' },
  { key: 'attributes.settings.locale', type: 'LOCALE' },
];
const everyAnswer = {
  text: '<script>alert(1)</script>',
  area: 'one\ntwo',
  username: 'grace',
  email: 'grace@example.org',
  password: 'correct horse battery staple',
  passwordRepeat: 'correct horse battery staple',
  age: 36.5,
  terms: true,
  size: 's',
  country: 'DE',
  born: '1906-12-09',
  arrival: '2030-12-31T18:00:00+01:00',
  picture: `data:image/png;base64,${Buffer.alloc(64 * 1024, 1).toString('base64')}`,
  'attributes.settings.locale': 'de-at',
};

describe('a form of every type of field', () => {
  let slug: string;
  beforeAll(async () => {
    slug = await flowOf(everyField);
  });

  it('is shown in order, without what is hidden, and everything in it is plain text', async () => {
    const { step } = await native(slug);
    const shown = everyField.filter(({ type }) => type !== 'HIDDEN');
    expect(step.fields.map(({ key, type }: Execution) => ({ key, type }))).toEqual(
      shown.map(({ key, type }) => ({ key, type })),
    );
    const field = (key: string) => step.fields.find((one: Execution) => one.key === key);
    expect(field('header').initialValue).toBe('<h1>Welcome</h1>');
    expect(field('seat')).toMatchObject({ initialValue: '1A', required: false });
    expect(field('country').choices).toEqual([
      { value: 'AT', label: 'AT' },
      { value: 'DE', label: 'Germany' },
    ]);
    expect(JSON.stringify(step)).not.toContain('basic');
  });

  it('collects each value as what it is, and what the server decides', async () => {
    const form = await native(slug);
    const passed = await answer(form, everyAnswer);
    expect(errorsOf(passed)).toEqual([]);
    expect(passed.step.__typename).toBe('DummyChallenge');
    const { password: _password, passwordRepeat: _repeat, ...open } = everyAnswer;
    expect(await dataOf(form)).toEqual({
      ...open,
      ...{ seat: '1A', rules: 'Be\nkind.', plan: 'basic', 'attributes.settings.locale': 'de-AT' },
    });
    // Whoever inspects it sees neither password.
    expect(JSON.stringify(await inspect(admin, { id: form.id }))).not.toContain('battery');
  });

  it('says what is wrong by field, and keeps nothing of it', async () => {
    const form = await native(slug);
    const again = await answer(form, {
      ...everyAnswer,
      ...{ text: 'two\nlines', email: 'nowhere', passwordRepeat: 'other', age: 1e300, terms: false },
      ...{ size: 'xl', born: '1906-02-30', arrival: 'soon', picture: 'data:,x', username: 'a\tb' },
      'attributes.settings.locale': 'no locale',
    });
    expect(errorsOf(again)).toEqual([
      ['values.text', 'INVALID'],
      ['values.username', 'INVALID_USERNAME'],
      ['values.email', 'INVALID_EMAIL'],
      ['values.age', 'OUT_OF_RANGE'],
      ['values.terms', 'REQUIRED'],
      ['values.size', 'NOT_A_CHOICE'],
      ['values.born', 'INVALID_DATE'],
      ['values.arrival', 'INVALID_DATE'],
      ['values.picture', 'INVALID_FILE'],
      ['values.attributes.settings.locale', 'INVALID_LOCALE'],
      ['values.passwordRepeat', 'MISMATCH'],
    ]);
    expect(await dataOf(form)).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, Value>>, string]>([
    ['what is hidden', { plan: 'gold' }, 'values.plan'],
    ['what is only read', { seat: '2B' }, 'values.seat'],
    ['what is only shown', { header: 'x' }, 'values.header'],
    ['an alert', { danger: 'x' }, 'values.danger'],
    ['what nobody asks for', { isSuperuser: true }, 'values.isSuperuser'],
    ['a part of a key', { attributes: 'x' }, 'values.attributes'],
    ['more of a key', { 'attributes.settings.locale.x': 'x' }, 'values.attributes.settings.locale.x'],
    ['a prototype', { ['__proto__']: 'x' }, 'values.__proto__'],
    ['a constructor', { constructor: 'x' }, 'values.constructor'],
    ['what every object has', { toString: 'x' }, 'values.toString'],
  ])('takes nothing for %s', async (_what, intruder, field) => {
    const again = await answer(await native(slug), { ...everyAnswer, ...intruder });
    expect(errorsOf(again)).toEqual([[field, 'UNKNOWN_FIELD']]);
  });

  it.each<[string, object]>([
    ['two values', { key: 'text', value: { text: 'a', number: 1 } }],
    ['no value', { key: 'text', value: {} }],
    ['null', { key: 'text', value: { text: null } }],
    ['a list', { key: 'text', value: { text: ['a'] } }],
    ['a number as text', { key: 'age', value: { number: '36' } }],
    ['truth as text', { key: 'terms', value: { checked: 'true' } }],
    ['a member that is not there', { key: 'text', value: { html: 'a' } }],
  ])('takes no answer with %s', async (_what, entry) => {
    const form = await native(slug);
    const input = { executionId: form.id, challengeId: form.step.id, token: form.token };
    const response = { prompt: { values: [entry] } };
    const { errors } = await trySubmit(app.client(), { ...input, response });
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  it.each<[string, Value]>([
    ['text', 'x'.repeat(10_000)],
    ['text', 'a\0b'],
    ['text', '\uD800'],
    ['area', 'a\u0000'],
    ['born', '١٩٠٦-١٢-٠٩'],
    ['age', '36'],
    ['terms', 'true'],
    ['picture', `data:image/png;base64,${'A'.repeat(120_000)}`],
    ['username', 'x'.repeat(10_000)],
    ['country', 'constructor'],
  ])('does not take what does not belong into %s, and goes on asking', async (key, value) => {
    const form = await native(slug);
    const again = await answer(form, { ...everyAnswer, [key]: value });
    expect(errorsOf(again)).toEqual([[`values.${key}`, expect.any(String)]]);
    expect(again.step.__typename).toBe('PromptChallenge');
  });

  it.each(['a\0b', '\uD800', 'x'.repeat(101)])('does not take the key %j', async (key) => {
    const again = await answer(await native(slug), { ...everyAnswer, [key]: 'x' });
    expect(errorsOf(again)).toEqual([[expect.stringMatching(/^values\.\d+\.key$/), expect.any(String)]]);
  });

  it('does not take one field twice', async () => {
    const values = ['a', 'b'].map((text) => ({ key: 'text', value: { text } }));
    const again = await submit(app.client(), await native(slug), { prompt: { values } });
    expect(errorsOf(again)).toEqual([['values', 'INVALID']]);
  });
});

describe('expressions in fields', () => {
  it('see what is known, and what policies and forms before have noted', async () => {
    const slug = await flowOf(
      [{ key: 'name', type: 'TEXT' }],
      [
        {
          ...{ key: 'nickname', type: 'TEXT', labelExpression: "'Hello, ' + context.promptData.name" },
          placeholderExpression: 'flow.slug',
          initialValueExpression: 'slugify(context.promptData.name)',
        },
        { key: 'name', type: 'TEXT_READ_ONLY', initialValueExpression: "'not this'" },
      ],
    );
    const form = await answer(await native(slug), { name: '<b>Ada</b> L' });
    expect(form.step.fields).toMatchObject([
      { label: 'Hello, <b>Ada</b> L', placeholder: slug, initialValue: 'b-ada-b-l' },
      { initialValue: '<b>Ada</b> L' },
    ]);
  });

  it('leave what is written where they fail, and administrators find out why', async () => {
    const broken = 'null.length';
    const slug = await flowOf([
      {
        ...{ name: 'the broken one', key: 'it', type: 'TEXT', label: 'It', placeholder: 'Fill in' },
        ...{ labelExpression: broken, placeholderExpression: "setContext('notes.a', 1), 'x'" },
        ...{ initialValue: 'as it was', initialValueExpression: '({ not: "text" })' },
      },
    ]);
    const { id, step } = await native(slug);
    expect(step.fields).toMatchObject([{ label: 'It', placeholder: 'Fill in', initialValue: 'as it was' }]);
    const filter = { executionId: id, actions: ['EXPRESSION_ERROR'] };
    const { events } = await admin.ok(
      'query($filter: EventFilter) { events(filter: $filter) { edges { node { details } } } }',
      { filter },
    );
    const details = events.edges.map(({ node }: Execution) => node.details);
    expect(details).toHaveLength(3);
    for (const attribute of ['label', 'placeholder', 'initialValue']) {
      const what = { promptField: 'the broken one', attribute, flow: slug };
      expect(details).toContainEqual(
        expect.objectContaining({ ...what, reason: expect.stringMatching(/\S/) }),
      );
    }
  });

  it('deny where they leave nothing to choose from, unless choices are written as well', async () => {
    const field = { key: 'it', type: 'DROPDOWN', choicesExpression: '[].choices.a' };
    expect((await native(await flowOf([field]))).step).toMatchObject({ code: 'CONFIGURATION_ERROR' });
    const choices = [{ value: 'a', label: 'A' }];
    expect((await native(await flowOf([{ ...field, choices }]))).step.fields).toMatchObject([{ choices }]);
  });

  it('have decided when the form was shown: an answer is held against that', async () => {
    const slug = await flowOf([
      { key: 'moment', type: 'DROPDOWN', choicesExpression: '[request.time]' },
      { key: 'shownAt', type: 'HIDDEN', initialValueExpression: 'request.time' },
      { key: 'name', type: 'TEXT' },
    ]);
    const form = await native(slug);
    const then = form.step.fields[0].initialValue;
    app.clock.advance(60);
    const again = await answer(form, { moment: then });
    expect(errorsOf(again)).toEqual([['values.name', 'REQUIRED']]);
    // Shown again, it is worked out again.
    const now = again.step.fields[0].initialValue;
    expect(now).not.toBe(then);
    const outdated = await answer(again, { moment: then, name: 'Ada' });
    expect(errorsOf(outdated)).toEqual([['values.moment', 'NOT_A_CHOICE']]);
    app.clock.advance(60);
    const shown = outdated.step.fields[0].initialValue;
    await answer(outdated, { moment: shown, name: 'Ada' });
    expect(await dataOf(form)).toEqual({ moment: shown, shownAt: shown, name: 'Ada' });
  });

  it('make a form anew where an administrator has changed it meanwhile', async () => {
    const id = await composer.promptField({ key: 'it', type: 'TEXT' });
    const { slug } = await composer.flowOf({}, { prompt: { fieldIds: [id] } }, { dummy: {} });
    const form = await native(slug);
    await admin.ok(
      'mutation($id: ID!, $input: UpdatePromptFieldInput!) { updatePromptField(id: $id, input: $input) { id } }',
      { id, input: { type: 'NUMBER' } },
    );
    const again = await answer(form, { it: 'text' });
    expect(again.step).toMatchObject({
      ...{ __typename: 'PromptChallenge', errors: [], messages: [{ level: 'WARNING' }] },
      fields: [{ type: 'NUMBER' }],
    });
    expect((await answer(again, { it: 7 })).step.__typename).toBe('DummyChallenge');
  });
});

describe('numbers and truth values', () => {
  it('are read by expressions as what they are, and by conditions as text or with a cast', async () => {
    const age = await composer.promptField({ key: 'age', type: 'NUMBER' });
    const terms = await composer.promptField({ key: 'terms', type: 'CHECKBOX', required: false });
    const all = [
      { variable: 'promptData', parameter: 'age', operator: 'eq', value: '36' },
      { variable: 'context', parameter: 'promptData.age', as: 'number', operator: 'gt', value: 18 },
      { variable: 'context', parameter: 'promptData.terms', as: 'boolean', operator: 'is_true' },
    ];
    const validationPolicyIds = [
      await composer.policy(expression('context.promptData.age === 36 && context.promptData.terms === true')),
      await composer.policy({ condition: { actions: [{ type: 'require', when: { all } }] } }),
    ];
    const prompt = { fieldIds: [age, terms], validationPolicyIds };
    const { slug } = await composer.flowOf({}, { prompt }, { dummy: {} });
    expect((await answer(await native(slug), { age: 36, terms: true })).step.__typename).toBe(
      'DummyChallenge',
    );
    expect(errorsOf(await answer(await native(slug), { age: 17, terms: true }))).toMatchObject([
      [null, 'REJECTED'],
    ]);
  });

  it('can be written by policies, and then fill in a form', async () => {
    const flow = await composer.flow({});
    const policy = await composer.policy(
      expression("setContext('promptData.age', 36); setContext('promptData.a.b', true); return true;"),
    );
    const fieldIds = [
      await composer.promptField({ key: 'age', type: 'NUMBER', order: 1 }),
      await composer.promptField({ key: 'a.b', type: 'CHECKBOX', order: 2 }),
    ];
    const binding = await composer.add(flow, 1, { prompt: { fieldIds } });
    await composer.guard({ stageBindingId: binding }, { policyId: policy });
    expect((await native(flow.slug)).step.fields).toMatchObject([
      { initialValue: '36' },
      { initialValue: 'true' },
    ]);
  });
});
