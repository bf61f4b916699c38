import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const NO_ID = 'b4c1b1a0-0000-4000-8000-000000000000';
const CREATE_FLOW = 'mutation($input: CreateFlowInput!) { createFlow(input: $input) { id } }';
const CREATE_STAGE = 'mutation($input: CreateStageInput!) { createStage(input: $input) { id } }';
const UPDATE_STAGE =
  'mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { id } }';
const CREATE_POLICY = 'mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { id } }';
const BIND_STAGE = 'mutation($input: BindStageInput!) { bindStage(input: $input) { id order } }';
const BIND_POLICY = 'mutation($input: BindPolicyInput!) { bindPolicy(input: $input) { id timeout } }';
const COUNTS = `{
  flows { totalCount } stages { totalCount } policies { totalCount } promptFields { totalCount }
}`;

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let flow: ComposedFlow;
let stageId: string;
let counts: object;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  flow = await composer.flow({ slug: 'taken' });
  stageId = await composer.stage({ deny: {} }, 'taken');
  await composer.policy({ dummy: {} }, 'taken');
});
beforeEach(async () => {
  counts = await admin.ok(COUNTS);
});
afterAll(() => app.close());

/** Refused with this code, and nothing was made. */
async function refused({ errors }: Answer, code: string, ...paths: string[]): Promise<void> {
  const fields = paths.length > 0 && { fields: paths.map((path) => ({ path })) };
  expect(errors).toMatchObject([{ extensions: { code, ...fields } }]);
  expect(await admin.ok(COUNTS)).toEqual(counts);
}

const aFlow = () => ({ slug: uniqueName('bad'), name: 'n', title: 't', designation: 'RECOVERY' });

describe('names and slugs', () => {
  it('are refused where they are taken, also by an update', async () => {
    const deny = { config: { deny: {} } };
    await refused(await admin.send(CREATE_FLOW, { input: { ...aFlow(), slug: 'taken' } }), 'CONFLICT');
    await refused(await admin.send(CREATE_STAGE, { input: { name: 'taken', ...deny } }), 'CONFLICT');
    const dummy = { name: 'taken', config: { dummy: {} } };
    await refused(await admin.send(CREATE_POLICY, { input: dummy }), 'CONFLICT');
    const id = await composer.stage({ deny: {} }, 'free');
    counts = await admin.ok(COUNTS);
    await refused(await admin.send(UPDATE_STAGE, { id, input: { name: 'taken' } }), 'CONFLICT');
    expect((await admin.ok('query($id: ID) { stage(id: $id) { name } }', { id })).stage.name).toBe('free');
  });

  it.each(['', ' ', 'a b', 'a/b', 'ä', '../x', 'a\u0000', 'a\n', 'x'.repeat(101), '%2e'])(
    'are refused as a slug: %j',
    async (slug) => {
      await refused(
        await admin.send(CREATE_FLOW, { input: { ...aFlow(), slug } }),
        'BAD_USER_INPUT',
        'input.slug',
      );
    },
  );

  it.each(['', '   ', '\t\n', 'nul\u0000', '\ud800 alone', 'x'.repeat(201)])(
    'are refused as a name: %j',
    async (name) => {
      const stage = { name, config: { deny: {} } };
      await refused(await admin.send(CREATE_STAGE, { input: stage }), 'BAD_USER_INPUT', 'input.name');
      await refused(
        await admin.send(CREATE_FLOW, { input: { ...aFlow(), name } }),
        'BAD_USER_INPUT',
        'input.name',
      );
      const policy = { name, config: { dummy: {} } };
      await refused(await admin.send(CREATE_POLICY, { input: policy }), 'BAD_USER_INPUT', 'input.name');
    },
  );

  it('may be __proto__, which is only a name', async () => {
    const input = { name: '__proto__', config: { deny: { message: 'constructor' } } };
    const { createStage } = await admin.ok(CREATE_STAGE, { input });
    expect((await admin.ok('{ stage(name: "__proto__") { id } }')).stage).toEqual(createStage);
  });

  it.each(['javascript:alert(1)', '//evil.example', 'x', '/a\\b', 'data:image/png;base64,AA', ''])(
    'are refused as a picture: %j',
    async (backgroundUrl) => {
      const input = { ...aFlow(), backgroundUrl };
      await refused(await admin.send(CREATE_FLOW, { input }), 'BAD_USER_INPUT', 'input.backgroundUrl');
    },
  );
});

