import { Composer, filledIn, signedUp } from '../support/compose.js';
import { start, signedIn, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { simulate } from '../support/simulations.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const GOOD = 'q7#kd0!mzP4vbnw';
const DAY = 24 * 3600;

let app: TestApp;
let composer: Composer;
let username: string;
let password: string;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  username = await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 });
  password = await composer.promptField({ key: 'password', type: 'PASSWORD', order: 2 });
});
afterAll(() => app.close());

/** A flow in which people sign up, whose form is judged by policies of these configurations. */
async function enrollment(...configs: readonly object[]): Promise<string> {
  const validationPolicyIds = [];
  for (const config of configs) validationPolicyIds.push(await composer.policy(config));
  const { slug } = await composer.flowOf(
    { designation: 'ENROLLMENT' },
    { prompt: { fieldIds: [username, password], validationPolicyIds } },
    { userWrite: { creation: 'ALWAYS' } },
    { userLogin: {} },
  );
  return slug;
}

async function formOf(slug: string): Promise<Execution> {
  return start(app.client(), { flow: { slug }, client: 'NATIVE' });
}

const signUp = (form: Execution, typed: string, as = 'grace-hopper'): Promise<Execution> =>
  submit(app.client(), form, filledIn({ username: as, password: typed }));
const problems = ({ step }: Execution): string[] =>
  step.errors.map(({ field, code, message }: Record<string, string>) => `${field} ${code}: ${message}`);

describe('a new password that no policy judges', () => {
  it('is refused where it is short, common, or the person’s own name, by its field', async () => {
    let form = await formOf(await enrollment());
    for (const [typed, problem] of [
      ['q7#kd0!m', 'TOO_SHORT: A password has at least 15 characters.'],
      ['princessprincess', 'TOO_COMMON: This is on the list of passwords that many people have used.'],
      ['Grace-Hopper-1906', 'TOO_GUESSABLE: This consists of what anybody would try first.'],
    ] as const) {
      form = await signUp(form, typed);
      expect(problems(form)).toEqual([`values.password ${problem}`]);
    }
    expect((await signUp(form, GOOD, 'grace')).step.__typename).toBe('FlowCompleted');
  });

  it('is judged by the built-in rule also where policies judge something else', async () => {
    const form = await formOf(await enrollment({ dummy: { result: true } }));
    expect(problems(await signUp(form, 'q7#kd0!m'))).toEqual([expect.stringContaining('TOO_SHORT')]);
  });
});

describe('a new password that a policy judges', () => {
  it('is refused in the words of the policy, and the form stays as it was', async () => {
    const errorMessage = 'Our passwords have a digit and three symbols.';
    const config = { minLength: 24, minDigits: 1, minSymbols: 3, errorMessage };
    const form = await formOf(await enrollment({ password: config }));
    const again = await signUp(form, 'correct horse battery staples');
    expect(problems(again)).toEqual([`values.password REJECTED: ${errorMessage}`]);
    expect(again.step.fields).toEqual(form.step.fields);
    expect(again.step.fields[1]).toMatchObject({ key: 'password', initialValue: '' });
  });

  it('may be as short as the policy says: where a second factor is required, 8 characters', async () => {
    let form = await formOf(await enrollment({ password: { secondFactorRequired: true } }));
    form = await signUp(form, 'q7#kd0!');
    expect(problems(form)).toEqual(['values.password REJECTED: A password has at least 8 characters.']);
    expect((await signUp(form, 'q7#kd0!m', 'short-one')).step.__typename).toBe('FlowCompleted');
  });

  it('is estimated, where the policy says so, with advice', async () => {
    const config = { secondFactorRequired: true, checkCommon: false, checkStrength: true, minStrength: 4 };
    let form = await formOf(await enrollment({ password: config }));
    form = await signUp(form, 'password');
    expect(problems(form)).toEqual([
      'values.password REJECTED: This password is too easily guessed.',
      'values.password REJECTED: This is a heavily used password.',
      'values.password REJECTED: Add more words that are less common.',
    ]);
    form = await signUp(form, 'Awdccdw1234');
    expect(problems(form)).toEqual(['values.password REJECTED: This password is too easily guessed.']);
    expect((await signUp(form, GOOD, 'strong-one')).step.__typename).toBe('FlowCompleted');
  });

  it('is nowhere to be seen in what administrators are told about that', async () => {
    const canary = 'canary#Q7-canary';
    const form = await formOf(await enrollment({ password: { minLength: 100 } }));
    expect(problems(await signUp(form, canary))).toHaveLength(1);
    const execution = await inspect(composer.admin, { id: form.id });
    expect(JSON.stringify(execution)).toContain('A password has at least 100 characters.');
    expect(JSON.stringify(execution)).not.toContain(canary);
    expect(app.log.join('')).not.toContain(canary);
  });

  it('cannot be looked up in breaches where no service is configured', async () => {
    const { errors } = await composer.admin.send(
      'mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }',
      { input: { name: 'breaches', config: { password: { checkBreaches: true } } } },
    );
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: expect.stringContaining('checkBreaches') }] },
      },
    ]);
  });
});

