/**
 * How flows are run: what the relative's tests assert of its executor, as a client of ours sees it. SPEC-CASES.md says
 * which of its cases is shown where.
 */
import type { Composer } from '../support/compose.js';
import {
  ACKNOWLEDGED,
  ChangingPolicy,
  ON_PLAN,
  ON_RUN,
  REFUSED,
  acknowledgeAll,
} from '../support/dummies.js';
import type { DummyFlows } from '../support/dummies.js';
import { cancel, find, tryStart } from '../support/executions.js';
import { start, submit } from '../support/flows.js';
import { BOB, CAROL, setSpecScene } from '../support/spec-scene.js';
import { ADMIN } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let bob: TestClient;
let composer: Composer;
let dummies: DummyFlows;
beforeAll(async () => {
  ({ app, admin, bob, composer, dummies } = await setSpecScene());
});
afterAll(() => app.close());

const identification = (identifier: string) => ({ identification: { identifier } });

describe('another flow that is started in the same browser', () => {
  it('is run for itself: the one that is under way is neither continued nor abandoned', async () => {
    const { slug } = await dummies.flow({}, { A: {}, B: {} });
    const empty = await composer.flow();
    const client = app.client();
    const underWay = await start(client, { flow: { slug } });
    const other = await start(client, { flow: { slug: empty.slug } });
    expect(other).toMatchObject({ flow: { slug: empty.slug }, step: { code: 'EMPTY_FLOW' } });
    expect((await find(client, underWay)).step).toEqual(underWay.step);
    expect((await acknowledgeAll(client, underWay)).asked).toEqual(['A', 'B']);
  });

  it('is the one that its designation means, whatever else is under way', async () => {
    const { slug } = await dummies.flow({}, { A: {} });
    const client = app.client();
    await start(client, { flow: { slug } });
    expect(await start(client, { flow: { designation: 'INVALIDATION' } })).toMatchObject({
      flow: { slug: 'default-invalidation-flow', designation: 'INVALIDATION' },
      step: { __typename: 'FlowCompleted' },
    });
  });
});

describe('a flow that does not let somebody in', () => {
  it('says why, and which flow it was', async () => {
    const flow = await dummies.flow({ title: 'Not for everybody' }, { A: {} });
    await composer.guardWith({ flowId: flow.id }, { dummy: { result: false, message: 'foo' } });
    expect(await start(app.client(), { flow: { slug: flow.slug } })).toMatchObject({
      flow: { slug: flow.slug, title: 'Not for everybody' },
      step: { __typename: 'FlowDenied', code: 'POLICY_DENIED', message: 'foo', redirectTo: null },
    });
  });

  it.each([
    ['without a token', undefined],
    ['with a token that never was', 'A'.repeat(43)],
  ])('says that the link is no good where it wants one and is opened %s', async (_how, flowToken) => {
    const fields = { designation: 'RECOVERY', authentication: 'REQUIRE_TOKEN' };
    const { slug } = await dummies.flow(fields, { A: {} });
    expect((await start(app.client(), { flow: { slug }, flowToken })).step).toMatchObject({
      __typename: 'FlowDenied',
      code: 'INVALID_TOKEN',
      message: 'This link is invalid or has expired. Please request a new one.',
    });
  });
});

describe('a flow with nothing to do', () => {
  it.each([
    ['AUTHENTICATION', 'MESSAGE_CONTINUE', '/unique-string', '/unique-string'],
    ['AUTHENTICATION', 'MESSAGE_CONTINUE', null, null],
    ['AUTHENTICATION', 'CONTINUE', null, '/'],
    ['STAGE_CONFIGURATION', 'MESSAGE_CONTINUE', '/unique-string', '/unique-string'],
  ])('is a denial that leads on: %s, %s, next %j', async (designation, deniedAction, next, redirectTo) => {
    const { slug } = await composer.flow({ designation, deniedAction });
    expect((await start(app.client(), { flow: { slug }, next })).step).toMatchObject({
      __typename: 'FlowDenied',
      code: 'EMPTY_FLOW',
      redirectTo,
    });
  });

  it.each(['/unique-string', null])(
    'is no denial for somebody who is signed in where it would have signed them in: next %j',
    async (next) => {
      const { slug } = await composer.flow({ designation: 'AUTHENTICATION' });
      const { step } = await start(bob, { flow: { slug }, next });
      expect(step).toMatchObject({ __typename: 'FlowCompleted', redirectTo: next, session: null });
    },
  );

  it.each(['AUTHENTICATION', 'STAGE_CONFIGURATION'])(
    'leads to no other site: %s is not even started',
    async (designation) => {
      const { slug } = await composer.flow({ designation });
      const next = 'http://something.example.com/unique-string';
      const { data, errors } = await tryStart(app.client(), { flow: { slug }, next });
      expect(data).toBeNull();
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.next', code: 'NOT_ALLOWED' }] } },
      ]);
    },
  );
});

