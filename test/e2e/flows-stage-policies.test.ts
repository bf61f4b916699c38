import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import type { Inspected } from '../support/inspector.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const ERRS = { dummy: { throwError: true } };
const FAILS = { dummy: { result: false } };
const PASSES = { dummy: { result: true } };
const ACKNOWLEDGED = { dummy: { acknowledge: true } };
const LOOP = { expression: { expression: 'while (true) {}' } };
const ON_PLAN = { evaluateOnPlan: true, reEvaluatePolicies: false };
const ON_RUN = { evaluateOnPlan: false, reEvaluatePolicies: true };

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

type Guard = readonly [config: object, how?: object];

/** A flow of two stages, `guarded` and `after`, the first of them behind these policies. */
async function guardedStage(place: object, guards: readonly Guard[]): Promise<ComposedFlow> {
  const flow = await composer.flow();
  const binding = await composer.bind(flow.id, await stageNamed('guarded'), 10, place);
  for (const [config, how] of guards) await composer.guardWith({ stageBindingId: binding }, config, how);
  await composer.bind(flow.id, await stageNamed('after'), 20);
  return flow;
}

const made = new Map<string, string>();
async function stageNamed(name: string): Promise<string> {
  const id = made.get(name) ?? (await composer.stage({ dummy: {} }, name));
  made.set(name, id);
  return id;
}

const first = async ({ slug }: ComposedFlow) => (await start(app.client(), { flow: { slug } })).step;

describe.each([
  ['when the flow is planned', ON_PLAN],
  ["when the stage's turn comes", ON_RUN],
  ['at both times', { evaluateOnPlan: true, reEvaluatePolicies: true }],
])('policies before a stage, asked %s', (_, place) => {
  it.each<[string, string, readonly Guard[], string]>([
    ['no policy', 'ALL', [], 'guarded'],
    ['one that passes', 'ALL', [[PASSES]], 'guarded'],
    ['one that fails', 'ANY', [[FAILS]], 'after'],
    ['one of each', 'ANY', [[FAILS], [PASSES]], 'guarded'],
    ['one of each', 'ALL', [[FAILS], [PASSES]], 'after'],
    ['a negated one that passes', 'ANY', [[PASSES, { negate: true }]], 'after'],
    ['a disabled one that fails', 'ALL', [[FAILS, { enabled: false }]], 'guarded'],
    ['an error that counts as passed', 'ALL', [[ERRS, { failureResult: true }]], 'guarded'],
    ['an error beside one that passes', 'ANY', [[ERRS], [PASSES]], 'guarded'],
  ])('decide whether it applies: %s, mode %s', async (_case, policyEngineMode, guards, stageName) => {
    expect(await first(await guardedStage({ ...place, policyEngineMode }, guards))).toMatchObject({
      stageName,
      errors: [],
    });
  });

  it.each<[string, string, readonly Guard[]]>([
    ['alone', 'ANY', [[ERRS]]],
    ['negated', 'ANY', [[ERRS, { negate: true }]]],
    ['beside one that fails', 'ANY', [[ERRS], [FAILS]]],
    ['beside one that passes', 'ALL', [[ERRS], [PASSES]]],
  ])('deny the flow where one errs: %s, mode %s', async (_case, policyEngineMode, guards) => {
    const step = await first(await guardedStage({ ...place, policyEngineMode }, guards));
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
    expect(step.message).toBe('It could not be decided whether you may go on.');
  });

  it('are stopped at their timeout, and then have erred', async () => {
    for (const [failureResult, expected] of [
      [false, { code: 'POLICY_DENIED' }],
      [true, { stageName: 'guarded' }],
    ] as const) {
      const { slug } = await guardedStage(place, [[LOOP, { timeout: 'PT1S', failureResult }]]);
      const { id, step } = await start(app.client(), { flow: { slug } });
      expect(step).toMatchObject(expected);
      const { history } = await inspect(admin, { id });
      const errors = history[0].entries.flatMap(({ error }: Inspected) => error ?? []);
      expect(errors).not.toEqual([]);
      for (const error of errors) expect(error).toMatch(/longer than 1 seconds|not finished after 1000 ms/i);
    }
  });

  it('never skip the password because they err', async () => {
    for (const [failureResult, expected] of [
      [false, { __typename: 'FlowDenied', code: 'POLICY_DENIED' }],
      [true, { __typename: 'PasswordChallenge' }],
    ] as const) {
      const flow = await composer.flow();
      await composer.add(flow, 1, { identification: {} });
      const binding = await composer.add(flow, 2, { password: {} }, place);
      await composer.add(flow, 3, { userLogin: {} });
      await composer.guardWith({ stageBindingId: binding }, ERRS, { failureResult });
      const client = app.client();
      const responses = [{ identification: { identifier: ADMIN.username } }];
      const { step } = await start(client, { flow: { slug: flow.slug }, responses });
      expect(step).toMatchObject(expected);
      expect((await client.ok('{ viewer { username } }')).viewer).toBeNull();
    }
  });
});

