import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
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

/** Events of one moment stand in no order: time goes on with each change. */
const update = (type: string, id: string, input: object, ifVersion?: number | null) => {
  app.clock.advance(1);
  return admin.send(
    `mutation($id: ID!, $input: Update${type}Input!, $ifVersion: Int) {
      changed: update${type}(id: $id, input: $input, ifVersion: $ifVersion) { version }
    }`,
    { id, input, ...(ifVersion !== undefined && { ifVersion }) },
  );
};
const version = async (query: string, id: string): Promise<number> =>
  (await admin.ok(`query($id: ID!) { one: ${query}(id: $id) { version } }`, { id })).one.version;

interface Told {
  readonly change: string;
  readonly fields: readonly string[];
}

/** What the event log has told last of changes to definitions, and of settings. */
async function told(count: number): Promise<Told[]> {
  const { events } = await admin.ok(
    `query($first: Int) {
      events(first: $first, filter: { actions: ["DEFINITION_CHANGED", "SETTINGS_CHANGED"] }) {
        edges { node { details } }
      }
    }`,
    { first: count },
  );
  return events.edges.map(({ node }: { node: { details: Told } }) => node.details);
}

const inTotal = async (): Promise<number> =>
  (await admin.ok('{ events(filter: { actions: ["DEFINITION_CHANGED"] }) { totalCount } }')).events
    .totalCount;

describe('the version of an object', () => {
  let flow: ComposedFlow;
  const objects: [string, string, () => Promise<string>, object, string[]][] = [
    ['Flow', 'flow', async () => (flow = await composer.flow()).id, { title: 'New' }, ['title']],
    [
      'Stage',
      'stage',
      () => composer.stage({ deny: {} }),
      { config: { deny: { message: 'New' } } },
      ['config.message'],
    ],
    [
      'StageBinding',
      'stageBinding',
      async () => composer.bind(flow.id, await composer.stage({ deny: {} }), 1),
      { evaluateOnPlan: true, policyEngineMode: 'ALL' },
      ['evaluateOnPlan', 'policyEngineMode'],
    ],
    [
      'PromptField',
      'promptField',
      () => composer.promptField({ key: 'k', type: 'TEXT' }),
      { label: 'New', key: 'k' },
      ['label'],
    ],
    [
      'Policy',
      'policy',
      () => composer.policy({ dummy: {} }),
      { executionLogging: true },
      ['executionLogging'],
    ],
    [
      'PolicyBinding',
      'policyBinding',
      () => composer.guardWith({ flowId: flow.id }, { dummy: {} }),
      { timeout: 'PT1S', expiresAt: '2031-01-01T00:00:00Z' },
      ['timeout', 'expiresAt'],
    ],
  ];

  it.each(objects)(
    'goes up with each change, which is recorded: %s',
    async (type, query, make, input, fields) => {
      const id = await make();
      expect(await version(query, id)).toBe(1);
      expect((await update(type, id, input, 1)).data.changed).toEqual({ version: 2 });
      expect(await told(1)).toEqual([{ change: 'UPDATED', fields }]);

      const count = await inTotal();
      for (const nothing of [input, {}])
        expect((await update(type, id, nothing)).data.changed).toEqual({ version: 2 });
      expect(await inTotal()).toBe(count);
    },
  );

  it.each(objects)('that is not the expected one is refused: %s', async (type, query, make, input) => {
    const id = await make();
    await update(type, id, input);
    const count = await inTotal();
    for (const wrong of [1, 3, 0, -1, 2_147_483_647]) {
      for (const sent of [input, {}]) {
        expect((await update(type, id, sent, wrong)).errors).toMatchObject([
          { message: expect.stringContaining('read it again'), extensions: { code: 'CONFLICT', version: 2 } },
        ]);
      }
    }
    expect(await version(query, id)).toBe(2);
    expect(await inTotal()).toBe(count);
    expect((await update(type, id, {}, null)).data.changed).toEqual({ version: 2 });
  });

  it('goes up for a flow when a stage is bound to it, put elsewhere or taken out, and not otherwise', async () => {
    const { id } = await composer.flow();
    const seen = [await version('flow', id)];
    const note = async (work: Promise<unknown>) => {
      await work;
      seen.push(await version('flow', id));
    };
    const stage = await composer.stage({ deny: {} });
    await note(composer.bind(id, stage, 1));
    const binding = await composer.bind(id, stage, 2);
    await note(update('StageBinding', binding, { order: 3 }));
    await note(update('StageBinding', binding, { order: 3, evaluateOnPlan: true }));
    await note(composer.guardWith({ flowId: id }, { dummy: {} }));
    await note(admin.ok('mutation($id: ID!) { unbindStage(id: $id) }', { id: binding }));
    expect(seen).toEqual([1, 2, 4, 4, 4, 5]);
  });
});

