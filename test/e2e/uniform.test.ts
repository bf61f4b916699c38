import { appearance } from '../support/appearance.js';
import { Composer, filledIn } from '../support/compose.js';
import { signedIn, start, trySubmit } from '../support/flows.js';
import { LOGIN, WRONG, answerTo, tryStart } from '../support/executions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const SLEEPER = { username: 'ivy', password: 'poison in the teacup' };

/** Whether any of these people exists, and can sign in, is nobody’s business. All names are of one length. */
const PEOPLE: [string, string, typeof WRONG][] = [
  ['somebody who does not exist', 'eve', WRONG],
  ['somebody who exists, with a wrong password', ADMIN.username, WRONG],
  ['somebody who is not active, with a wrong password', SLEEPER.username, WRONG],
  [
    'somebody who is not active, with the right password',
    SLEEPER.username,
    { password: { password: SLEEPER.password } },
  ],
];

let app: TestApp;
let oneScreen: string;
beforeAll(async () => {
  app = await startTestApp();
  const admin = await signedIn(app);
  const composer = new Composer(admin);
  const passwordStageId = await composer.stage({ password: {} });
  const login = { designation: 'AUTHENTICATION', slug: 'one-screen' };
  oneScreen = (await composer.flowOf(login, { identification: { passwordStageId } }, { userLogin: {} })).slug;
  const fieldIds = [
    await composer.promptField({ key: 'username', type: 'USERNAME' }),
    await composer.promptField({ key: 'password', type: 'PASSWORD' }),
  ];
  const enrollment = await composer.flowOf(
    { designation: 'ENROLLMENT' },
    { prompt: { fieldIds } },
    { userWrite: { creation: 'ALWAYS', createUsersAsInactive: true } },
  );
  const enrolled = await start(app.client(), {
    flow: { slug: enrollment.slug },
    responses: [filledIn(SLEEPER)],
  });
  expect(enrolled.step.__typename).toBe('FlowCompleted');
  // Whoever still has to confirm an address is forgotten after a week, and here each test takes a day.
  const { user } = await admin.ok('query($name: String!) { user(identifier: $name) { id } }', {
    name: SLEEPER.username,
  });
  const shut = 'mutation($id: ID!) { updateUser(id: $id, input: { active: false }) { awaitsVerification } }';
  expect(await admin.ok(shut, { id: user.id })).toEqual({ updateUser: { awaitsVerification: false } });
});
afterAll(() => app.close());
beforeEach(() => app.clock.advance(24 * 3600));

/** Two screens, and wrong passwords until the flow gives up; then once more, which has to wait. */
async function onTwoScreens(identifier: string, response: typeof WRONG): Promise<string[][]> {
  const client = app.client();
  const started = await tryStart(client, { flow: LOGIN, client: 'NATIVE' });
  const answers = [started];
  const { token } = started.data.startFlow;
  let execution = started.data.startFlow;
  const attempts = [{ identification: { identifier } }, ...Array.from({ length: 5 }, () => response)];
  for (const attempt of attempts) {
    const answer = await trySubmit(client, answerTo({ ...execution, token }, attempt));
    answers.push(answer);
    execution = answer.data.submitStage;
  }
  answers.push(await tryStart(client, { flow: LOGIN, responses: [attempts[0], response] }));
  return answers.map((answer) => appearance(answer, app, [identifier]));
}

async function onOneScreen(identifier: string, response: typeof WRONG): Promise<string[][]> {
  const responses = [{ identification: { identifier, ...response.password } }];
  const flow = { slug: oneScreen };
  const started = await tryStart(app.client(), { flow, responses });
  const client = app.client();
  const execution = await start(client, { flow });
  const submitted = await trySubmit(client, answerTo(execution, responses[0] ?? {}));
  return [started, submitted].map((answer) => appearance(answer, app, [identifier]));
}

describe.each([
  ['on two screens', onTwoScreens],
  ['on one screen', onOneScreen],
] as const)('signing in %s', (_where, attempt) => {
  let expected: string[][];
  beforeAll(async () => {
    app.clock.advance(24 * 3600);
    expected = await attempt('who', WRONG);
  });

  it.each(PEOPLE)('looks the same for %s', async (_who, identifier, response) => {
    expect(await attempt(identifier, response)).toEqual(expected);
  });
});