describe('several problems at once', () => {
  it('are each named under its path', async () => {
    const input = { ...aFlow(), slug: 'a b', name: '', title: 'x'.repeat(501) };
    await refused(
      await admin.send(CREATE_FLOW, { input }),
      'BAD_USER_INPUT',
      'input.slug',
      'input.name',
      'input.title',
    );
  });
});

describe('ids of nothing', () => {
  it.each([NO_ID, 'not-an-id', '', '__proto__', "' or 1=1 --"])('are not found: %j', async (id) => {
    const config = { deny: {} };
    const subject = { userId: id };
    const target = { flowId: flow.id };
    const calls: [string, object][] = [
      ['mutation($id: ID!) { updateFlow(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { updateStage(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { updatePolicy(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { updatePromptField(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { updateStageBinding(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { updatePolicyBinding(id: $id, input: {}) { id } }', { id }],
      ['mutation($id: ID!) { deleteStage(id: $id) }', { id }],
      ['mutation($id: ID!) { deletePromptField(id: $id) }', { id }],
      [BIND_STAGE, { input: { flowId: id, stageId, order: 1 } }],
      [BIND_STAGE, { input: { flowId: flow.id, stageId: id, order: 1 } }],
      [BIND_POLICY, { input: { target, subject, order: 1 } }],
      [BIND_POLICY, { input: { target, subject: { groupId: id }, order: 1 } }],
      [BIND_POLICY, { input: { target, subject: { policyId: id }, order: 1 } }],
      [BIND_POLICY, { input: { target: { flowId: id }, subject, order: 1 } }],
      [BIND_POLICY, { input: { target: { stageBindingId: id }, subject, order: 1 } }],
      [
        'mutation($input: CreateAndBindStageInput!) { createAndBindStage(input: $input) { id } }',
        { input: { flowId: id, order: 1, name: uniqueName('lost'), config } },
      ],
    ];
    for (const [document, variables] of calls) {
      await refused(await admin.send(document, variables), 'NOT_FOUND');
    }
  });
});

describe('ids of something else', () => {
  it('are not found, and nothing is made of them', async () => {
    const { id: policyId } = (await admin.ok('{ policy(name: "taken") { id } }')).policy;
    const target = { flowId: flow.id };
    const calls: [string, object][] = [
      ['mutation($id: ID!) { updateFlow(id: $id, input: { title: "x" }) { id } }', { id: stageId }],
      ['mutation($id: ID!) { deletePolicy(id: $id) }', { id: stageId }],
      ['mutation($id: ID!) { deleteGroup(id: $id) }', { id: policyId }],
      [BIND_STAGE, { input: { flowId: stageId, stageId: flow.id, order: 1 } }],
      [BIND_STAGE, { input: { flowId: flow.id, stageId: policyId, order: 1 } }],
      [BIND_POLICY, { input: { target: { flowId: stageId }, subject: { policyId }, order: 1 } }],
      [BIND_POLICY, { input: { target: { stageBindingId: flow.id }, subject: { policyId }, order: 1 } }],
      [BIND_POLICY, { input: { target, subject: { policyId: stageId }, order: 1 } }],
      [BIND_POLICY, { input: { target, subject: { groupId: policyId }, order: 1 } }],
      [BIND_POLICY, { input: { target, subject: { userId: policyId }, order: 1 } }],
      [
        'mutation($id: ID) { setDefaultFlow(designation: RECOVERY, flowId: $id) { __typename } }',
        { id: stageId },
      ],
    ];
    for (const [document, variables] of calls)
      await refused(await admin.send(document, variables), 'NOT_FOUND');
  });

  it.each([
    ['identification', 'passwordStageId', ''],
    ['identification', 'enrollmentFlowId', ''],
    ['userWrite', 'groupId', ''],
    ['prompt', 'fieldIds', '.0'],
    ['prompt', 'validationPolicyIds', '.0'],
  ])('are refused in a configuration: %s.%s', async (member, field, place) => {
    const { id: other } = (await admin.ok('{ group(name: "administrators") { id } }')).group;
    const id = field === 'groupId' ? stageId : other;
    const fieldIds = [
      (await admin.ok('{ promptFields(first: 1) { edges { node { id } } } }')).promptFields.edges[0].node.id,
    ];
    const config = { ...(member === 'prompt' && { fieldIds }), [field]: place === '' ? id : [id] };
    const input = { name: uniqueName('never'), config: { [member]: config } };
    await refused(
      await admin.send(CREATE_STAGE, { input }),
      'BAD_USER_INPUT',
      `input.config.${member}.${field}${place}`,
    );
  });
});