describe('the event log', () => {
  it('tells what was made with which fields, what was deleted, and what a setting was', async () => {
    app.clock.advance(1);
    const { id, slug } = await composer.flow({ designation: 'UNENROLLMENT' });
    const choose = (flowId: string | null) => {
      app.clock.advance(1);
      return admin.ok(
        'mutation($id: ID) { setDefaultFlow(designation: UNENROLLMENT, flowId: $id) { __typename } }',
        {
          id: flowId,
        },
      );
    };
    for (const flowId of [id, id]) await choose(flowId);
    app.clock.advance(1);
    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id });
    const [deleted, chosen, made] = await told(3);
    expect(deleted).toEqual({ change: 'DELETED', fields: [] });
    expect(chosen).toEqual({ change: 'UPDATED', fields: ['defaultFlows.UNENROLLMENT'] });
    expect(made).toMatchObject({ change: 'CREATED', fields: expect.arrayContaining(['slug', 'layout']) });
    expect(JSON.stringify([deleted, chosen, made])).not.toContain(slug);
  });

  it('tells nothing of what was refused', async () => {
    const count = await inTotal();
    const stage = await composer.stage({ password: {} }, 'told-once');
    await admin.send('mutation($input: CreateStageInput!) { createStage(input: $input) { id } }', {
      input: { name: 'told-once', config: { deny: {} } },
    });
    await composer.stage({ identification: { passwordStageId: stage } });
    await admin.send('mutation($id: ID!) { deleteStage(id: $id) }', { id: stage });
    expect(await inTotal()).toBe(count + 2);
  });
});

describe('what is taken already', () => {
  it.each([
    ['createFlow', 'CreateFlowInput', 'slug', { slug: 'one', name: 'n', title: '', designation: 'RECOVERY' }],
    ['createStage', 'CreateStageInput', 'name', { name: 'one', config: { deny: {} } }],
    ['createPolicy', 'CreatePolicyInput', 'name', { name: 'one', config: { dummy: {} } }],
    [
      'createPromptField',
      'CreatePromptFieldInput',
      'name',
      { name: 'one', key: 'k', label: '', type: 'TEXT' },
    ],
    ['createGroup', 'CreateGroupInput', 'name', { name: 'one' }],
  ])('is named by its place: %s', async (mutation, inputType, field, input) => {
    const document = `mutation($input: ${inputType}!) { ${mutation}(input: $input) { id } }`;
    await admin.ok(document, { input });
    expect((await admin.send(document, { input })).errors).toMatchObject([
      { extensions: { code: 'CONFLICT', fields: [{ path: `input.${field}`, code: 'TAKEN' }] } },
    ]);
  });
});

const USED_BY = 'usedBy { type id name }';
const usedBy = async (query: string, id: string): Promise<object[]> =>
  (await admin.ok(`query($id: ID) { one: ${query}(id: $id) { ${USED_BY} } }`, { id })).one.usedBy;
const refusedUse = async (mutation: string, id: string) =>
  (await admin.send(`mutation($id: ID!) { ${mutation}(id: $id) }`, { id })).errors;

