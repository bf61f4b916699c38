import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { Composer, filledIn, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { cancel, find, viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect, inspectPage, told, tryInspect } from '../support/inspector.js';
import type { Inspected } from '../support/inspector.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BOB = { username: 'bob', password: 'a long enough password' };
const NAME = { identification: { identifier: BOB.username } };
const PASSWORD = { password: { password: BOB.password } };
const OK = { dummy: { acknowledge: true } };
const HOUR_SECONDS = 3600;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let enrollment: ComposedFlow;
let client: TestClient;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  enrollment = await composer.enrollment();
  await signedUp(app, enrollment.slug, BOB);
});
beforeEach(() => {
  client = app.client({ address: '203.0.113.7' });
});
afterAll(() => app.close());

const run = (flow: ComposedFlow, responses: object[] = []) =>
  start(client, { flow: { slug: flow.slug }, responses });
const outcomes = ({ stages }: Inspected): string[] => stages.map(({ outcome }: Inspected) => outcome);

/** The entries of a type, of all requests. */
function entriesOf({ history }: Inspected, type: string): Inspected[] {
  return history
    .flatMap(({ entries }: Inspected) => entries)
    .filter(({ __typename }: Inspected) => __typename === type);
}

describe('the inspector', () => {
  it('tells where an execution stands, since when, for whom and from where', async () => {
    const flow = await composer.flowOf({}, { identification: {} }, { password: {} }, { userLogin: {} });
    const first = await run(flow);
    app.clock.advance(60);
    await submit(client, first, NAME);
    const execution = await inspect(admin, { id: first.id });
    const begun = app.clock.now().getTime() - 60_000;
    expect(execution).toMatchObject({
      id: first.id,
      client: 'BROWSER',
      state: 'RUNNING',
      flow: { slug: flow.slug },
      user: { username: 'bob' },
      createdAt: new Date(begun).toISOString(),
      expiresAt: new Date(begun + HOUR_SECONDS * 1000).toISOString(),
      requests: 2,
      step: { kind: 'CHALLENGE', stageKind: 'PASSWORD', codes: [], message: null },
      outerFlows: [],
      redirectedFrom: null,
      history: [
        { at: new Date(begun).toISOString(), address: '203.0.113.7' },
        { at: app.clock.now().toISOString(), address: '203.0.113.7' },
      ],
    });
    expect(outcomes(execution)).toEqual(['PASSED', 'CURRENT', 'AHEAD']);
  });

  it('opens an execution by the supportId that its person was told, and says why it was denied', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const policyId = await composer.policy(
      { dummy: { result: false, message: 'Not on Sundays.' } },
      'no Sundays',
    );
    const bindingId = await composer.guard({ flowId: flow.id }, { policyId });
    const { step, id } = await run(flow);
    const execution = await inspect(admin, { supportId: step.supportId });
    expect(execution).toMatchObject({
      id,
      supportId: step.supportId,
      state: 'DENIED',
      step: { kind: 'DENIED', stageName: null, codes: ['POLICY_DENIED'], message: 'Not on Sundays.' },
      stages: [],
    });
    expect(execution.history).toHaveLength(1);
    expect(execution.history[0].entries).toEqual([
      {
        __typename: 'PolicyEvaluation',
        moment: 'ENTRY',
        flow: flow.slug,
        stageName: null,
        bindingId,
        policy: 'no Sundays',
        passing: false,
        messages: ['Not on Sundays.'],
        error: null,
        milliseconds: expect.any(Number),
        input: null,
      },
      {
        __typename: 'FlowEvent',
        flowEvent: 'DENIED',
        flow: flow.slug,
        code: 'POLICY_DENIED',
        message: 'Not on Sundays.',
      },
    ]);
  });

  it('knows nothing under what is no name of an execution', async () => {
    const { id, step } = await run(await composer.flowOf({}, { deny: {} }));
    for (const which of [
      { id: randomUUID() },
      { id: 'x' },
      { supportId: '' },
      { id: step.supportId },
      { supportId: id },
    ])
      expect(await inspect(admin, which)).toBeNull();
    expect(await inspect(admin, { id, supportId: randomUUID() })).toBeNull();
    expect(await inspect(admin, { id, supportId: step.supportId })).not.toBeNull();
    expect((await tryInspect(admin, {})).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'id', code: 'REQUIRED' }] } },
    ]);
  });

  it('tells why a policy came to no result, which its person is never told', async () => {
    const flow = await composer.flow();
    const place = { evaluateOnPlan: false, reEvaluatePolicies: true };
    const binding = await composer.add(flow, 10, { dummy: {} }, place);
    const expression = 'user.shoeSize > 40';
    await composer.guardWith({ stageBindingId: binding }, { expression: { expression } });
    const { step } = await run(flow);
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
    expect(step.message).not.toContain('shoeSize');
    const execution = await inspect(admin, { supportId: step.supportId });
    const [evaluation] = entriesOf(execution, 'PolicyEvaluation');
    expect(evaluation).toMatchObject({ moment: 'RUN', passing: false, messages: [] });
    expect(evaluation.error).toMatch(/null/);
    expect(entriesOf(execution, 'RecordedEffect')).toMatchObject([
      { effect: 'RECORD_EVENT', details: { action: 'POLICY_ERROR', details: { reason: evaluation.error } } },
    ]);
  });

  it('tells how long each policy took', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, { expression: { expression: 'true' } });
    const { id } = await run(flow);
    const [evaluation] = entriesOf(await inspect(admin, { id }), 'PolicyEvaluation');
    expect(evaluation.milliseconds).toBeGreaterThan(0);
  });

  it('tells which stages a policy took out, and when', async () => {
    const flow = await composer.flow();
    const onPlan = { evaluateOnPlan: true, reEvaluatePolicies: false };
    const onRun = { evaluateOnPlan: false, reEvaluatePolicies: true };
    for (const [name, order, place] of [
      ['unplanned', 10, onPlan],
      ['unrun', 20, onRun],
    ] as const) {
      const binding = await composer.bind(flow.id, await composer.stage({ dummy: {} }, name), order, place);
      await composer.guardWith({ stageBindingId: binding }, { dummy: { result: false } });
    }
    await composer.bind(flow.id, await composer.stage({ dummy: {} }, 'left over'), 30);
    const execution = await inspect(admin, await run(flow));
    expect(execution.stages).toMatchObject([
      { stageName: 'unrun', outcome: 'SKIPPED' },
      { stageName: 'left over', outcome: 'CURRENT' },
    ]);
    const moments = told(execution, 0).map((line) => line.replace(/policy-\d+/, 'policy'));
    expect(moments).toEqual([
      'PLAN policy',
      `PLANNED ${flow.slug}`,
      'REMOVED unplanned',
      'RUN policy',
      'SKIPPED unrun',
      'ASKED left over',
    ]);
  });

  it('tells what was wrong with an answer, and that the flow began again for it', async () => {
    const flow = await composer.flow();
    const place = { invalidResponseAction: 'RESTART' };
    const stage = await composer.stage({ identification: { pretendUserExists: false } }, 'whoever');
    await composer.bind(flow.id, stage, 10, place);
    const first = await run(flow);
    await submit(client, first, { identification: { identifier: 'nobody' } });
    const execution = await inspect(admin, { id: first.id });
    expect(told(execution, 1)).toEqual([
      'REFUSED whoever',
      `RESTARTED ${flow.slug}`,
      `PLANNED ${flow.slug}`,
      'ASKED whoever',
      'CHANGE_REPUTATION',
    ]);
    const refused = execution.history[1].entries[0];
    expect(refused).toMatchObject({ stageKind: 'IDENTIFICATION', codes: ['INVALID_CREDENTIALS'] });
  });

  it('tells what is wrong with the last answer while the person has another try', async () => {
    const flow = await composer.flowOf({}, { identification: {} }, { password: {} });
    const execution = await run(flow, [NAME, { password: { password: 'surely not it' } }]);
    expect((await inspect(admin, execution)).step).toMatchObject({
      stageKind: 'PASSWORD',
      codes: ['INVALID_CREDENTIALS'],
      message: 'This is not the right password.',
    });
  });

  it('tells which flows wait for each other, and goes on with the outer one where they return', async () => {
    const innermost = await composer.flowOf({}, { dummy: {} });
    const to = (flow: ComposedFlow) => ({ redirect: { flowId: flow.id, returns: true } });
    const inner = await composer.flow();
    await composer.bind(inner.id, await composer.stage(to(innermost), 'into the innermost'), 10);
    const outer = await composer.flowOf({}, { dummy: {} });
    await composer.bind(outer.id, await composer.stage(to(inner), 'into the inner'), 20);
    await composer.add(outer, 30, { dummy: {} });
    const first = await run(outer, [OK]);
    const deep = await inspect(admin, { id: first.id });
    expect(deep).toMatchObject({
      flow: { slug: innermost.slug },
      redirectedFrom: inner.slug,
      outerFlows: [
        { flow: { slug: outer.slug }, stageName: 'into the inner' },
        { flow: { slug: inner.slug }, stageName: 'into the innermost' },
      ],
    });
    expect(outcomes(deep)).toEqual(['CURRENT']);
    expect(told(deep, 0).filter((line) => /^(ENTERED|RETURNED)/.test(line))).toEqual([
      `ENTERED ${inner.slug}`,
      `ENTERED ${innermost.slug}`,
    ]);
    await submit(client, first, OK);
    const back = await inspect(admin, { id: first.id });
    expect(back).toMatchObject({ flow: { slug: outer.slug }, redirectedFrom: null, outerFlows: [] });
    expect(outcomes(back)).toEqual(['PASSED', 'PASSED', 'CURRENT']);
    expect(told(back, 1).filter((line) => line.startsWith('RETURNED'))).toEqual([
      `RETURNED ${inner.slug}`,
      `RETURNED ${outer.slug}`,
    ]);
  });

  it('tells what was written, for whom', async () => {
    const person = { username: 'carol', password: 'a long enough password' };
    const { id, step } = await run(enrollment, [filledIn(person)]);
    const execution = await inspect(admin, { id });
    const userId = execution.user.id;
    expect(execution).toMatchObject({ state: 'COMPLETED', user: { username: 'carol' } });
    expect(outcomes(execution)).toEqual(['PASSED', 'PASSED', 'PASSED']);
    expect(entriesOf(execution, 'RecordedEffect')).toMatchObject([
      { effect: 'CREATE_USER', details: { userId, username: 'carol' } },
      { effect: 'SET_PASSWORD', details: { userId } },
      { effect: 'RECORD_EVENT', details: { action: 'PASSWORD_SET', userId } },
      { effect: 'RECORD_EVENT', details: { action: 'USER_WRITTEN', userId } },
      {
        effect: 'OPEN_SESSION',
        details: { userId, sessionId: step.session.session.id, amr: ['enrollment'] },
      },
      { effect: 'RECORD_EVENT', details: { action: 'LOGIN', userId } },
    ]);
  });

  it('tells that an execution was abandoned, or that its time is over', async () => {
    const flow = await composer.flowOf({}, { dummy: {} }, { dummy: {} });
    const abandoned = await run(flow, [OK]);
    await cancel(client, abandoned);
    const cancelled = await inspect(admin, { id: abandoned.id });
    expect(cancelled).toMatchObject({ state: 'CANCELLED', step: { kind: 'CANCELLED' } });
    expect(outcomes(cancelled)).toEqual(['PASSED', 'AHEAD']);
    expect(told(cancelled, 1)).toEqual([`CANCELLED ${flow.slug}`]);

    const { id } = await run(flow);
    app.clock.advance(HOUR_SECONDS - 1);
    expect(await inspect(admin, { id })).toMatchObject({ state: 'RUNNING' });
    app.clock.advance(1);
    expect(await inspect(admin, { id })).toMatchObject({ state: 'EXPIRED', step: { kind: 'CHALLENGE' } });
    const { step } = await find(client, { id });
    expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
    expect((await inspect(admin, { supportId: step.supportId })).id).toBe(id);
  });

  it('goes on telling of an execution whose flow has been deleted', async () => {
    const flow = await composer.flow();
    const stageId = await composer.stage({ dummy: {} }, 'still there');
    const bindingId = await composer.bind(flow.id, stageId, 10);
    const first = await run(flow);
    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: flow.id });
    const running = await inspect(admin, { id: first.id });
    expect(running).toMatchObject({
      state: 'RUNNING',
      flow: null,
      step: { stageName: 'still there' },
      stages: [{ bindingId, stageName: 'still there', outcome: 'CURRENT' }],
    });
    await submit(client, first, OK);
    const denied = await inspect(admin, { id: first.id });
    expect(denied).toMatchObject({
      state: 'DENIED',
      flow: null,
      step: { codes: ['CONFIGURATION_ERROR'] },
      stages: [{ bindingId, stageName: null, stageKind: null, outcome: 'AHEAD' }],
    });
    expect(told(denied, 0)).toEqual([`PLANNED ${flow.slug}`, 'ASKED still there']);
    expect(told(denied, 1)).toEqual(['DENIED null', 'RECORD_EVENT']);
  });

  // The API cannot delete a user yet, so this reaches into the database, which it can do on a server only.
  const onServer = STAGEDOOR_TEST_DATABASE === 'postgres' ? it : it.skip;
  onServer('goes on telling of an execution whose person has been deleted', async () => {
    const person = { username: 'gone', password: 'a long enough password' };
    const { id } = await run(enrollment, [filledIn(person)]);
    const userId = (await inspect(admin, { id })).user.id;
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    await database.query('delete from user_account where id = $1', [userId]);
    await database.end();
    const context = { pendingUser: { id: userId, identifier: 'gone' } };
    expect(await inspect(admin, { id })).toMatchObject({ user: null, context });
    expect((await inspectPage(admin, { filter: { userId } })).ids).toEqual([id]);
  });

  it('tells who was signed in as long as it is about nobody else', async () => {
    const bob = await signedIn(app, BOB);
    const flow = await composer.flowOf({}, { dummy: {} }, { identification: {} }, { dummy: {} });
    const first = await start(bob, { flow: { slug: flow.slug } });
    expect((await inspect(admin, { id: first.id })).user.username).toBe('bob');
    const second = await submit(bob, first, OK);
    await submit(bob, second, { identification: { identifier: 'ada' } });
    expect((await inspect(admin, { id: first.id })).user.username).toBe('ada');
  });

  it('shows nobody where a name belongs to nobody, and what was typed', async () => {
    const flow = await composer.flowOf({}, { identification: {} }, { password: {} });
    const execution = await run(flow, [{ identification: { identifier: 'no such person' } }]);
    expect(await inspect(admin, execution)).toMatchObject({
      user: null,
      context: { pendingUser: { id: null, identifier: 'no such person' } },
    });
  });

  it('only looks: the execution stands where it stood, and its person goes on', async () => {
    const flow = await composer.flowOf({}, { identification: {} }, { password: {} }, { userLogin: {} });
    const execution: Execution = await run(flow, [NAME]);
    const before = await inspect(admin, { id: execution.id });
    for (const size of [1, 50]) await inspectPage(admin, { first: size });
    expect(await inspect(admin, { id: execution.id })).toEqual(before);
    expect((await find(client, execution)).step).toEqual(execution.step);
    expect((await submit(client, execution, PASSWORD)).step.__typename).toBe('FlowCompleted');
    expect(await viewerOf(client)).toMatchObject({ username: 'bob' });
  });

  it('tells how many requests there were, and what the last hundred of them did', async () => {
    const flow = await composer.flow();
    const fieldIds = [await composer.promptField({ key: 'name', type: 'TEXT', required: true })];
    await composer.bind(flow.id, await composer.stage({ prompt: { fieldIds } }, 'empty form'), 10);
    let execution = await run(flow);
    for (let wrong = 0; wrong < 101; wrong += 1)
      execution = await submit(client, execution, filledIn({ name: '' }));
    const inspected = await inspect(admin, { id: execution.id });
    expect(inspected.requests).toBe(102);
    expect(inspected.history).toHaveLength(100);
    for (const request of [0, 99])
      expect(told(inspected, request)).toEqual(['REFUSED empty form', 'ASKED empty form']);
  });

  it('refuses strangers, also where the execution is their own', async () => {
    const { id } = await run(await composer.flowOf({}, { dummy: {} }));
    expect((await tryInspect(client, { id })).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    const bob = app.client();
    const own = await start(bob, { flow: { designation: 'AUTHENTICATION' }, responses: [NAME, PASSWORD] });
    for (const which of [{ id: own.id }, { supportId: randomUUID() }, {}]) {
      const { data, errors } = await tryInspect(bob, which);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(data.execution).toBeNull();
    }
  });
});
