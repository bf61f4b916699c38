import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const CONFIG = `
  __typename
  ... on ExpressionPolicyConfig { expression }
  ... on DummyPolicyConfig { result message throwError }
`;
const POLICY = `id name kind executionLogging boundTo config { ${CONFIG} }`;
const CREATE = `mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { ${POLICY} } }`;
const READ = `query($id: ID, $name: String) { policy(id: $id, name: $name) { ${POLICY} } }`;
const UPDATE = `mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { ${POLICY} } }`;
const DELETE = 'mutation($id: ID!) { deletePolicy(id: $id) }';

const BINDING = `
  id order enabled negate timeout failureResult
  target { __typename ... on Flow { slug } ... on FlowStageBinding { id flow { slug } } }
  subject { __typename ... on Policy { name } ... on Group { id name superuser } ... on User { id username } }
`;
const BIND = `mutation($input: BindPolicyInput!) { bindPolicy(input: $input) { ${BINDING} } }`;
const UPDATE_BINDING = `mutation($id: ID!, $input: UpdatePolicyBindingInput!) {
  updatePolicyBinding(id: $id, input: $input) { ${BINDING} }
}`;
const UNBIND = 'mutation($id: ID!) { unbindPolicy(id: $id) }';
const NOT_FOUND = [{ extensions: { code: 'NOT_FOUND' } }];

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let flow: ComposedFlow;
let stageBindingId: string;
let groupId: string;
let userId: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  flow = await composer.flow();
  stageBindingId = await composer.add(flow, 1, { deny: {} });
  const { stage } = await admin.ok(
    '{ stage(name: "initial-setup-write") { config { ... on UserWriteConfig { groupId } } } }',
  );
  groupId = stage.config.groupId;
  const { slug } = await composer.enrollment();
  const bob = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
  userId = (await bob.ok('{ viewer { id } }')).viewer.id;
});
afterAll(() => app.close());

