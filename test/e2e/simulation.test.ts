import { Composer, filledIn, signedUp } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import { SIMULATE, simulate } from '../support/simulations.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const NAME = { identification: { identifier: BOB.username } };
const PASSWORD = { password: { password: 'anything at all' } };
const OK = { dummy: { acknowledge: true } };

let app: TestApp;
let composer: Composer;
let enrollment: string;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  enrollment = (await composer.enrollment()).slug;
  await signedUp(app, enrollment, BOB);
});
afterAll(() => app.close());

const run = (input: object): Promise<Execution> => simulate(composer.admin, input);
const LOGIN = { flow: { designation: 'AUTHENTICATION' } };
const kinds = ({ steps }: Execution): string[] => steps.map(({ step }: Execution) => step.__typename);
const effects = ({ steps }: Execution): string[] =>
  steps.flatMap(({ entries }: Execution) => entries.flatMap(({ effect }: Execution) => effect ?? []));

describe('a simulated flow', () => {
  it('goes the way of a real one, step by step, and says what would have been done', async () => {
    const simulated = await run({ ...LOGIN, responses: [NAME, PASSWORD], next: '/account' });
    expect(kinds(simulated)).toEqual(['IdentificationChallenge', 'PasswordChallenge', 'FlowCompleted']);
    expect(simulated.steps.map(({ fate }: Execution) => fate)).toEqual([null, 'PASSED', 'PASSED']);
    expect(simulated.steps[2].step).toMatchObject({
      redirectTo: '/account',
      session: { token: null, session: { amr: ['pwd'] } },
    });
    expect(effects(simulated)).toEqual([
      'FORGET_GUESSES',
      'CHANGE_REPUTATION',
      'OPEN_SESSION',
      'RECORD_EVENT',
    ]);
    expect(simulated.responsesUsed).toBe(2);
  });

  it('signs nobody in', async () => {
    const before = await viewerOf(composer.admin);
    await run({ ...LOGIN, responses: [NAME, PASSWORD] });
    expect(await viewerOf(composer.admin)).toEqual(before);
  });

  it('shows with what each policy was asked, and what it said', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const expression =
      '({ passing: request.clientIp === "203.0.113.9", messages: ["from " + context.promptData.country] })';
    await composer.guardWith({ flowId: flow.id }, { expression: { expression } });
    const { steps } = await run({
      flow: { slug: flow.slug },
      user: { identifier: BOB.username },
      clientIp: '203.0.113.9',
      userAgent: 'a test',
      context: { promptData: { country: 'Iceland' } },
    });
    expect(steps[0].entries[0]).toMatchObject({
      __typename: 'PolicyEvaluation',
      moment: 'ENTRY',
      passing: true,
      messages: ['from Iceland'],
      input: {
        user: { username: BOB.username },
        request: { clientIp: '203.0.113.9', userAgent: 'a test', signedIn: true },
        context: { promptData: { country: 'Iceland' } },
      },
    });
    const denied = await run({ flow: { slug: flow.slug }, context: { promptData: { country: 'Peru' } } });
    expect(denied.steps[0].step).toMatchObject({ code: 'POLICY_DENIED', message: 'from Peru' });
  });

  it('is run as whoever is named, or as nobody', async () => {
    const flow = await composer.flowOf({ authentication: 'REQUIRE_SUPERUSER' }, { dummy: {} });
    const as = async (user: object | null) => kinds(await run({ flow: { slug: flow.slug }, user }));
    expect(await as({ identifier: ADMIN.username })).toEqual(['DummyChallenge']);
    expect(await as({ identifier: BOB.username })).toEqual(['FlowDenied']);
    expect(await as(null)).toEqual(['FlowDenied']);
  });

  it('finds in later steps what earlier ones would have made', async () => {
    const flow = await composer.flow({ designation: 'ENROLLMENT' });
    const fieldIds = [
      await composer.promptField({ key: 'username', type: 'USERNAME', order: 1 }),
      await composer.promptField({ key: 'password', type: 'PASSWORD', order: 2 }),
    ];
    for (const [index, config] of [
      { prompt: { fieldIds } },
      { userWrite: { creation: 'ALWAYS' } },
      { dummy: {} },
      { identification: { pretendUserExists: false } },
      { userLogin: {} },
      { identification: {} },
      { prompt: { fieldIds } },
    ].entries())
      await composer.add(flow, index, config);
    const form = filledIn({ username: 'carol', password: 'a long enough password' });
    const again = { identification: { identifier: 'CAROL' } };
    const simulated = await run({ flow: { slug: flow.slug }, responses: [form, OK, again, NAME, form] });
    expect(kinds(simulated)).toEqual([
      'PromptChallenge',
      'DummyChallenge',
      'IdentificationChallenge',
      'IdentificationChallenge',
      'PromptChallenge',
      'PromptChallenge',
    ]);
    expect(simulated.steps.at(-1)).toMatchObject({ fate: 'REFUSED', step: { errors: [{ code: 'TAKEN' }] } });
    expect(effects(simulated)).toContain('OPEN_SESSION');
    const real = await start(app.client(), { flow: { slug: enrollment }, responses: [form] });
    expect(real.step.__typename).toBe('FlowCompleted');
  });

  it('goes on after answers that are refused, as a real one does', async () => {
    const flow = await composer.flow();
    const place = { invalidResponseAction: 'RESTART_WITH_CONTEXT' };
    await composer.add(flow, 1, { dummy: {} });
    await composer.add(flow, 2, { identification: { pretendUserExists: false } }, place);
    const wrong = { identification: { identifier: 'nobody' } };
    const simulated = await run({ flow: { slug: flow.slug }, responses: [OK, wrong, OK, wrong, OK, NAME] });
    expect(kinds(simulated)).toEqual([
      'DummyChallenge',
      'IdentificationChallenge',
      'DummyChallenge',
      'IdentificationChallenge',
      'DummyChallenge',
      'IdentificationChallenge',
      'FlowCompleted',
    ]);
  });

  it('ends at the first answer that does not fit, and says how many were used', async () => {
    const simulated = await run({ ...LOGIN, responses: [NAME, OK, PASSWORD] });
    expect(kinds(simulated)).toEqual(['IdentificationChallenge', 'PasswordChallenge']);
    expect(simulated.responsesUsed).toBe(1);
  });

  it('is no way to guess passwords: what they are taken to be is said beforehand', async () => {
    const right = { password: { password: BOB.password } };
    for (const response of [right, PASSWORD]) {
      for (const [passwordsAreRight, end] of [
        [true, 'FlowCompleted'],
        [false, 'PasswordChallenge'],
      ] as const) {
        const simulated = await run({ ...LOGIN, responses: [NAME, response], passwordsAreRight });
        expect(kinds(simulated).at(-1)).toBe(end);
      }
    }
  });

  it('counts no guesses: the real login stays open however many there were', async () => {
    const responses = Array.from({ length: 4 }, () => PASSWORD);
    for (let round = 0; round < 5; round += 1)
      await run({ ...LOGIN, responses: [NAME, ...responses], passwordsAreRight: false });
    await signedIn(app, BOB);
  });

  it('takes a browser for signed in once it would be', async () => {
    const flow = await composer.flowOf(
      {},
      { identification: {} },
      { password: {} },
      { userLogin: {} },
      { dummy: {} },
    );
    const binding = await composer.add(flow, 99, { dummy: {} });
    const expression = '({ passing: true, messages: ["signed in: " + request.signedIn] })';
    await composer.guardWith({ stageBindingId: binding }, { expression: { expression } });
    for (const [client, signed] of [
      ['BROWSER', true],
      ['NATIVE', false],
    ] as const) {
      const { steps } = await run({ flow: { slug: flow.slug }, client, responses: [NAME, PASSWORD, OK] });
      expect(steps.at(-1).step.messages).toEqual([{ level: 'INFO', text: `signed in: ${signed}` }]);
    }
  });
});

describe('simulating', () => {
  it('is for administrators', async () => {
    for (const [client, code] of [
      [app.client(), 'UNAUTHENTICATED'],
      [await signedIn(app, BOB), 'FORBIDDEN'],
    ] as const) {
      const { errors } = await client.send(SIMULATE, { input: LOGIN });
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it.each([
    ['a flow that is not there', { flow: { slug: 'nowhere' } }, 'NOT_FOUND'],
    ['nobody we know', { ...LOGIN, user: { identifier: 'nobody at all' } }, 'NOT_FOUND'],
    ['an address that is none', { ...LOGIN, clientIp: 'here' }, 'BAD_USER_INPUT'],
    ['somewhere else to go', { ...LOGIN, next: 'https://evil.example' }, 'BAD_USER_INPUT'],
    ['a misshapen context', { ...LOGIN, context: { pendingUser: 'bob' } }, 'BAD_USER_INPUT'],
    ['too many answers', { ...LOGIN, responses: Array.from({ length: 21 }, () => NAME) }, 'BAD_USER_INPUT'],
  ])('with %s is refused', async (_what, input, code) => {
    const { errors } = await composer.admin.send(SIMULATE, { input });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});
