import { randomUUID } from 'node:crypto';

import { filledIn } from '../support/compose.js';
import { start, submit, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, answerTo, credentials, find, viewerOf } from '../support/executions.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const SETUP = { slug: 'initial-setup' };
const DAY_SECONDS = 24 * 3600;
const FORM = {
  username: 'grace',
  email: 'grace@example.org',
  password: 'a bug in the relay, taped',
  passwordRepeat: 'a bug in the relay, taped',
};
const INVALID_TOKEN = { __typename: 'FlowDenied', code: 'INVALID_TOKEN' };

/** What was wrong with a form, as `field code`. */
function problems({ step }: Execution): string[] {
  return step.errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`);
}

describe('a new installation without an administrator', () => {
  let app: TestApp;
  let flowToken: string;
  beforeAll(async () => {
    app = await startTestApp({}, { administrator: false, emptyDatabase: true });
    flowToken = app.setupToken ?? '';
  });
  afterAll(() => app.close());

  it('has one secret that opens the setup, which is not in its log', () => {
    expect(flowToken).toMatch(/^[\w-]{43}$/);
    expect(app.log.join('')).not.toContain(flowToken);
  });

  it.each([
    ['without a secret', undefined],
    ['with an empty one', ''],
    ['with a wrong one', 'a'.repeat(43)],
    ['with one that cannot be stored', 'a\0\ud800'],
    ['with an id', randomUUID()],
  ])('does not let anybody in %s', async (_how, token) => {
    const { step } = await start(app.client(), {
      flow: SETUP,
      ...(token !== undefined && { flowToken: token }),
    });
    expect(step).toMatchObject(INVALID_TOKEN);
  });

  it('takes the secret for this flow only', async () => {
    expect((await start(app.client(), { flow: LOGIN, flowToken })).step).toMatchObject(INVALID_TOKEN);
    const { step } = await start(app.client(), { flow: LOGIN, flowToken: 'x' });
    expect(step).toMatchObject(INVALID_TOKEN);
  });

  it('does not take the secret for anything else', async () => {
    const client = app.client();
    client.bearer = flowToken;
    client.cookies.set('stagedoor_session', flowToken);
    expect(await viewerOf(client)).toBeNull();
    client.cookies.set('stagedoor_execution', flowToken);
    expect(await find(client, { id: randomUUID() })).toBeNull();
  });

  it('says what is wrong with each field of the form', async () => {
    const client = app.client();
    let execution = await start(client, { flow: SETUP, flowToken });
    expect(execution.step).toMatchObject({ __typename: 'PromptChallenge', errors: [] });
    expect(execution.step.fields.map(({ key, type }: Execution) => [key, type])).toEqual([
      ['header', 'STATIC'],
      ['username', 'USERNAME'],
      ['email', 'EMAIL'],
      ['password', 'PASSWORD'],
      ['passwordRepeat', 'PASSWORD'],
    ]);
    const expected: [object, string[]][] = [
      [
        filledIn({}),
        ['username', 'email', 'password', 'passwordRepeat'].map((key) => `values.${key} REQUIRED`),
      ],
      [filledIn({ ...FORM, username: '' }), ['values.username REQUIRED']],
      [filledIn({ ...FORM, username: ' grace' }), ['values.username INVALID_USERNAME']],
      [filledIn({ ...FORM, email: 'grace at home' }), ['values.email INVALID_EMAIL']],
      [
        filledIn({ ...FORM, password: 'too short', passwordRepeat: 'too short' }),
        ['values.password REJECTED'],
      ],
      [filledIn({ ...FORM, passwordRepeat: 'something else entirely' }), ['values.passwordRepeat MISMATCH']],
      [
        filledIn({ ...FORM, password: 'grace stagedoor grace', passwordRepeat: 'grace stagedoor grace' }),
        ['values.password REJECTED'],
      ],
      [filledIn({ ...FORM, isSuperuser: 'true' }), ['values.isSuperuser UNKNOWN_FIELD']],
      [filledIn({ ...FORM, __proto__x: 'x' }), ['values.__proto__x UNKNOWN_FIELD']],
      [filledIn({ ...FORM, header: 'another greeting' }), ['values.header UNKNOWN_FIELD']],
    ];
    for (const [response, errors] of expected) {
      execution = await submit(client, execution, response);
      expect(problems(execution)).toEqual(errors);
    }
    const twice = { key: 'username', value: { text: 'hopper' } };
    const form = filledIn(FORM);
    const values = 'prompt' in form ? Object(form.prompt).values : [];
    execution = await submit(client, execution, { prompt: { values: [...values, twice] } });
    expect(problems(execution)).toEqual(['values INVALID']);
    expect(JSON.stringify(execution)).not.toContain(FORM.password);
  });

  it('takes no field whose name cannot be stored', async () => {
    const client = app.client();
    const execution = await start(client, { flow: SETUP, flowToken });
    for (const key of ['a\0', 'a\ud800', 'a'.repeat(101), '']) {
      const { errors, data } = await trySubmit(
        client,
        answerTo(await find(client, execution), filledIn({ ...FORM, [key]: 'x' })),
      );
      expect(errors).toEqual([]);
      expect(data.submitStage.step.errors).toHaveLength(1);
    }
  });

  it('is not set up by a flow that was opened and left: the secret stays good', async () => {
    const client = app.client();
    await start(client, { flow: SETUP, flowToken });
    expect((await start(app.client(), { flow: SETUP, flowToken })).step.__typename).toBe('PromptChallenge');
  });

  it('is set up by the secret, once: a superuser, signed in', async () => {
    const client = app.client();
    const late = await start(app.client(), { flow: SETUP, flowToken, client: 'NATIVE' });
    const execution = await start(client, { flow: SETUP, flowToken });
    const last = await submit(client, execution, filledIn(FORM));
    expect(last.step).toMatchObject({
      __typename: 'FlowCompleted',
      session: { session: { aal: 1, amr: ['enrollment'] } },
    });
    expect(await viewerOf(client)).toMatchObject({ username: 'grace', email: FORM.email, isSuperuser: true });
    expect(await submit(client, execution, filledIn(FORM))).toEqual(last);

    expect((await start(app.client(), { flow: SETUP, flowToken })).step).toMatchObject(INVALID_TOKEN);
    expect((await start(client, { flow: SETUP, flowToken })).step).toMatchObject(INVALID_TOKEN);
    expect((await start(client, { flow: SETUP })).step).toMatchObject(INVALID_TOKEN);
    const form = filledIn({ ...FORM, username: 'mallory', email: 'mallory@example.org' });
    const { errors } = await trySubmit(app.client(), answerTo(late, form));
    expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);

    const responses = credentials(FORM);
    expect((await start(app.client(), { flow: LOGIN, responses })).step.__typename).toBe('FlowCompleted');
  });
});

describe('the secret for the setup', () => {
  it('makes one administrator where two use it at once', async () => {
    const app = await startTestApp({}, { administrator: false, emptyDatabase: true });
    try {
      const flowToken = app.setupToken;
      const names = ['grace', 'mallory'];
      // Both have opened it by the time that one of them is done: whoever comes later is told something else.
      const opened = await Promise.all(
        names.map(async (username) => {
          const client = app.client();
          return { username, client, execution: await start(client, { flow: SETUP, flowToken }) };
        }),
      );
      const answers = await Promise.all(
        opened.map(({ username, client, execution }) => {
          const form = filledIn({ ...FORM, username, email: `${username}@example.org` });
          return trySubmit(client, answerTo(execution, form));
        }),
      );
      const outcomes = answers.map(
        ({ data, errors }) => errors[0]?.extensions.code ?? data.submitStage.step.__typename,
      );
      expect(outcomes.toSorted()).toEqual(['CONFLICT', 'FlowCompleted']);
      for (const [index, username] of names.entries()) {
        const { step } = await start(app.client(), {
          flow: LOGIN,
          responses: credentials({ ...FORM, username }),
        });
        const made = outcomes[index] === 'FlowCompleted';
        expect(step.__typename).toBe(made ? 'FlowCompleted' : 'PasswordChallenge');
      }
    } finally {
      await app.close();
    }
  });

  it('is good for a day', async () => {
    const app = await startTestApp({}, { administrator: false, emptyDatabase: true });
    try {
      const open = () => start(app.client(), { flow: SETUP, flowToken: app.setupToken, client: 'NATIVE' });
      app.clock.advance(DAY_SECONDS - 1);
      const opened = await open();
      expect(opened.step.__typename).toBe('PromptChallenge');
      app.clock.advance(1);
      expect((await open()).step).toMatchObject(INVALID_TOKEN);
      const { errors } = await trySubmit(app.client(), answerTo(opened, filledIn(FORM)));
      expect(errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    } finally {
      await app.close();
    }
  });

  it('does not exist where the environment describes an administrator', async () => {
    const app = await startTestApp({}, { emptyDatabase: true });
    expect(app.setupToken).toBeNull();
    await app.close();
  });
});