describe('a password that has been used before', () => {
  let slug: string;
  let bob: TestClient;
  const passwords = ['a long enough password', 'another long enough one', 'and a third long enough'] as const;
  beforeAll(async () => {
    const validationPolicyIds = [await composer.policy({ uniquePassword: { count: 3 } })];
    ({ slug } = await composer.flowOf(
      {},
      { prompt: { fieldIds: [password], validationPolicyIds } },
      { userWrite: { creation: 'NEVER' } },
    ));
    bob = await signedUp(app, await enrollment(), { username: 'bob', password: passwords[0] });
  });

  function change(typed: string): Promise<Execution> {
    app.clock.advance(1);
    return start(bob, { flow: { slug }, responses: [filledIn({ password: typed })] });
  }
  const REUSED = [
    'values.password REJECTED: This password has been used previously. Please choose a different one.',
  ];

  it('is refused: the current one, and as many before it as the policy compares with', async () => {
    expect(problems(await change(passwords[0]))).toEqual(REUSED);
    for (const next of passwords.slice(1)) {
      expect((await change(next)).step.__typename).toBe('FlowCompleted');
    }
    for (const before of passwords) expect(problems(await change(before))).toEqual(REUSED);
    expect((await change('a fourth one, long enough')).step.__typename).toBe('FlowCompleted');
    // The fourth before it is not compared with any more.
    expect((await change(passwords[0])).step.__typename).toBe('FlowCompleted');
  });

  it('is judged by the built-in rule as well', async () => {
    expect(problems(await change('too short'))).toEqual([expect.stringContaining('TOO_SHORT')]);
  });

  it('is not told by trying the flow out: that would be a guess that nobody counts', async () => {
    const { steps } = await simulate(composer.admin, {
      flow: { slug },
      user: { identifier: 'bob' },
      responses: [filledIn({ password: passwords[0] })],
    });
    expect(steps.at(-1)).toMatchObject({ fate: 'PASSED', step: { __typename: 'FlowCompleted' } });
  });

  it('is not told to somebody who has not proved to be its owner', async () => {
    const validationPolicyIds = [await composer.policy({ uniquePassword: {} })];
    const prompt = { fieldIds: [password], validationPolicyIds };
    const { slug: unproved } = await composer.flowOf({}, { identification: {} }, { prompt });
    const responses = [{ identification: { identifier: 'bob' } }, filledIn({ password: passwords[0] })];
    const { step } = await start(app.client(), { flow: { slug: unproved }, responses });
    expect(step.errors).toMatchObject([{ field: null, code: 'NOT_CHECKED' }]);
  });
});

it('is out of the door once a password has expired', async () => {
  const flow = await composer.flowOf(
    { designation: 'AUTHENTICATION' },
    { identification: {} },
    { password: {} },
  );
  const place = await composer.add(flow, 50, { deny: { message: 'Your password is too old.' } });
  const config = { passwordExpiry: { maxAge: 'P30D' } };
  // The stage applies where the policy does not pass.
  await composer.guardWith({ stageBindingId: place }, config, { negate: true });
  await composer.add(flow, 60, { userLogin: {} });
  await signedUp(app, await enrollment(), { username: 'carol', password: GOOD });
  const signIn = () =>
    start(app.client(), {
      flow: { slug: flow.slug },
      responses: [{ identification: { identifier: 'carol' } }, { password: { password: GOOD } }],
    });
  app.clock.advance(30 * DAY - 1);
  expect((await signIn()).step.__typename).toBe('FlowCompleted');
  app.clock.advance(10 * DAY + 1);
  const { step } = await signIn();
  expect(step).toMatchObject({ __typename: 'FlowDenied', message: 'Your password is too old.' });
});
