import { Composer } from '../support/compose.js';
import { LOGIN, WRONG, cancel, credentials, find } from '../support/executions.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import {
  FOLLOW,
  followingLate,
  followingOf,
  nextCodes,
  nextExecution,
  transports,
} from '../support/following.js';
import type { Operation, Results } from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const UNKNOWN_ID = 'b4c1b1a0-0000-4000-8000-000000000000';
const NATIVE = { flow: LOGIN, client: 'NATIVE' };
const [identification = {}, password = {}] = credentials();

let app: TestApp;
beforeAll(async () => {
  // Nobody looks by himself after the first time.
  app = await startTestApp({}, { lookoutSeconds: 3600 });
});
afterAll(() => app.close());

describe.each(transports)('an execution that is followed %s', (_way, subscribe) => {
  const follow = (client: TestClient, operation: Operation): Results =>
    subscribe({ address: app.address, client }, operation);

  async function expectEnd(results: Results): Promise<void> {
    expect(await results.next()).toMatchObject({ done: true });
  }

  it('is told with each step that is taken elsewhere, and no longer once the flow has ended', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const results = follow(client, followingOf(first));
    const second = await submit(client, first, identification);
    expect(await nextExecution(results)).toEqual(await find(client, second));
    const refused = await submit(client, second, WRONG);
    expect(await nextExecution(results)).toEqual(await find(client, refused));
    const last = await submit(client, refused, password);
    expect(last.step.__typename).toBe('FlowCompleted');
    expect(await nextExecution(results)).toEqual(await find(client, last));
    await expectEnd(results);
  });

  it('is told to a native client by its token, and without a secret', async () => {
    const first = await start(app.client(), NATIVE);
    const results = follow(app.client(), followingOf(first));
    const second = await submit(app.client(), first, identification);
    const told = [await nextExecution(results)];
    const third = await submit(app.client(), second, password);
    told.push(await nextExecution(results));
    await expectEnd(results);
    expect(told.map((execution) => execution.step.__typename)).toEqual([
      'PasswordChallenge',
      'FlowCompleted',
    ]);
    expect(told[1].step.session.session).toEqual(third.step.session.session);
    const secrets = [first.token, third.step.session.token];
    expect(secrets).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
    for (const secret of secrets) expect(JSON.stringify(told)).not.toContain(secret);
  });

  it('is told at once where another step is current than the client shows', async () => {
    const client = app.client();
    const first = await start(client, { flow: LOGIN });
    const second = await submit(client, first, identification);
    const results = follow(client, followingOf(first));
    expect((await nextExecution(results)).step).toEqual(second.step);
    await cancel(client, second);
    expect((await nextExecution(results)).step.__typename).toBe('FlowCancelled');
    await expectEnd(results);
  });

  it.each([
    ['which challenge it shows', (execution: Execution) => execution.step.id],
    ['nothing', () => undefined],
  ])('that has ended already is told once, to a client that says %s', async (_what, shown) => {
    const client = app.client();
    const execution = await start(client, { flow: LOGIN });
    await cancel(client, execution);
    const variables = { id: execution.id, challengeId: shown(execution) };
    const results = follow(client, { query: FOLLOW, variables });
    expect((await nextExecution(results)).step.__typename).toBe('FlowCancelled');
    await expectEnd(results);
  });

  it('is told with the definitions of that moment', async () => {
    const composer = new Composer(await signedIn(app));
    const flow = await composer.flowOf({ title: 'Before' }, { dummy: {} }, { dummy: {} });
    const client = app.client();
    const first = await start(client, { flow: { slug: flow.slug } });
    const results = follow(client, followingLate(first));
    expect((await nextExecution(results)).flow.title).toBe('Before');
    await composer.admin.ok(
      'mutation($id: ID!) { updateFlow(id: $id, input: { title: "Afterwards" }) { id } }',
      { id: flow.id },
    );
    await submit(client, first, { dummy: { acknowledge: true } });
    expect((await nextExecution(results)).flow.title).toBe('Afterwards');
    await results.return?.();
  });

  it('is told to all who follow it, and to nobody who follows another one', async () => {
    const client = app.client();
    const [one, two] = await Promise.all([start(client, { flow: LOGIN }), start(client, { flow: LOGIN })]);
    const followers = [follow(client, followingLate(one)), follow(client, followingLate(one))];
    const other = follow(client, followingLate(two));
    for (const results of [...followers, other]) await nextExecution(results);
    await submit(client, one, identification);
    for (const results of followers) {
      expect((await nextExecution(results)).step.__typename).toBe('PasswordChallenge');
      await results.return?.();
    }
    await cancel(client, two);
    expect(await nextExecution(other)).toMatchObject({ id: two.id, step: { __typename: 'FlowCancelled' } });
  });

  it('does not exist for anybody else, as one that does not exist', async () => {
    const owner = app.client();
    const [browser, native] = await Promise.all([start(owner, { flow: LOGIN }), start(owner, NATIVE)]);
    const asked: [TestClient, object][] = [
      [app.client(), { id: browser.id }],
      [app.client(), { id: browser.id, token: 'A'.repeat(43) }],
      [owner, { id: browser.id, token: owner.cookies.values().next().value }],
      [owner, { id: native.id }],
      [owner, { id: native.id, token: 'A'.repeat(43) }],
      [owner, { id: UNKNOWN_ID, token: native.token }],
      [owner, { id: UNKNOWN_ID }],
      [owner, { id: 'nothing like an id', token: native.token }],
    ];
    const answers = asked.map(async ([client, variables]) => {
      const results = follow(client, { query: FOLLOW, variables: { ...variables } });
      const { value } = await results.next();
      await expectEnd(results);
      return value;
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    expect(others).toEqual(others.map(() => first));
    const { errors } = await owner.send('mutation { cancelFlow(input: { executionId: "unknown" }) { id } }');
    expect(first.errors[0].message).toBe(errors[0]?.message);
    expect(await nextCodes(follow(app.client(), followingOf(browser)))).toEqual(['NOT_FOUND']);
  });
});

describe('an execution that expires', () => {
  let watchful: TestApp;
  beforeAll(async () => {
    watchful = await startTestApp({}, { lookoutSeconds: 0.02 });
  });
  afterAll(() => watchful.close());

  it.each(transports)(
    'is told when its time is over though nobody does anything, %s',
    async (_way, subscribe) => {
      const client = watchful.client();
      const caller = { address: watchful.address, client };
      const sooner = await start(client, { flow: LOGIN });
      watchful.clock.advance(600);
      const later = await start(client, { flow: LOGIN });
      const ofLater = subscribe(caller, followingLate(later));
      expect((await nextExecution(ofLater)).step).toEqual(later.step);
      const ofSooner = subscribe(caller, followingLate(sooner));
      expect((await nextExecution(ofSooner)).step).toEqual(sooner.step);
      for (const [results, seconds] of [
        [ofSooner, 3000],
        [ofLater, 600],
      ] as const) {
        watchful.clock.advance(seconds);
        const { step } = await nextExecution(results);
        expect(step).toMatchObject({ __typename: 'FlowDenied', code: 'EXPIRED' });
        expect(await results.next()).toMatchObject({ done: true });
      }
    },
  );
});