describe('a policy', () => {
  it.each([
    ['expression', 'EXPRESSION', { expression: 'user !== null' }, { expression: 'return false' }],
    ['dummy', 'DUMMY', { result: true, message: 'hello', throwError: false }, { result: false }],
  ])('is made, read, changed in part and deleted: %s', async (member, kind, config, change) => {
    const name = `a policy of the kind ${kind}`;
    const input = { name, config: { [member]: config }, executionLogging: true };
    const { createPolicy: made } = await admin.ok(CREATE, { input });
    expect(made).toMatchObject({ name, kind, config, executionLogging: true, boundTo: 0 });
    const { id } = made;
    expect((await admin.ok(READ, { id })).policy).toEqual(made);
    expect((await admin.ok(READ, { name })).policy).toEqual(made);
    const changed = (await admin.ok(UPDATE, { id, input: { config: { [member]: change } } })).updatePolicy;
    expect(changed).toEqual({ ...made, config: { ...made.config, ...change } });
    const renamed = (await admin.ok(UPDATE, { id, input: { name: `${name} 2` } })).updatePolicy;
    expect(renamed).toEqual({ ...changed, name: `${name} 2` });
    expect(await admin.ok(DELETE, { id })).toEqual({ deletePolicy: id });
    expect((await admin.ok(READ, { id })).policy).toBeNull();
  });

  it.each(['name', 'executionLogging', 'config'])('cannot be left without its %s', async (field) => {
    const id = await composer.policy({ dummy: {} });
    const before = (await admin.ok(READ, { id })).policy;
    const { errors } = await admin.send(UPDATE, { id, input: { [field]: null } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
    ]);
    expect((await admin.ok(READ, { id })).policy).toEqual(before);
  });

  it('says how often it is bound, and cannot be deleted until it is not', async () => {
    const id = await composer.policy({ dummy: {} });
    const first = await composer.guard({ flowId: flow.id }, { policyId: id });
    const second = await composer.guard({ stageBindingId }, { policyId: id });
    expect((await admin.ok(READ, { id })).policy.boundTo).toBe(2);
    expect((await admin.send(DELETE, { id })).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect((await admin.ok(READ, { id })).policy.boundTo).toBe(2);
    for (const binding of [first, second]) await admin.ok(UNBIND, { id: binding });
    expect((await admin.ok(READ, { id })).policy.boundTo).toBe(0);
    expect(await admin.ok(DELETE, { id })).toEqual({ deletePolicy: id });
  });
});

describe('a policy binding', () => {
  it('puts a policy before a flow, with the documented defaults', async () => {
    const policyId = await composer.policy({ dummy: {} }, 'before the flow');
    const input = { target: { flowId: flow.id }, subject: { policyId }, order: 3 };
    const { bindPolicy } = await admin.ok(BIND, { input });
    expect(bindPolicy).toMatchObject({
      order: 3,
      enabled: true,
      negate: false,
      timeout: 'PT30S',
      failureResult: false,
      target: { __typename: 'Flow', slug: flow.slug },
      subject: { __typename: 'Policy', name: 'before the flow' },
    });
    await admin.ok(UNBIND, { id: bindPolicy.id });
  });

  it('puts a group before a flow and before a stage', async () => {
    for (const target of [{ flowId: flow.id }, { stageBindingId }]) {
      const input = { target, subject: { groupId }, order: 1, negate: true };
      const { bindPolicy } = await admin.ok(BIND, { input });
      expect(bindPolicy).toMatchObject({
        negate: true,
        subject: { __typename: 'Group', id: groupId, name: 'administrators', superuser: true },
      });
      await admin.ok(UNBIND, { id: bindPolicy.id });
    }
  });

  it('puts a person before a flow and before a stage', async () => {
    for (const target of [{ flowId: flow.id }, { stageBindingId }]) {
      const input = { target, subject: { userId }, order: 1 };
      const { bindPolicy } = await admin.ok(BIND, { input });
      expect(bindPolicy.subject).toEqual({ __typename: 'User', id: userId, username: 'bob' });
      await admin.ok(UNBIND, { id: bindPolicy.id });
    }
  });

  it("puts a policy before a stage's place in a flow", async () => {
    const id = await composer.guardWith({ stageBindingId }, { dummy: {} });
    const { flow: read } = await admin.ok(
      `query($id: ID) { flow(id: $id) { policyBindings { id } stageBindings { policyBindings { ${BINDING} } } } }`,
      { id: flow.id },
    );
    expect(read).toMatchObject({
      policyBindings: [],
      stageBindings: [
        {
          policyBindings: [
            {
              id,
              target: { __typename: 'FlowStageBinding', id: stageBindingId, flow: { slug: flow.slug } },
            },
          ],
        },
      ],
    });
    await admin.ok(UNBIND, { id });
  });

  it('keeps what an update does not mention', async () => {
    const how = { order: 4, enabled: false, negate: true, timeout: 'PT1M', failureResult: true };
    const id = await composer.guardWith({ flowId: flow.id }, { dummy: {} }, how);
    const update = async (input: object) =>
      (await admin.ok(UPDATE_BINDING, { id, input })).updatePolicyBinding;
    const whole = { ...how, timeout: 'PT60S' };
    expect(await update({})).toMatchObject(whole);
    expect(await update({ timeout: 'PT2S' })).toMatchObject({ ...whole, timeout: 'PT2S' });
    expect(await update({ enabled: true })).toMatchObject({ ...whole, timeout: 'PT2S', enabled: true });
    for (const field of ['order', 'enabled', 'negate', 'timeout', 'failureResult']) {
      expect((await admin.send(UPDATE_BINDING, { id, input: { [field]: null } })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] } },
      ]);
    }
    await admin.ok(UNBIND, { id });
    expect((await admin.send(UPDATE_BINDING, { id, input: {} })).errors).toMatchObject(NOT_FOUND);
    expect((await admin.send(UNBIND, { id })).errors).toMatchObject(NOT_FOUND);
  });

  it('goes with the place that it guards; what it asked stays', async () => {
    const policyId = await composer.policy({ dummy: {} });
    const place = await composer.add(flow, 50, { deny: {} });
    const id = await composer.guard({ stageBindingId: place }, { policyId });
    await admin.ok('mutation($id: ID!) { unbindStage(id: $id) }', { id: place });
    expect((await admin.send(UNBIND, { id })).errors).toMatchObject(NOT_FOUND);
    expect((await admin.ok(READ, { id: policyId })).policy.boundTo).toBe(0);
  });

  it.each([
    ['target', { flowId: null }],
    ['target', { flowId: 'x', stageBindingId: 'y' }],
    ['target', {}],
    ['subject', { policyId: 'x', userId: 'y' }],
    ['subject', {}],
  ])('names exactly one %s: %j is refused', async (member, value) => {
    const policyId = await composer.policy({ dummy: {} });
    const input = { target: { flowId: flow.id }, subject: { policyId }, order: 1, [member]: value };
    expect((await admin.send(BIND, { input })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});
