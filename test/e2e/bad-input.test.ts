import { start, submit, SUBMIT, trySubmit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { LOGIN, answerTo, credentials, find, tryStart, viewerOf } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

/** Stands for a password that came in the wrong place or shape. It must never be seen again. */
const CANARY = 'canary7Qx8DoNotRepeat';
const CANARY_NUMBER = 7_712_340_099;

const RIGHT = { password: { password: ADMIN.password } };
const START = 'mutation { startFlow(input: { flow: { slug: "default-authentication-flow" } }) { id } }';

let app: TestApp;
let client: TestClient;
let standing: Execution;
beforeAll(async () => {
  app = await startTestApp({ LOG_LEVEL: 'trace' });
  client = app.client();
  standing = await start(client, { flow: LOGIN, responses: credentials().slice(0, 1) });
});
afterAll(() => app.close());

/** Sends a body, and expects that nothing is repeated and the execution stands where it was. */
async function send(body: string, headers: Record<string, string> = {}) {
  const response = await client.post(body, headers);
  const text = await response.text();
  expect(text + app.log.join('')).not.toMatch(new RegExp(`canary|${CANARY_NUMBER}`, 'i'));
  expect((await find(client, standing)).step).toEqual(standing.step);
  const { errors } = JSON.parse(text);
  return { status: response.status, errors };
}

function operation(query: string, variables: object = {}): string {
  return JSON.stringify({ query, variables });
}

const submitting = (response: unknown, more: object = {}) =>
  operation(SUBMIT, {
    input: { executionId: standing.id, challengeId: standing.step.id, response, ...more },
  });

/** The answer written into the document itself, as nobody should and somebody will. */
const inline = (response: string) =>
  operation(
    `mutation { submitStage(input: { executionId: "${standing.id}", challengeId: "${standing.step.id}", response: ${response} }) { id } }`,
  );

describe('an answer that does not fit', () => {
  it('is refused where it is of another kind than the challenge', async () => {
    const { status, errors } = await send(submitting({ identification: { identifier: CANARY } }));
    expect(status).toBe(200);
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.response', code: 'WRONG_KIND' }] } },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'two members of a @oneOf',
      { password: { password: CANARY }, identification: { identifier: CANARY } },
      /Exactly one key/,
    ],
    ['no member of a @oneOf', {}, /Exactly one key/],
    ['null as the member', { password: null }, /does not fit/],
    ['a member that is null beside one that is not', { password: { password: CANARY }, prompt: null }, /./],
    ['a number where text belongs', { password: { password: CANARY_NUMBER } }, /String cannot represent/],
    ['true where text belongs', { password: { password: true } }, /String cannot represent/],
    ['a list where text belongs', { password: { password: [CANARY] } }, /does not fit/],
    ['an object where text belongs', { password: { password: { canary: CANARY } } }, /does not fit/],
    ['text where an object belongs', { password: CANARY }, /does not fit/],
    ['text where the answer belongs', CANARY, /does not fit/],
    ['null as a password', { password: { password: null } }, /does not fit/],
    ['a field too many', { password: { password: CANARY, remember: CANARY } }, /"remember" is not defined/],
    ['a field too few', { password: {} }, /"password" of required type "String!" was not provided/],
  ])('is refused with %s', async (_what, response, message) => {
    const { errors } = await send(submitting(response));
    expect(errors).toEqual([
      {
        message: expect.stringMatching(message),
        locations: expect.any(Array),
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [
            {
              path: expect.stringMatching(/^input\.response/),
              code: 'INVALID_TYPE',
              message: expect.stringMatching(message),
            },
          ],
        },
      },
    ]);
  });

  it.each([
    ['two members', `{ password: { password: "${CANARY}" }, identification: { identifier: "${CANARY}" } }`],
    ['a number', `{ password: { password: ${CANARY_NUMBER} } }`],
    ['a word without quotation marks', `{ password: { password: ${CANARY} } }`],
    ['a text for an object', `{ password: "${CANARY}" }`],
    ['a field too many', `{ password: { password: "${CANARY}", remember: "${CANARY}" } }`],
  ])('is refused with %s in the document', async (_what, response) => {
    const { status, errors } = await send(inline(response));
    expect(status).toBe(400);
    expect(errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each([
    ['words without quotation marks', `{ password: { password: ${CANARY} ${CANARY} ${CANARY} } }`],
    ['a text in the place of a name', `{ "${CANARY}": { password: 1 } }`],
    ['a quotation mark within', `{ password: { password: "x" "${CANARY}" } }`],
    ['no closing quotation mark', `{ password: { password: "${CANARY} } }`],
    ['a number with letters', `{ password: { password: 1${CANARY} } }`],
    ['a block string in the wrong place', `{ """${CANARY}""" }`],
  ])('is refused with %s, and the syntax error does not quote it', async (_what, response) => {
    const { status, errors } = await send(inline(response));
    expect(status).toBe(400);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/^Syntax Error/),
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  });

  it.each([
    ['a client of an unknown kind', { client: CANARY }],
    ['a designation that does not exist', { flow: { designation: CANARY } }],
    ['two ways to name the flow', { flow: { slug: CANARY, designation: 'RECOVERY' } }],
    ['no way to name the flow', { flow: {} }],
    ['a flow token that is a number', { flowToken: CANARY_NUMBER }],
  ])('is refused at the start with %s', async (_what, input) => {
    const started = operation('mutation($input: StartFlowInput!) { startFlow(input: $input) { id } }', {
      input: { flow: LOGIN, ...input },
    });
    const { errors } = await send(started);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('text that no person types', () => {
  const bad: [string, string, string][] = [
    ['a NUL', `${CANARY}\0`, 'INVALID'],
    ['half a character', `${CANARY}\ud83d`, 'INVALID'],
    ['nothing', '', 'REQUIRED'],
    ['more than a password may have', `${CANARY}${'x'.repeat(300)}`, 'TOO_LONG'],
    ['200 kB', CANARY.padEnd(200_000, 'x'), 'TOO_LONG'],
  ];

  it.each(bad)('is refused as a password: %s', async (_what, password, code) => {
    const browser = app.client();
    const execution = await start(browser, { flow: LOGIN, responses: credentials().slice(0, 1) });
    const { step } = await submit(browser, execution, { password: { password } });
    expect(step).toEqual({
      ...execution.step,
      id: expect.any(String),
      errors: [{ field: 'password', code, message: expect.any(String), retryAt: null }],
    });
    expect(JSON.stringify(step) + app.log.join('')).not.toContain(CANARY);
    expect((await submit(browser, { ...execution, step }, RIGHT)).step.__typename).toBe('FlowCompleted');
  });

  it.each(bad)('is refused as an identifier: %s', async (_what, identifier, code) => {
    const responses = [{ identification: { identifier } }];
    const execution = await start(app.client(), { flow: LOGIN, responses });
    expect(execution).toMatchObject({
      responsesUsed: 1,
      step: { __typename: 'IdentificationChallenge', errors: [{ field: 'identifier', code }], user: null },
    });
    expect(JSON.stringify(execution) + app.log.join('')).not.toContain(CANARY);
  });

  it('is a password that is taken as it is where it is storable: 256 characters of four bytes each', async () => {
    const responses = [...credentials().slice(0, 1), { password: { password: '🔑'.repeat(256) } }];
    const { step } = await start(app.client(), { flow: LOGIN, responses });
    expect(step.errors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  });

  it('is refused by its size before it is read: 3 MB', async () => {
    const { status, errors } = await send(
      submitting({ password: { password: CANARY.padEnd(3_000_000, 'x') } }),
    );
    expect(status).toBe(413);
    expect(errors).toMatchObject([{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }]);
  });
});

describe('a flow that does not exist', () => {
  it.each(['nothing-like-it', '', CANARY, 'a\0', "' or true --", 'DEFAULT-AUTHENTICATION-FLOW'])(
    'is not found by the slug %p',
    async (slug) => {
      const { data, errors } = await tryStart(client, { flow: { slug } });
      expect(data).toBeNull();
      expect(errors).toEqual([
        expect.objectContaining({ message: 'There is no such flow.', extensions: { code: 'NOT_FOUND' } }),
      ]);
    },
  );

  it('is not found by a designation that no flow has', async () => {
    const { errors } = await tryStart(client, { flow: { designation: 'UNENROLLMENT' } });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe('a right password', () => {
  it('is repeated nowhere either', async () => {
    const browser = app.client();
    const execution = await start(browser, { flow: LOGIN, responses: credentials().slice(0, 1) });
    const { data } = await trySubmit(browser, answerTo(execution, RIGHT));
    expect(data.submitStage.step.__typename).toBe('FlowCompleted');
    const secrets = [ADMIN.password, ...browser.cookies.values()];
    for (const secret of secrets) expect(JSON.stringify(data) + app.log.join('')).not.toContain(secret);
  });

  it('still signs in where everything was refused before it', async () => {
    expect((await send(operation(START))).errors).toBeUndefined();
    expect((await submit(client, standing, RIGHT)).step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: ADMIN.username });
  });
});