describe('what uses an object', () => {
  it('is told of it, and where deleting is refused', async () => {
    const stage = await composer.stage({ password: {} }, 'used-password');
    const flow = await composer.flow({ slug: 'uses-a-password', designation: 'RECOVERY' });
    const binding = await composer.bind(flow.id, stage, 1);
    const shown = await composer.stage({ identification: { passwordStageId: stage } }, 'shows-a-password');
    expect(await usedBy('stage', stage)).toEqual([
      { type: 'STAGE_BINDING', id: binding, name: 'uses-a-password / used-password' },
      { type: 'STAGE', id: shown, name: 'shows-a-password' },
    ]);
    expect(await refusedUse('deleteStage', stage)).toMatchObject([
      {
        message: expect.stringContaining(
          'STAGE_BINDING uses-a-password / used-password, STAGE shows-a-password',
        ),
        extensions: {
          code: 'CONFLICT',
          usedBy: [
            { type: 'STAGE_BINDING', id: binding, name: 'uses-a-password / used-password' },
            { type: 'STAGE', id: shown, name: 'shows-a-password' },
          ],
        },
      },
    ]);
    expect(await usedBy('stage', shown)).toEqual([]);
  });

  it('are the stages that lead to a flow, and of what it is the default, which prevents nothing', async () => {
    const { id } = await composer.flow({ designation: 'ENROLLMENT' });
    await admin.ok(
      'mutation($id: ID) { setDefaultFlow(designation: ENROLLMENT, flowId: $id) { __typename } }',
      { id },
    );
    const stage = await composer.stage({ identification: { enrollmentFlowId: id } });
    expect(await usedBy('flow', id)).toMatchObject([
      { type: 'STAGE' },
      { type: 'SETTINGS', id: null, name: 'defaultFlows.ENROLLMENT' },
    ]);
    const [{ extensions } = { extensions: {} }] = await refusedUse('deleteFlow', id);
    expect(extensions).toMatchObject({ code: 'CONFLICT', usedBy: [{ type: 'STAGE', id: stage }] });
    await admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: stage });
    expect(await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id })).toEqual({ deleteFlow: id });
  });

  it('are bindings, stages and other policies for a policy, and stages for a field of a form', async () => {
    const policy = await composer.policy({ dummy: { result: true } }, 'asked-everywhere');
    const field = await composer.promptField({ key: 'k', type: 'TEXT' });
    const { id: flowId } = await composer.flow();
    const binding = await composer.guard({ flowId }, { policyId: policy });
    await composer.stage({ prompt: { fieldIds: [field], validationPolicyIds: [policy] } }, 'judges');
    await composer.policy({ expression: { expression: "callPolicy('asked-everywhere').passing" } }, 'calls');
    expect(await usedBy('policy', policy)).toMatchObject([
      { type: 'POLICY_BINDING', id: binding },
      { type: 'STAGE', name: 'judges' },
      { type: 'POLICY', name: 'calls' },
    ]);
    expect(await usedBy('promptField', field)).toMatchObject([{ type: 'STAGE', name: 'judges' }]);
    expect(await refusedUse('deletePromptField', field)).toMatchObject([
      { extensions: { usedBy: [{ type: 'STAGE', name: 'judges' }] } },
    ]);
  });

  it('are bindings and stages for a group; of many, twenty are named and the others counted', async () => {
    const group = await composer.group();
    await composer.stage({ userWrite: { groupId: group } }, 'puts-people-in');
    const { id: flowId, slug } = await composer.flow();
    for (let count = 0; count < 21; count += 1) await composer.guard({ flowId }, { groupId: group });
    expect((await usedBy('group', group)).length).toBe(22);
    const [error] = await refusedUse('deleteGroup', group);
    expect(error?.extensions).toMatchObject({ code: 'CONFLICT', usedBy: expect.any(Array) });
    expect(error?.extensions.usedBy).toHaveLength(20);
    expect(error?.message).toMatch(new RegExp(`POLICY_BINDING ${slug}, 2 more\\.$`));
  });
});

