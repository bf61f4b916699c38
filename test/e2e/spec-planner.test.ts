/**
 * Which stages a flow consists of for whom: what the relative's tests assert of its planner, as a client of ours sees
 * it. SPEC-CASES.md says which of its cases is shown where.
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
import type { DummyFlows, DummyPlace } from '../support/dummies.js';
import { viewerOf } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import { BOB, CAROL, setSpecScene } from '../support/spec-scene.js';
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

/** The stages that ask this visitor now, in order. */
async function stagesFor(client: TestClient, slug: string): Promise<string[]> {
  return (await acknowledgeAll(client, await start(client, { flow: { slug } }))).asked;
}

/** Puts the stage called `for bob` before bob only, decided while the flow is planned. */
async function onlyForBob(): Promise<DummyPlace> {
  const policyId = await composer.policy({ expression: { expression: "user?.username === 'bob'" } });
  return { place: ON_PLAN, guards: [{ policyId }] };
}

describe('a plan', () => {
  it('is made anew for every start: the same person sees at once what a policy decides now', async () => {
    const policy = await ChangingPolicy.made(composer);
    const fields = { designation: 'AUTHENTICATION' };
    const { slug } = await dummies.flow(fields, {
      'while it passes': { place: ON_PLAN, guards: [policy.subject] },
      always: {},
    });
    expect(await stagesFor(bob, slug)).toEqual(['while it passes', 'always']);
    await policy.decide(false);
    expect(await stagesFor(bob, slug)).toEqual(['always']);
    await policy.decide(true);
    expect(await stagesFor(bob, slug)).toEqual(['while it passes', 'always']);
  });

  it('of one visitor never serves another', async () => {
    const fields = { designation: 'AUTHENTICATION' };
    const { slug } = await dummies.flow(fields, { 'for bob': await onlyForBob(), always: {} });
    expect(await stagesFor(bob, slug)).toEqual(['for bob', 'always']);
    expect(await stagesFor(admin, slug)).toEqual(['always']);
    expect(await stagesFor(app.client(), slug)).toEqual(['always']);
    expect(await stagesFor(bob, slug)).toEqual(['for bob', 'always']);
  });

  it('is made for the person whom the flow is about, where that is known when it is made', async () => {
    const flow = await dummies.flow({}, { 'for bob': await onlyForBob() });
    await composer.add(flow, 10, { identification: {} });
    const place = { invalidResponseAction: 'RESTART_WITH_CONTEXT' };
    await dummies.add(flow, 'refused once', { order: 20, place });
    const restartedAs = async (identifier: string) => {
      const client = app.client();
      const input = { flow: { slug: flow.slug }, responses: [{ identification: { identifier } }] };
      const refused = await submit(client, await start(client, input), REFUSED);
      return refused.step.stageName === 'for bob' ? 'for bob' : refused.step.__typename;
    };
    expect(await restartedAs(BOB.username)).toBe('for bob');
    expect(await restartedAs(CAROL.username)).toBe('IdentificationChallenge');
  });

  it('has stages of one order in the order of their names', async () => {
    const names = ['first', 'second', 'third', 'fourth', 'fifth'];
    const flow = await composer.flow();
    for (const name of names) await dummies.add(flow, name, { order: 1 });
    expect(await stagesFor(app.client(), flow.slug)).toEqual(names.toSorted());
    await dummies.add(flow, 'last', { order: 2 });
    expect(await stagesFor(app.client(), flow.slug)).toEqual([...names.toSorted(), 'last']);
  });
});

describe('the policies before a stage', () => {
  it('are asked when its turn comes, and only then, where nobody says otherwise', async () => {
    const policy = await ChangingPolicy.made(composer);
    const { slug } = await dummies.flow({}, { first: {}, guarded: { guards: [policy.subject] } });
    const client = app.client();
    await policy.decide(false);
    const planned = await start(client, { flow: { slug } });
    await policy.decide(true);
    expect((await submit(client, planned, ACKNOWLEDGED)).step).toMatchObject({ stageName: 'guarded' });
    const again = await start(client, { flow: { slug } });
    await policy.decide(false);
    expect((await submit(client, again, ACKNOWLEDGED)).step).toMatchObject({ __typename: 'FlowCompleted' });
  });

  it('have decided for good where they were asked for the plan, and not where they are asked at its turn', async () => {
    const policy = await ChangingPolicy.made(composer);
    const guards = [policy.subject];
    const { slug } = await dummies.flow(
      {},
      {
        first: {},
        planned: { guards, place: ON_PLAN },
        'asked at both times': { guards, place: { ...ON_RUN, evaluateOnPlan: true } },
      },
    );
    const passing = app.client();
    expect(await stagesFor(passing, slug)).toEqual(['first', 'planned', 'asked at both times']);
    const client = app.client();
    const planned = await start(client, { flow: { slug } });
    await policy.decide(false);
    expect((await acknowledgeAll(client, planned)).asked).toEqual(['first', 'planned']);
  });
});

describe('a flow with a stage that needs no answer', () => {
  const LOGOUT = { userLogout: {} };

  it('ends with its start where no other stage asks', async () => {
    const { slug } = await composer.flowOf({}, LOGOUT);
    const client = await signedIn(app, CAROL);
    expect((await start(client, { flow: { slug } })).step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(await viewerOf(client)).toBeNull();
  });

  it('ends with its start also where a policy is asked at the turn of that stage', async () => {
    for (const [result, signedOut] of [
      [true, true],
      [false, false],
    ] as const) {
      const flow = await composer.flow();
      const binding = await composer.add(flow, 0, LOGOUT, ON_RUN);
      await composer.guardWith({ stageBindingId: binding }, { dummy: { result } });
      const client = await signedIn(app, CAROL);
      const { step } = await start(client, { flow: { slug: flow.slug } });
      expect(step).toMatchObject({ __typename: 'FlowCompleted' });
      expect((await viewerOf(client)) === null).toBe(signedOut);
    }
  });

  it('asks first where another stage comes before it: nothing happens until that is answered', async () => {
    const flow = await dummies.flow({}, { really: {} });
    await composer.add(flow, 10, LOGOUT);
    const client = await signedIn(app, CAROL);
    const asked = await start(client, { flow: { slug: flow.slug } });
    expect(asked.step).toMatchObject({ __typename: 'DummyChallenge', stageName: 'really' });
    expect(await viewerOf(client)).toMatchObject({ username: CAROL.username });
    expect((await submit(client, asked, ACKNOWLEDGED)).step).toMatchObject({ __typename: 'FlowCompleted' });
    expect(await viewerOf(client)).toBeNull();
  });

  it('shows a challenge at its start where every stage of it asks', async () => {
    const { slug } = await dummies.flow({}, { really: {} });
    expect((await start(app.client(), { flow: { slug } })).step).toMatchObject({
      __typename: 'DummyChallenge',
    });
  });
});
