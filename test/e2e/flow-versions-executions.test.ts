import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { byEvents, followingLate } from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const ACKNOWLEDGED = { dummy: { acknowledge: true } };

/** Makes the next version of a flow; its number. */
async function changed({ id }: ComposedFlow): Promise<number> {
  const { updateFlow } = await admin.ok(
    'mutation($id: ID!, $input: UpdateFlowInput!) { updateFlow(id: $id, input: $input) { currentVersion } }',
    { id, input: { title: `as of ${performance.now()}` } },
  );
  return updateFlow.currentVersion;
}

const versionNow = async ({ id }: ComposedFlow): Promise<number> =>
  (await admin.ok('query($id: ID!) { flow(id: $id) { currentVersion } }', { id })).flow.currentVersion;
const inspected = async ({ id }: Execution) =>
  (
    await admin.ok(
      'query($id: ID) { execution(id: $id) { flowVersion flow { slug } outerFlows { flowVersion flow { slug } } } }',
      { id },
    )
  ).execution;

describe('an execution', () => {
  it('records the version of the flow that it runs, which later changes do not touch', async () => {
    const flow = await composer.flowOf({}, { dummy: {} }, { dummy: {} });
    const version = await versionNow(flow);
    const client = app.client();
    const execution = await start(client, { flow: { slug: flow.slug } });
    expect(await inspected(execution)).toMatchObject({ flowVersion: version });
    expect(await changed(flow)).toBe(version + 1);
    await submit(client, execution, ACKNOWLEDGED);
    expect(await inspected(execution)).toMatchObject({ flowVersion: version });
    const later = await start(client, { flow: { slug: flow.slug } });
    expect(await inspected(later)).toMatchObject({ flowVersion: version + 1 });
    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: flow.id });
    expect(await inspected(later)).toMatchObject({ flowVersion: version + 1, flow: null });
  });

  it('that begins anew runs the version of that moment', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.add(flow, 10, { deny: {} }, { invalidResponseAction: 'RESTART' });
    const client = app.client();
    const execution = await start(client, { flow: { slug: flow.slug } });
    const version = await changed(flow);
    const { step } = await submit(client, execution, ACKNOWLEDGED);
    expect(step.__typename).toBe('DummyChallenge');
    expect(await inspected(execution)).toMatchObject({ flowVersion: version });
  });

  it('records the version of each flow, where one waits for another', async () => {
    const inner = await composer.flowOf({}, { dummy: {} });
    const outer = await composer.flowOf({}, { redirect: { flowId: inner.id, returns: true } }, { dummy: {} });
    const versions = { outer: await versionNow(outer), inner: await changed(inner) };
    const client = app.client();
    const execution = await start(client, { flow: { slug: outer.slug } });
    for (const flow of [outer, inner]) await changed(flow);
    expect(await inspected(execution)).toEqual({
      flow: { slug: inner.slug },
      flowVersion: versions.inner,
      outerFlows: [{ flow: { slug: outer.slug }, flowVersion: versions.outer }],
    });
    await submit(client, execution, ACKNOWLEDGED);
    expect(await inspected(execution)).toMatchObject({
      flow: { slug: outer.slug },
      flowVersion: versions.outer,
      outerFlows: [],
    });
  });

  it('tells its version to administrators, and neither to others nor to whoever follows it', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const { slug } = flow;
    const START = `mutation($slug: String!) { startFlow(input: { flow: { slug: $slug } }) {
      id flowVersion step { __typename ... on Challenge { id } }
    } }`;
    const byAdmin = await admin.ok(START, { slug });
    expect(byAdmin.startFlow.flowVersion).toBe(await versionNow(flow));

    const client = app.client();
    const { data, errors } = await client.send(START, { slug });
    expect(errors).toMatchObject([
      { path: ['startFlow', 'flowVersion'], extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(data.startFlow).toMatchObject({ flowVersion: null, step: { __typename: 'DummyChallenge' } });

    const { variables = {} } = followingLate(byAdmin.startFlow);
    const query = `subscription($id: ID!, $challengeId: ID) {
      flowExecutionChanged(id: $id, challengeId: $challengeId) { id flowVersion }
    }`;
    const results = byEvents({ address: app.address, client: admin }, { query, variables });
    const { value } = await results.next();
    await results.return?.();
    expect(value).toMatchObject({
      data: { flowExecutionChanged: { id: byAdmin.startFlow.id, flowVersion: null } },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });
});
