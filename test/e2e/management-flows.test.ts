import { Composer, uniqueName } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
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

const FLOW = `
  id slug name title designation authentication deniedAction policyEngineMode layout backgroundUrl
  stageBindings { id order } policyBindings { id }
`;
const BINDING = `
  id order evaluateOnPlan reEvaluatePolicies invalidResponseAction policyEngineMode
  flow { id slug } stage { id name kind flows { slug } } policyBindings { id }
`;
const CREATE = `mutation($input: CreateFlowInput!) { createFlow(input: $input) { ${FLOW} } }`;
const READ = `query($id: ID, $slug: String) { flow(id: $id, slug: $slug) { ${FLOW} } }`;
const UPDATE = `mutation($id: ID!, $input: UpdateFlowInput!) { updateFlow(id: $id, input: $input) { ${FLOW} } }`;
const DELETE = 'mutation($id: ID!) { deleteFlow(id: $id) }';
const UPDATE_BINDING = `mutation($id: ID!, $input: UpdateStageBindingInput!) {
  updateStageBinding(id: $id, input: $input) { ${BINDING} }
}`;

describe('a flow', () => {
  const everything = {
    slug: 'all-fields',
    name: 'All fields',
    title: 'Welcome, 世界 👋',
    designation: 'RECOVERY',
    authentication: 'REQUIRE_UNAUTHENTICATED',
    deniedAction: 'CONTINUE',
    policyEngineMode: 'ALL',
    layout: 'SIDEBAR_RIGHT',
    backgroundUrl: 'https://example.org/picture.png',
  };
  let id: string;

  it('is made with everything that was said about it', async () => {
    const { createFlow } = await admin.ok(CREATE, { input: everything });
    expect(createFlow).toMatchObject({ ...everything, stageBindings: [], policyBindings: [] });
    id = createFlow.id;
  });

  it('has the documented defaults for the rest', async () => {
    const input = { slug: 'few-fields', name: 'Few fields', title: '', designation: 'ENROLLMENT' };
    expect((await admin.ok(CREATE, { input })).createFlow).toMatchObject({
      authentication: 'NONE',
      deniedAction: 'MESSAGE_CONTINUE',
      policyEngineMode: 'ANY',
      layout: 'STACKED',
      backgroundUrl: null,
    });
  });

  it('is found by its id and by its slug, and by nothing else', async () => {
    expect((await admin.ok(READ, { id })).flow).toMatchObject(everything);
    expect((await admin.ok(READ, { slug: 'all-fields' })).flow).toMatchObject({ id });
    for (const variables of [{}, { id: 'all-fields' }, { slug: id }, { slug: '__proto__' }, { id: null }]) {
      expect((await admin.ok(READ, variables)).flow).toBeNull();
    }
  });

  it('keeps what an update does not mention', async () => {
    const { updateFlow } = await admin.ok(UPDATE, { id, input: { title: 'Changed', layout: 'STACKED' } });
    expect(updateFlow).toMatchObject({ ...everything, title: 'Changed', layout: 'STACKED' });
    expect((await admin.ok(UPDATE, { id, input: {} })).updateFlow).toEqual(updateFlow);
  });

  it('loses its picture by null, and keeps it where the picture is not mentioned', async () => {
    const kept = await admin.ok(UPDATE, { id, input: { title: 'Again' } });
    expect(kept.updateFlow.backgroundUrl).toBe(everything.backgroundUrl);
    const lost = await admin.ok(UPDATE, { id, input: { backgroundUrl: null } });
    expect(lost.updateFlow.backgroundUrl).toBeNull();
  });

  it.each(['name', 'slug', 'title', 'designation', 'deniedAction', 'layout'])(
    'cannot be left without its %s',
    async (field) => {
      const { errors } = await admin.send(UPDATE, { id, input: { [field]: null } });
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
      ]);
    },
  );

  it('is gone once it is deleted, with its bindings; its stages stay', async () => {
    const stage = await composer.stage({ deny: {} });
    await composer.bind(id, stage, 1);
    expect(await admin.ok(DELETE, { id })).toEqual({ deleteFlow: id });
    expect((await admin.ok(READ, { id })).flow).toBeNull();
    const read = await admin.ok('query($id: ID) { stage(id: $id) { flows { id } } }', { id: stage });
    expect(read.stage).toEqual({ flows: [] });
    expect((await admin.send(DELETE, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe("a stage's place in a flow", () => {
  it('has the documented defaults, and leads to flow and stage and back', async () => {
    const flow = await composer.flow();
    const stageId = await composer.stage({ deny: {} }, 'bound-once');
    const input = { flowId: flow.id, stageId, order: 5 };
    const { bindStage } = await admin.ok(
      `mutation($input: BindStageInput!) { bindStage(input: $input) { ${BINDING} } }`,
      { input },
    );
    expect(bindStage).toMatchObject({
      order: 5,
      evaluateOnPlan: false,
      reEvaluatePolicies: true,
      invalidResponseAction: 'RETRY',
      policyEngineMode: 'ANY',
      flow,
      stage: { id: stageId, name: 'bound-once', kind: 'DENY', flows: [{ slug: flow.slug }] },
      policyBindings: [],
    });
  });

  it('is made together with a new stage, or not at all', async () => {
    const flow = await composer.flow();
    const document = `mutation($input: CreateAndBindStageInput!) {
      createAndBindStage(input: $input) { ${BINDING} }
    }`;
    const input = { flowId: flow.id, order: 3, name: 'made-and-bound', config: { userLogout: {} } };
    const { createAndBindStage } = await admin.ok(document, { input });
    expect(createAndBindStage).toMatchObject({ order: 3, flow, stage: { kind: 'USER_LOGOUT' } });

    const tooFar = { ...input, name: 'never-made', order: 2_000_000 };
    expect((await admin.send(document, { input: tooFar })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.order' }] } },
    ]);
    expect(await admin.ok('{ stage(name: "never-made") { id } }')).toEqual({ stage: null });
  });

  it('keeps what an update does not mention', async () => {
    const flow = await composer.flow();
    const place = {
      evaluateOnPlan: true,
      reEvaluatePolicies: false,
      invalidResponseAction: 'RESTART',
      policyEngineMode: 'ALL',
    };
    const id = await composer.add(flow, 7, { deny: {} }, place);
    const { updateStageBinding } = await admin.ok(UPDATE_BINDING, { id, input: { order: 8 } });
    expect(updateStageBinding).toMatchObject({ ...place, order: 8 });
    const changed = await admin.ok(UPDATE_BINDING, {
      id,
      input: { invalidResponseAction: 'RESTART_WITH_CONTEXT', reEvaluatePolicies: true },
    });
    expect(changed.updateStageBinding).toMatchObject({
      ...place,
      order: 8,
      invalidResponseAction: 'RESTART_WITH_CONTEXT',
      reEvaluatePolicies: true,
    });
  });

  it('must ask its policies at some time', async () => {
    const flow = await composer.flow();
    const stageId = await composer.stage({ deny: {} });
    const silent = { flowId: flow.id, stageId, order: 1, evaluateOnPlan: false, reEvaluatePolicies: false };
    const refused = [
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.reEvaluatePolicies' }] } },
    ];
    const bind = 'mutation($input: BindStageInput!) { bindStage(input: $input) { id } }';
    expect((await admin.send(bind, { input: silent })).errors).toMatchObject(refused);
    const id = await composer.bind(flow.id, stageId, 1);
    const update = await admin.send(UPDATE_BINDING, { id, input: { reEvaluatePolicies: false } });
    expect(update.errors).toMatchObject(refused);
    expect((await admin.ok(READ, { id: flow.id })).flow.stageBindings).toEqual([{ id, order: 1 }]);
  });

  it('orders the stages of its flow by number, whatever the order of binding', async () => {
    const flow = await composer.flow();
    const deny = (message: string) => ({ deny: { message } });
    const last = await composer.add(flow, 10, deny('last'));
    const first = await composer.add(flow, -1_000_000, deny('first'));
    const middle = await composer.add(flow, 0, deny('middle'));
    const inOrder = async (): Promise<string[]> =>
      (await admin.ok(READ, { id: flow.id })).flow.stageBindings.map(({ id }: { id: string }) => id);
    expect(await inOrder()).toEqual([first, middle, last]);
    await admin.ok(UPDATE_BINDING, { id: last, input: { order: -5 } });
    expect(await inOrder()).toEqual([first, last, middle]);
  });

  it('goes with unbinding; the stage stays', async () => {
    const name = uniqueName('unbound');
    const flow = await composer.flow();
    const stageId = await composer.stage({ deny: { message: 'still here' } }, name);
    const id = await composer.bind(flow.id, stageId, 1);
    await composer.guard({ stageBindingId: id }, { policyId: await composer.policy({ dummy: {} }) });
    const unbind = 'mutation($id: ID!) { unbindStage(id: $id) }';
    expect(await admin.ok(unbind, { id })).toEqual({ unbindStage: id });
    expect((await admin.ok(READ, { id: flow.id })).flow.stageBindings).toEqual([]);
    expect((await admin.ok(`{ stage(name: "${name}") { id } }`)).stage).toEqual({ id: stageId });
    expect((await admin.send(unbind, { id })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe('a composed flow', () => {
  it('runs as soon as it is composed', async () => {
    const { slug } = await composer.flowOf({}, { deny: { message: 'composed a moment ago' } });
    const { step } = await start(app.client(), { flow: { slug } });
    expect(step).toMatchObject({ __typename: 'FlowDenied', message: 'composed a moment ago' });
  });
});

const ORDER = `mutation($flowId: ID!, $bindingIds: [ID!]!, $ifVersion: Int) {
  reorderStageBindings(flowId: $flowId, bindingIds: $bindingIds, ifVersion: $ifVersion) {
    version stageBindings { id order version }
  }
}`;

describe('the stages of a flow', () => {
  let flowId: string;
  let bindings: string[];
  beforeEach(async () => {
    flowId = (await composer.flow()).id;
    const stage = await composer.stage({ deny: {} });
    bindings = [];
    for (const order of [10, 20, 15]) bindings.push(await composer.bind(flowId, stage, order));
  });

  it('are put into another order, and numbered in tens', async () => {
    const bindingIds = bindings.toReversed();
    const [last, middle, first] = bindingIds;
    const { reorderStageBindings } = await admin.ok(ORDER, { flowId, bindingIds, ifVersion: 4 });
    expect(reorderStageBindings).toEqual({
      version: 5,
      stageBindings: [
        { id: last, order: 10, version: 2 },
        { id: middle, order: 20, version: 1 },
        { id: first, order: 30, version: 2 },
      ],
    });
    expect((await admin.ok(ORDER, { flowId, bindingIds })).reorderStageBindings.version).toBe(5);
    expect((await admin.send(ORDER, { flowId, bindingIds, ifVersion: 4 })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT', version: 5 } },
    ]);
  });

  it.each<[string, (ids: string[], foreign: string) => string[], string[]]>([
    ['one is missing', ([a = '', b = '']) => [a, b], ['bindingIds:INCOMPLETE']],
    ['all are missing', () => [], ['bindingIds:INCOMPLETE']],
    ['one is repeated', ([a = '', b = '', c = '']) => [a, b, c, a], ['bindingIds.3:REPEATED']],
    [
      'one is repeated in place of another',
      ([a = '', b = '']) => [a, b, b],
      ['bindingIds.2:REPEATED', 'bindingIds:INCOMPLETE'],
    ],
    ['one is of another flow', (ids, foreign) => [foreign, ...ids], ['bindingIds.0:FOREIGN']],
    ['one is nothing', (ids) => [...ids, '__proto__', ''], ['bindingIds.3:FOREIGN', 'bindingIds.4:FOREIGN']],
  ])('stay as they are where %s', async (_, wrong, problems) => {
    const foreign = await composer.add(await composer.flow(), 1, { deny: {} });
    const { errors } = await admin.send(ORDER, { flowId, bindingIds: wrong(bindings, foreign) });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const fields = problems.map((problem) => ({ path: problem.split(':')[0], code: problem.split(':')[1] }));
    expect(errors).toMatchObject([{ extensions: { fields } }]);
    expect(
      (await admin.ok(READ, { id: flowId })).flow.stageBindings.map(({ order }: { order: number }) => order),
    ).toEqual([10, 15, 20]);
  });

  it('are created and bound with everything that a place has', async () => {
    const place = { order: 7, evaluateOnPlan: true, reEvaluatePolicies: false, policyEngineMode: 'ALL' };
    const document = `mutation($input: CreateAndBindStageInput!) {
      createAndBindStage(input: $input) { order evaluateOnPlan reEvaluatePolicies policyEngineMode invalidResponseAction }
    }`;
    const input = { flowId, name: uniqueName('whole'), config: { deny: {} }, ...place };
    const { createAndBindStage } = await admin.ok(document, {
      input: { ...input, invalidResponseAction: 'RESTART' },
    });
    expect(createAndBindStage).toEqual({ ...place, invalidResponseAction: 'RESTART' });
    const silent = { ...input, name: uniqueName('silent'), evaluateOnPlan: false };
    expect((await admin.send(document, { input: silent })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ code: 'NEVER_EVALUATED' }] } },
    ]);
  });

  it('are found one by one, and so are the policies before them', async () => {
    const stageBindingId = bindings[0] ?? '';
    const guard = await composer.guardWith({ stageBindingId }, { dummy: {} });
    const document = `query($stage: ID!, $policy: ID!) {
      stageBinding(id: $stage) { order } policyBinding(id: $policy) { target { __typename } }
    }`;
    expect(await admin.ok(document, { stage: stageBindingId, policy: guard })).toEqual({
      stageBinding: { order: 10 },
      policyBinding: { target: { __typename: 'FlowStageBinding' } },
    });
    expect(await admin.ok(document, { stage: guard, policy: '__proto__' })).toEqual({
      stageBinding: null,
      policyBinding: null,
    });
  });
});