describe('a policy before a stage', () => {
  it('speaks to the person with the next challenge, once', async () => {
    const flow = await guardedStage(ON_RUN, [[{ dummy: { result: true, message: 'Nearly there.' } }]]);
    const client = app.client();
    const shown = await start(client, { flow: { slug: flow.slug } });
    expect(shown.step.messages).toEqual([{ level: 'INFO', text: 'Nearly there.' }]);
  });

  it('decides on the person whom the flow is about by then', async () => {
    const { slug } = await composer.enrollment();
    const bob = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
    const { viewer } = await bob.ok('{ viewer { id } }');
    const flow = await composer.flow();
    await composer.add(flow, 1, { identification: {} });
    const binding = await composer.bind(flow.id, await stageNamed('only for bob'), 2, ON_RUN);
    await composer.bind(flow.id, await stageNamed('for everybody'), 3);
    await composer.guard({ stageBindingId: binding }, { userId: viewer.id });
    const reached = async (identifier: string): Promise<string> => {
      const responses = [{ identification: { identifier } }];
      return (await start(app.client(), { flow: { slug: flow.slug }, responses })).step.stageName;
    };
    expect([await reached('bob'), await reached(ADMIN.username), await reached('somebody else')]).toEqual([
      'only for bob',
      'for everybody',
      'for everybody',
    ]);
  });

  it('that changes its mind takes the answer with the stage: it reaches no other', async () => {
    const policyId = await composer.policy(PASSES);
    const flow = await composer.flow();
    const binding = await composer.bind(flow.id, await stageNamed('guarded'), 10, ON_RUN);
    await composer.guard({ stageBindingId: binding }, { policyId });
    await composer.bind(flow.id, await stageNamed('after'), 20);
    const client = app.client();
    const before = await start(client, { flow: { slug: flow.slug } });
    expect(before.step.stageName).toBe('guarded');
    const update =
      'mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }';
    await admin.ok(update, { id: policyId, input: { config: FAILS } });
    const after = await submit(client, before, ACKNOWLEDGED);
    expect(after.step).toMatchObject({ __typename: 'DummyChallenge', stageName: 'after', errors: [] });
    expect((await submit(client, after, ACKNOWLEDGED)).step).toMatchObject({ __typename: 'FlowCompleted' });
  });
});

describe('a policy that removes the stage that signs in', () => {
  it.each([
    ['when the flow is planned', ON_PLAN],
    ["when the stage's turn comes", ON_RUN],
  ])('denies the flow, with its message: %s', async (_, place) => {
    const flow = await composer.flow();
    await composer.add(flow, 1, { identification: {} });
    await composer.add(flow, 2, { password: {} });
    const binding = await composer.add(flow, 3, { userLogin: {} }, place);
    await composer.guardWith(
      { stageBindingId: binding },
      { dummy: { result: false, message: 'Not from here.' } },
    );
    const client = app.client();
    const responses = [
      { identification: { identifier: ADMIN.username } },
      { password: { password: ADMIN.password } },
    ];
    const { step } = await start(client, { flow: { slug: flow.slug }, responses });
    expect(step).toMatchObject({
      __typename: 'FlowDenied',
      code: 'LOGIN_BLOCKED',
      message: 'Not from here.',
    });
    expect((await client.ok('{ viewer { username } }')).viewer).toBeNull();
  });
});