describe('numbers and durations', () => {
  it.each([1_000_001, -1_000_001, 2_147_483_647, -2_147_483_648])('refuse the order %d', async (order) => {
    const input = { flowId: flow.id, stageId, order };
    await refused(await admin.send(BIND_STAGE, { input }), 'BAD_USER_INPUT', 'input.order');
  });

  it.each([2_147_483_648, 1.5, '1', null])('refuse what is no Int as an order: %j', async (order) => {
    const input = { flowId: flow.id, stageId, order };
    await refused(await admin.send(BIND_STAGE, { input }), 'BAD_USER_INPUT');
  });

  it.each(['PT0S', 'PT301S', 'P1D', 'PT9999999999999999999S'])('refuse the timeout %s', async (timeout) => {
    const { id: policyId } = (await admin.ok('{ policy(name: "taken") { id } }')).policy;
    const input = { target: { flowId: flow.id }, subject: { policyId }, order: 1, timeout };
    const { errors } = await admin.send(BIND_POLICY, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(['P1M', 'P1Y', '30', '-PT1S', 'PT', 'P', 'PT1.5S', ''])(
    'refuse %j, which is no duration of ours',
    async (sessionDuration) => {
      const input = { name: uniqueName('never'), config: { userLogin: { sessionDuration } } };
      await refused(await admin.send(CREATE_STAGE, { input }), 'BAD_USER_INPUT');
    },
  );

  it('refuse a place that is taken already', async () => {
    const { id: flowId } = await composer.flow();
    const input = { flowId, stageId, order: 1 };
    await admin.ok(BIND_STAGE, { input });
    counts = await admin.ok(COUNTS);
    await refused(await admin.send(BIND_STAGE, { input }), 'CONFLICT');
    await admin.ok(BIND_STAGE, { input: { ...input, order: 2 } });
  });
});

describe('configurations', () => {
  it.each([
    ['identification', { passwordStageId: NO_ID }, 'passwordStageId'],
    ['identification', { passwordStageId: 'x' }, 'passwordStageId'],
    ['identification', { userFields: [] }, 'userFields'],
    ['identification', { userFields: ['EMAIL', 'EMAIL', 'EMAIL'] }, 'userFields'],
    ['identification', { enrollmentFlowId: NO_ID }, 'enrollmentFlowId'],
    ['password', { failedAttemptsBeforeCancel: 0 }, 'failedAttemptsBeforeCancel'],
    ['password', { failedAttemptsBeforeCancel: 101 }, 'failedAttemptsBeforeCancel'],
    ['password', { recoveryFlowId: NO_ID }, 'recoveryFlowId'],
    ['prompt', {}, 'fieldIds'],
    ['prompt', { fieldIds: [] }, 'fieldIds'],
    ['prompt', { fieldIds: [NO_ID] }, 'fieldIds.0'],
    ['userWrite', { groupId: NO_ID }, 'groupId'],
    ['userWrite', { groupId: 'x' }, 'groupId'],
    ['userLogin', { sessionDuration: 'PT59S' }, 'sessionDuration'],
    ['deny', { message: 'x'.repeat(501) }, 'message'],
    ['deny', { message: 'nul\u0000' }, 'message'],
    ['deny', { message: 'half of a pair \ud800' }, 'message'],
  ])('name the field that is wrong: %s %j', async (member, config, field) => {
    const input = { name: uniqueName('never'), config: { [member]: config } };
    const path = `input.config.${member}.${field}`;
    await refused(await admin.send(CREATE_STAGE, { input }), 'BAD_USER_INPUT', path);
  });

  it('refuse a stage of another kind where a password stage belongs', async () => {
    const input = { name: 'never', config: { identification: { passwordStageId: stageId } } };
    const path = 'input.config.identification.passwordStageId';
    await refused(await admin.send(CREATE_STAGE, { input }), 'BAD_USER_INPUT', path);
  });

  it('stay of their kind', async () => {
    const input = { config: { password: {} } };
    await refused(
      await admin.send(UPDATE_STAGE, { id: stageId, input }),
      'BAD_USER_INPUT',
      'input.config.password',
    );
    const { id } = (await admin.ok('{ policy(name: "taken") { id } }')).policy;
    const update =
      'mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }';
    const expression = { config: { expression: { expression: 'true' } } };
    await refused(
      await admin.send(update, { id, input: expression }),
      'BAD_USER_INPUT',
      'input.config.expression',
    );
  });

  it.each([{}, { deny: {}, dummy: {} }, { deny: null }, { nothing: {} }, null, 'deny', []])(
    'are of exactly one kind: %j is refused',
    async (config) => {
      const { errors } = await admin.send(CREATE_STAGE, { input: { name: 'never', config } });
      const codes = errors.map(({ extensions }) => extensions.code);
      expect([...new Set(codes)]).toEqual(['BAD_USER_INPUT']);
      expect(await admin.ok(COUNTS)).toEqual(counts);
    },
  );

  it('have no fields called __proto__ or constructor', async () => {
    const body = (key: string) =>
      `{"query": ${JSON.stringify(CREATE_STAGE)},
        "variables": {"input": {"name": "never", "config": {"deny": {"${key}": {"message": "x"}}}}}}`;
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty']) {
      const response = await admin.post(body(key));
      const code = key === '__proto__' ? 'BAD_REQUEST' : 'BAD_USER_INPUT';
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    }
    expect(await admin.ok(COUNTS)).toEqual(counts);
  });

  it('refuse an entry called __proto__ in their JSON, as any other that nobody knows', async () => {
    const called = uniqueName('with-json');
    const create = (name: string, action: string) =>
      admin.send(`mutation {
        createPolicy(input: { name: "${name}", config: { condition: { actions: [${action}] } } }) { id }
      }`);
    const { data } = await create(called, '{ type: "require", when: { policy: "taken" } }');
    expect(data.createPolicy.id).toEqual(expect.any(String));
    counts = await admin.ok(COUNTS);
    for (const action of [
      '{ type: "require", when: { policy: "taken" }, __proto__: { x: 1 } }',
      '{ type: "require", when: { policy: "taken", __proto__: { x: 1 } } }',
      '{ type: "require", __proto__: { when: { policy: "taken" } } }',
      '{ type: "require", when: { __proto__: { policy: "taken" } } }',
      '{ type: "require", when: { policy: "taken" }, constructor: { prototype: { x: 1 } } }',
    ]) {
      const sent = await create('never', action);
      await refused(sent, 'BAD_USER_INPUT');
      expect(sent.errors[0]?.message).toContain('input.config.condition.actions.0');
    }
  });

  it('never quote what was sent', async () => {
    const input = {
      name: 'never',
      config: { identification: { passwordStageId: 'hunter2-in-the-wrong-box' } },
    };
    const { errors } = await admin.send(CREATE_STAGE, { input });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
});