describe('the stages of a flow', () => {
  it('ask one after the other, each once, until none is left', async () => {
    const { slug } = await dummies.flow({}, { A: {}, B: {} });
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    expect(first.step).toMatchObject({ __typename: 'DummyChallenge', stageName: 'A' });
    const second = await submit(client, first, ACKNOWLEDGED);
    expect(second).toMatchObject({ id: first.id, step: { __typename: 'DummyChallenge', stageName: 'B' } });
    expect(second.step.id).not.toBe(first.step.id);
    expect((await submit(client, second, ACKNOWLEDGED)).step).toMatchObject({
      __typename: 'FlowCompleted',
      redirectTo: null,
    });
  });

  it('all ask where the policies in between let them', async () => {
    const policy = await ChangingPolicy.made(composer);
    const { slug } = await dummies.flow(
      {},
      { A: { place: ON_PLAN }, B: { place: ON_RUN, guards: [policy.subject] }, C: { place: ON_PLAN } },
    );
    const client = app.client();
    const { asked, end } = await acknowledgeAll(client, await start(client, { flow: { slug } }));
    expect(asked).toEqual(['A', 'B', 'C']);
    expect(end).toMatchObject({ __typename: 'FlowCompleted' });
  });
});

describe('a policy that changes its mind', () => {
  it('ends the flow where it takes out the last stage, while that is asking: nobody looks at the answer', async () => {
    const policy = await ChangingPolicy.made(composer);
    const { slug } = await dummies.flow(
      {},
      { A: { place: ON_PLAN }, B: { place: ON_RUN, guards: [policy.subject] } },
    );
    const client = app.client();
    const asking = await submit(client, await start(client, { flow: { slug } }), ACKNOWLEDGED);
    expect(asking.step.stageName).toBe('B');
    await policy.decide(false);
    expect((await submit(client, asking, REFUSED)).step).toMatchObject({ __typename: 'FlowCompleted' });
  });

  it('drops the answer with the stage in the middle: the one after it asks for its own', async () => {
    const policy = await ChangingPolicy.made(composer);
    const { slug } = await dummies.flow(
      {},
      { A: { place: ON_PLAN }, B: { place: ON_RUN, guards: [policy.subject] }, C: { place: ON_PLAN } },
    );
    const client = app.client();
    const asking = await submit(client, await start(client, { flow: { slug } }), ACKNOWLEDGED);
    expect(asking.step.stageName).toBe('B');
    await policy.decide(false);
    const after = await submit(client, asking, ACKNOWLEDGED);
    expect(after.step).toMatchObject({ __typename: 'DummyChallenge', stageName: 'C', errors: [] });
    expect((await submit(client, after, ACKNOWLEDGED)).step).toMatchObject({ __typename: 'FlowCompleted' });
  });

  it('takes out every stage that it guards, also one that has the same order as another', async () => {
    const policy = await ChangingPolicy.made(composer);
    const guarded = { place: ON_RUN, guards: [policy.subject] };
    const { slug } = await dummies.flow(
      {},
      {
        A: { place: ON_PLAN, order: 0 },
        B: { ...guarded, order: 1 },
        C: { ...guarded, order: 2 },
        D: { place: ON_PLAN, order: 2 },
      },
    );
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    await policy.decide(false);
    const { asked, end } = await acknowledgeAll(client, first);
    expect(asked).toEqual(['A', 'D']);
    expect(end).toMatchObject({ __typename: 'FlowCompleted' });
  });

  it('is not asked by looking: a query shows the stage that stands, and only an answer goes on', async () => {
    const policy = await ChangingPolicy.made(composer);
    const { slug } = await dummies.flow(
      {},
      { B: { place: ON_RUN, guards: [policy.subject] }, D: { place: ON_PLAN } },
    );
    const client = app.client();
    const asking = await start(client, { flow: { slug } });
    await policy.decide(false);
    expect((await find(client, asking)).step).toEqual(asking.step);
    expect((await submit(client, asking, ACKNOWLEDGED)).step).toMatchObject({ stageName: 'D' });
  });
});

describe('what a policy says of a stage that it takes out', () => {
  it('comes with the next challenge and not again, and with the end where nothing asks any more', async () => {
    const takenOut = async (message: string) => {
      const policyId = await composer.policy({ dummy: { result: false, message } });
      return { place: ON_RUN, guards: [{ policyId }] };
    };
    const { slug } = await dummies.flow(
      {},
      { A: await takenOut('Not A.'), B: {}, C: {}, D: await takenOut('Not D.') },
    );
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    const second = await submit(client, first, ACKNOWLEDGED);
    const end = await submit(client, second, ACKNOWLEDGED);
    expect([first, second, end].map(({ step }) => [step.stageName, step.messages])).toEqual([
      ['B', [{ level: 'INFO', text: 'Not A.' }]],
      ['C', []],
      [undefined, [{ level: 'INFO', text: 'Not D.' }]],
    ]);
  });
});