describe('a copy of a flow', () => {
  const DUPLICATE = `mutation($id: ID!, $input: DuplicateFlowInput!) {
    duplicateFlow(id: $id, input: $input) {
      id slug name title designation deniedAction
      policyBindings { order negate subject { ... on Policy { name } } }
      stageBindings {
        order evaluateOnPlan
        stage { id name config { ... on IdentificationConfig { passwordStageId } ... on DenyConfig { message } } }
        policyBindings { order timeout subject { ... on Policy { name } } }
      }
    }
  }`;
  const duplicate = async (id: string, input: object) =>
    (await admin.ok(DUPLICATE, { id, input })).duplicateFlow;

  async function original(): Promise<ComposedFlow> {
    const flow = await composer.flow({ deniedAction: 'CONTINUE' });
    const passwordStageId = await composer.stage({ password: {} });
    await composer.bind(flow.id, await composer.stage({ identification: { passwordStageId } }), 5);
    const denied = await composer.stage({ deny: { message: 'as before' } });
    const stageBindingId = await composer.bind(flow.id, denied, 6, { evaluateOnPlan: true });
    await composer.bind(flow.id, denied, 7);
    await composer.guardWith({ stageBindingId }, { dummy: { result: true } }, { timeout: 'PT9S', order: 3 });
    await composer.guardWith({ flowId: flow.id }, { dummy: { result: false } }, { negate: true, order: 4 });
    return flow;
  }

  it('has the same stages, in the same places, behind the same policies', async () => {
    const { id, slug } = await original();
    const copy = await duplicate(id, { slug: `${slug}-again`, title: 'Again' });
    expect(copy).toMatchObject({
      slug: `${slug}-again`,
      name: slug,
      title: 'Again',
      deniedAction: 'CONTINUE',
    });
    const again = await duplicate(copy.id, { slug: `${slug}-third` });
    expect(again).toEqual({ ...copy, id: again.id, slug: `${slug}-third` });
    expect(copy.policyBindings).toMatchObject([{ order: 4, negate: true }]);
    expect(copy.stageBindings).toMatchObject([
      { order: 5, policyBindings: [] },
      { order: 6, evaluateOnPlan: true, policyBindings: [{ order: 3, timeout: 'PT9S' }] },
      { order: 7, stage: copy.stageBindings[1].stage },
    ]);
  });

  it('with stages of its own can be deleted in full, and the original works as before', async () => {
    const { id, slug } = await original();
    const before = await duplicate(id, { slug: `${slug}-before` });
    const copy = await duplicate(id, { slug: `${slug}-copy`, copyStages: true });
    const [asks, denies, deniesAgain] = copy.stageBindings.map(
      ({ stage }: { stage: { id: string } }) => stage,
    );
    expect(denies).toEqual(deniesAgain);
    expect(asks.config.passwordStageId).not.toBe(before.stageBindings[0].stage.config.passwordStageId);
    expect(asks.name).toBe(`${before.stageBindings[0].stage.name} (${slug}-copy)`);
    expect(denies.config).toEqual({ message: 'as before' });

    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: copy.id });
    for (const gone of [asks.id, denies.id, asks.config.passwordStageId])
      await admin.ok('mutation($id: ID!) { deleteStage(id: $id) }', { id: gone });
    expect(await duplicate(id, { slug: `${slug}-after` })).toMatchObject({
      stageBindings: before.stageBindings,
      policyBindings: before.policyBindings,
    });
    const { step } = await start(app.client(), { flow: { slug } });
    expect(step).toMatchObject({ __typename: 'IdentificationChallenge' });
  });

  it('has another slug, and is not made at all where something is wrong', async () => {
    const { id, slug } = await original();
    const count = (): Promise<object> => admin.ok('{ flows { totalCount } stages { totalCount } }');
    const before = await count();
    const send = async (flowId: string, input: object) =>
      (await admin.send(DUPLICATE, { id: flowId, input: { copyStages: true, ...input } })).errors;
    expect(await send(id, { slug })).toMatchObject([
      { extensions: { code: 'CONFLICT', fields: [{ path: 'input.slug', code: 'TAKEN' }] } },
    ]);
    expect(await send(id, { slug: 'a b', name: '' })).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.slug' }, { path: 'input.name' }] } },
    ]);
    expect(await send('__proto__', { slug: 'never' })).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(await count()).toEqual(before);
  });
});
