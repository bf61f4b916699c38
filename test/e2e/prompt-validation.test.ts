import { Composer, filledIn } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const UNEXPLAINED = 'This is not accepted. Please choose something else.';

let app: TestApp;
let composer: Composer;
let fieldIds: string[];
beforeAll(async () => {
  // Nobody listens there.
  app = await startTestApp({ STAGEDOOR_PWNED_PASSWORDS_URL: 'http://127.0.0.1:1/range/' });
  composer = new Composer(await signedIn(app));
  fieldIds = [
    await composer.promptField({ key: 'one', type: 'TEXT', order: 1, initialValue: 'as it was' }),
    await composer.promptField({ key: 'two', type: 'TEXT', order: 2, required: false }),
  ];
});
afterAll(() => app.close());

/** A form that policies of these configurations judge, followed by a stage that says what the form has collected. */
async function formJudgedBy(...configs: readonly object[]): Promise<Execution> {
  const validationPolicyIds = [];
  for (const config of configs) validationPolicyIds.push(await composer.policy(config));
  const { slug } = await composer.flowOf({}, { prompt: { fieldIds, validationPolicyIds } }, { dummy: {} });
  return start(app.client(), { flow: { slug }, client: 'NATIVE' });
}

const answer = (form: Execution, values: Readonly<Record<string, string>>): Promise<Execution> =>
  submit(app.client(), form, filledIn(values));
const says = (result: boolean, message = '') => ({ dummy: { result, message } });
const errorsOf = ({ step }: Execution): object[] => step.errors;

describe('what was filled into a form', () => {
  it('is judged by policies, which see it beside what was known', async () => {
    const equal = { expression: 'context.promptData.one === context.promptData.two' };
    const form = await formJudgedBy({ expression: equal });
    const again = await answer(form, { one: 'a', two: 'b' });
    expect(errorsOf(again)).toEqual([{ field: null, code: 'REJECTED', message: UNEXPLAINED, retryAt: null }]);
    // Nothing of it is kept.
    expect(again.step.fields).toEqual(form.step.fields);
    expect((await answer(again, { one: 'a', two: 'a' })).step.__typename).toBe('DummyChallenge');
  });

  it('is refused for every reason that there is, in the order of the policies', async () => {
    const form = await formJudgedBy(
      says(false, 'Not this.'),
      says(true, 'Well done.'),
      says(false, 'Nor that.'),
    );
    expect(errorsOf(await answer(form, { one: 'a' }))).toMatchObject([
      { field: null, code: 'REJECTED', message: 'Not this.' },
      { field: null, code: 'REJECTED', message: 'Nor that.' },
    ]);
  });

  it('is refused by policies that say nothing, with something to read', async () => {
    const form = await formJudgedBy(says(false), says(false));
    expect(errorsOf(await answer(form, { one: 'a' }))).toMatchObject([
      { code: 'REJECTED', message: UNEXPLAINED },
    ]);
  });

  it('is accepted where all of them pass, and what they said is told with the next step', async () => {
    const form = await formJudgedBy(says(true, 'Well done.'), says(true));
    const { step } = await answer(form, { one: 'a' });
    expect(step).toMatchObject({
      __typename: 'DummyChallenge',
      messages: [{ level: 'INFO', text: 'Well done.' }],
    });
  });

  it('is judged only once the form itself is right', async () => {
    const form = await formJudgedBy(says(false, 'Not this.'));
    expect(errorsOf(await answer(form, {}))).toMatchObject([{ field: 'values.one', code: 'REQUIRED' }]);
  });

  it.each([
    ['returns nothing', { expression: { expression: 'return' } }],
    ['fails', { dummy: { throwError: true } }],
    ['asks a service that is down', { password: { passwordField: 'one', checkBreaches: true } }],
  ])('is not accepted where a policy %s, and why is for administrators', async (_what, config) => {
    const password = await composer.promptField({ key: 'one', type: 'PASSWORD' });
    const validationPolicyIds = [await composer.policy(config)];
    const prompt = { fieldIds: [password], validationPolicyIds };
    const { slug } = await composer.flowOf({}, { prompt }, { dummy: {} });
    const form = await start(app.client(), { flow: { slug }, client: 'NATIVE' });
    const again = await answer(form, { one: 'correct horse battery staple' });
    expect(errorsOf(again)).toEqual([
      {
        field: null,
        code: 'NOT_CHECKED',
        message: 'This could not be checked. Try again later.',
        retryAt: null,
      },
    ]);
    const { history } = await inspect(composer.admin, { id: form.id });
    const evaluations = history.at(-1).entries.filter((entry: Execution) => entry.moment === 'ANSWER');
    expect(evaluations).toMatchObject([{ passing: false, error: expect.stringMatching(/\S/) }]);
  });
});

describe('a form that asks policies', () => {
  const create = async (config: object) => {
    const { errors } = await composer.admin.send(
      'mutation($input: CreateStageInput!) { createStage(input: $input) { id } }',
      { input: { name: 'a form that cannot be', config: { prompt: { fieldIds, ...config } } } },
    );
    return errors.map(({ extensions }) => extensions);
  };

  it.each([
    ['one that is not there', ['b4c1b1a0-0000-4000-8000-000000000001'], 'validationPolicyIds.0'],
    ['something that is no id', ['x'], 'validationPolicyIds.0'],
  ])('does not name %s', async (_what, validationPolicyIds, path) => {
    expect(await create({ validationPolicyIds })).toMatchObject([
      { code: 'BAD_USER_INPUT', fields: [{ path: expect.stringContaining(path) }] },
    ]);
  });

  it('names each of them once', async () => {
    const id = await composer.policy(says(true));
    expect(await create({ validationPolicyIds: [id, id] })).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  it('keeps them from being deleted', async () => {
    const id = await composer.policy(says(true));
    await composer.stage({ prompt: { fieldIds, validationPolicyIds: [id] } });
    const { errors } = await composer.admin.send('mutation($id: ID!) { deletePolicy(id: $id) }', { id });
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });
});