describe('what a policy says of a stage that it lets stand', () => {
  const letsStand = async (message: string) => {
    const policyId = await composer.policy({ dummy: { result: true, message } });
    return { place: ON_RUN, guards: [{ policyId }] };
  };

  it('comes with that stage’s challenge, and not again with the next one', async () => {
    const { slug } = await dummies.flow({}, { A: await letsStand('Nearly there.'), B: {} });
    const client = app.client();
    const first = await start(client, { flow: { slug } });
    const refused = await submit(client, first, REFUSED);
    const second = await submit(client, refused, ACKNOWLEDGED);
    expect([first, refused, second].map(({ step }) => [step.stageName, step.messages])).toEqual([
      ['A', [{ level: 'INFO', text: 'Nearly there.' }]],
      ['A', []],
      ['B', []],
    ]);
  });

  it('is not lost with a challenge that an early answer has met before anybody saw it', async () => {
    const { slug } = await dummies.flow({}, { A: await letsStand('Nearly there.'), B: {} });
    const { step } = await start(app.client(), { flow: { slug }, responses: [ACKNOWLEDGED] });
    expect([step.stageName, step.messages]).toEqual(['B', [{ level: 'INFO', text: 'Nearly there.' }]]);
  });
});

describe('whom a challenge is about', () => {
  it('is called what the person typed, even where somebody else is signed in', async () => {
    const { slug } = await composer.flowOf({}, { identification: {} }, { dummy: {} });
    const asked = await start(admin, { flow: { slug } });
    expect(asked.step.user).toEqual({ displayName: ADMIN.username });
    const next = await submit(admin, asked, identification('test-identifier'));
    expect(next.step).toMatchObject({
      __typename: 'DummyChallenge',
      user: { displayName: 'test-identifier' },
    });
  });
});

describe('a flow that has found out whom it is about', () => {
  it('can deny after a restart what it let pass before, by what it remembers', async () => {
    const flow = await composer.flow();
    const denied = await composer.add(flow, 0, { deny: {} }, ON_RUN);
    const namedNobody = 'context.pendingUser !== undefined && user === null';
    await composer.guardWith({ stageBindingId: denied }, { expression: { expression: namedNobody } });
    const config = { identification: { userFields: ['EMAIL'], pretendUserExists: false } };
    await composer.add(flow, 1, config, { invalidResponseAction: 'RESTART_WITH_CONTEXT' });
    const client = app.client();
    const asked = await start(client, { flow: { slug: flow.slug } });
    expect(asked.step).toMatchObject({
      __typename: 'IdentificationChallenge',
      userFields: ['EMAIL'],
      passwordRequired: false,
      loginHint: null,
      user: null,
    });
    expect((await submit(client, asked, identification('nobody@example.org'))).step).toMatchObject({
      __typename: 'FlowDenied',
      code: 'STAGE_DENIED',
    });
  });

  it('asks one stage of a group and a person only, and denies the others', async () => {
    const { viewer } = await bob.ok('{ viewer { id } }');
    const { stage } = await admin.ok(
      '{ stage(name: "initial-setup-write") { config { ... on UserWriteConfig { groupId } } } }',
    );
    const flow = await composer.flow();
    await composer.add(flow, 0, { identification: {} });
    const guards = [{ groupId: stage.config.groupId }, { userId: viewer.id }];
    await dummies.add(flow, 'for some', { order: 1, place: ON_RUN, guards });
    await composer.add(flow, 2, { deny: {} });
    const reached = async (identifier: string) => {
      const responses = [identification(identifier)];
      const { step } = await start(app.client(), { flow: { slug: flow.slug }, responses });
      return step.__typename;
    };
    expect({
      member: await reached(ADMIN.username),
      person: await reached(BOB.username),
      other: await reached(CAROL.username),
    }).toEqual({ member: 'DummyChallenge', person: 'DummyChallenge', other: 'FlowDenied' });
  });
});

describe('what a client shows around every step', () => {
  const SHOWN = `query($id: ID!) {
    flowExecution(id: $id) { flow { title layout backgroundUrl } step { __typename } }
  }`;

  it('stays with the flow, and so does where the person was going', async () => {
    const fields = { designation: 'AUTHENTICATION', title: 'Welcome to Stagedoor!' };
    const { slug } = await composer.flowOf(fields, { identification: {} }, { password: {} });
    const client = app.client();
    const asked = await start(client, { flow: { slug }, next: '/foo' });
    const next = await submit(client, asked, identification(ADMIN.username));
    const { flowExecution } = await client.ok(SHOWN, { id: next.id });
    expect(flowExecution).toEqual({
      flow: { title: 'Welcome to Stagedoor!', layout: 'STACKED', backgroundUrl: null },
      step: { __typename: 'PasswordChallenge' },
    });
    expect((await cancel(client, next)).step).toEqual({ __typename: 'FlowCancelled', redirectTo: '/foo' });
  });

  it.each(['/media/forest.jpg', 'https://images.example.org/forest.jpg?expires=1&signature=a%2Bb&c=%26'])(
    'is the background as it is configured, to the letter: %s',
    async (backgroundUrl) => {
      const { slug } = await dummies.flow({ backgroundUrl }, { A: {} });
      const client = app.client();
      const { id } = await start(client, { flow: { slug } });
      const { flowExecution } = await client.ok(SHOWN, { id });
      expect(flowExecution.flow.backgroundUrl).toBe(backgroundUrl);
    },
  );
});
