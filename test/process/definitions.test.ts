import { ADMIN, ADMIN_VARIABLES } from '../support/administrator.js';
import { Composer, filledIn } from '../support/compose.js';
import { start } from '../support/flows.js';
import { ServerDatabase, dropDatabases } from '../support/server-database.js';
import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Answer, TestClient } from '../support/test-client.js';

let database: ServerDatabase;
let node: ServerProcess;
let admin: TestClient;
let onOtherNode: TestClient;
let composer: Composer;

beforeAll(async () => {
  database = await ServerDatabase.create();
  const variables = { DATABASE_URL: database.url, STAGEDOOR_DATA_DIR: newFolder(), ...ADMIN_VARIABLES };
  const nodes = [await startServer(variables), await startServer(variables)] as const;
  [node] = nodes;
  admin = node.client();
  const responses = [
    { identification: { identifier: ADMIN.username } },
    { password: { password: ADMIN.password } },
  ];
  await start(admin, { flow: { designation: 'AUTHENTICATION' }, responses });
  onOtherNode = nodes[1].client();
  for (const [name, value] of admin.cookies) onOtherNode.cookies.set(name, value);
  composer = new Composer(admin);
});

afterAll(async () => {
  await cleanUp();
  await dropDatabases();
});

/** Two edits, one on each node, both held up until one has done all but to record it, and the other one waits for it. */
async function atOnce(one: [string, object], other: [string, object]): Promise<Answer[]> {
  return database.heldUp('lock table event in exclusive mode', [], 2, () =>
    Promise.all([admin.send(...one), onOtherNode.send(...other)]),
  );
}

const problems = (answers: readonly Answer[]) =>
  answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions));

const ORDER = `mutation($flowId: ID!, $bindingIds: [ID!]!) {
  reorderStageBindings(flowId: $flowId, bindingIds: $bindingIds) { stageBindings { id order } }
}`;
const BIND = 'mutation($input: BindStageInput!) { bindStage(input: $input) { id } }';
const UNBIND = 'mutation($id: ID!) { unbindStage(id: $id) }';
const UPDATE_STAGE = `mutation($id: ID!, $input: UpdateStageInput!, $ifVersion: Int) {
  updateStage(id: $id, input: $input, ifVersion: $ifVersion) { version }
}`;
const DELETE_STAGE = 'mutation($id: ID!) { deleteStage(id: $id) }';

describe('administrators who edit one flow at the same moment', () => {
  it('never lose a stage of it and never have one twice, however they reorder, bind and unbind', async () => {
    const { id: flowId } = await composer.flow();
    const stageId = await composer.stage({ deny: {} });
    const bindings: string[] = [];
    for (let order = 0; order < 6; order += 1) bindings.push(await composer.bind(flowId, stageId, order));
    const [leaves = '', ...stay] = bindings;
    const edits = Array.from({ length: 12 }, async (_, index) => {
      const client = index % 2 === 0 ? admin : onOtherNode;
      if (index === 5) return { client, answer: await client.send(UNBIND, { id: leaves }) };
      if (index % 3 === 0)
        return {
          client,
          answer: await client.send(BIND, { input: { flowId, stageId, order: 1000 + index } }),
        };
      const bindingIds =
        index < 5 ? bindings.toReversed() : [...stay.slice(index % 5), ...stay.slice(0, index % 5)];
      return { client, answer: await client.send(ORDER, { flowId, bindingIds }) };
    });
    const answers = (await Promise.all(edits)).map(({ answer }) => answer);
    const bound = answers.flatMap(({ data }) => (data?.bindStage ? [data.bindStage.id] : []));
    expect(bound).toHaveLength(4);
    expect(new Set(problems(answers).map(({ code }) => code))).toEqual(new Set(['BAD_USER_INPUT']));

    const left = await database.query(
      'select id, "order" from flow_stage_binding where flow_id = $1 order by "order"',
      [flowId],
    );
    expect(left.map(({ id }) => id).toSorted()).toEqual([...stay, ...bound].toSorted());
    expect(new Set(left.map(({ order }) => order)).size).toBe(left.length);
    const bindingIds = left.map(({ id }) => id).toReversed();
    const { reorderStageBindings } = await onOtherNode.ok(ORDER, { flowId, bindingIds });
    expect(reorderStageBindings.stageBindings).toEqual(
      bindingIds.map((id, index) => ({ id, order: (index + 1) * 10 })),
    );
  });

  it('are told of a stage that somebody has bound meanwhile, rather than have it anywhere', async () => {
    const { id: flowId } = await composer.flow();
    const stageId = await composer.stage({ deny: {} });
    const first = await composer.bind(flowId, stageId, 1);
    const second = await composer.bind(flowId, stageId, 2);
    const answers = await atOnce(
      [ORDER, { flowId, bindingIds: [second, first] }],
      [BIND, { input: { flowId, stageId, order: 3 } }],
    );
    const reordered = answers.flatMap(({ data }) => data?.reorderStageBindings ?? []);
    if (reordered.length === 0)
      expect(problems(answers)).toMatchObject([{ fields: [{ code: 'INCOMPLETE' }] }]);
    else
      expect(reordered).toMatchObject([
        { stageBindings: expect.arrayContaining([{ id: second, order: 10 }]) },
      ]);
    expect(await database.count(`flow_stage_binding where flow_id = '${flowId}'`)).toBe(3);
  });
});

describe('administrators who edit one stage at the same moment', () => {
  it('never overwrite each other, where they say which version they have read', async () => {
    const id = await composer.stage({ deny: {} });
    const edit = (name: string): [string, object] => [UPDATE_STAGE, { id, input: { name }, ifVersion: 1 }];
    const answers = await atOnce(edit('named by one'), edit('named by another'));
    expect(problems(answers)).toMatchObject([{ code: 'CONFLICT', version: 2 }]);
    expect(await database.count(`event where object_id = '${id}'`)).toBe(2);
  });

  it('never overwrite what the other has configured, also where they do not say it', async () => {
    const id = await composer.stage({ password: {} });
    const edit = (password: object): [string, object] => [
      UPDATE_STAGE,
      { id, input: { config: { password } } },
    ];
    const answers = await atOnce(edit({ allowShowPassword: true }), edit({ failedAttemptsBeforeCancel: 9 }));
    expect(problems(answers)).toMatchObject([{ code: 'CONFLICT', version: 2 }]);
  });

  it('either delete or bind it, and are told what uses it by now', async () => {
    const { id: flowId, slug } = await composer.flow();
    const id = await composer.stage({ deny: {} }, 'wanted-and-unwanted');
    const answers = await atOnce(
      [DELETE_STAGE, { id }],
      [BIND, { input: { flowId, stageId: id, order: 1 } }],
    );
    const bound = await database.count(`flow_stage_binding where flow_id = '${flowId}'`);
    const name = `${slug} / wanted-and-unwanted`;
    expect(problems(answers)).toMatchObject([
      bound === 1 ? { code: 'CONFLICT', usedBy: [{ type: 'STAGE_BINDING', name }] } : { code: 'CONFLICT' },
    ]);
  });
});

describe('the event log', () => {
  it('says who has changed what, as it was called then, and from where', async () => {
    const { id: flowId, slug } = await composer.flow();
    const stageId = await composer.stage({ deny: {} }, 'once-called-so');
    const stageBindingId = await composer.bind(flowId, stageId, 1);
    const policyId = await composer.policy({ dummy: {} }, 'guard');
    const guard = await composer.guard({ stageBindingId }, { policyId });
    await admin.ok(UPDATE_STAGE, { id: stageId, input: { name: 'now-called-so' } });
    await admin.ok('mutation($id: ID!) { unbindPolicy(id: $id) }', { id: guard });
    const events = await database.query(
      `select object_type, object_name, details->>'change' as change, address, username
        from event join user_account u on u.id = actor_id
        where object_id = any($1) order by event.created_at`,
      [[stageId, stageBindingId, guard]],
    );
    const by = { username: ADMIN.username, address: '127.0.0.1' };
    const place = `${slug} / once-called-so`;
    expect(events).toEqual([
      { object_type: 'STAGE', object_name: 'once-called-so', change: 'CREATED', ...by },
      { object_type: 'STAGE_BINDING', object_name: place, change: 'CREATED', ...by },
      { object_type: 'POLICY_BINDING', object_name: `${place} / guard`, change: 'CREATED', ...by },
      { object_type: 'STAGE', object_name: 'once-called-so', change: 'UPDATED', ...by },
      {
        object_type: 'POLICY_BINDING',
        object_name: `${slug} / now-called-so / guard`,
        change: 'DELETED',
        ...by,
      },
    ]);
  });

  it('tells what the first start has made, by nobody, and nothing of the second', async () => {
    const made = `event where actor_id is null and address = ''`;
    expect(await database.count(`${made} and object_name = 'default-authentication-flow'`)).toBe(1);
    expect(await database.count(`${made} and details->>'change' <> 'CREATED'`)).toBe(0);
    expect(await database.count(`${made} and object_type = 'FLOW'`)).toBe(
      (
        await database.query(
          'select distinct object_id from event where actor_id is null and object_type = $1',
          ['FLOW'],
        )
      ).length,
    );
  });
});

describe('somebody with a few permissions', () => {
  let delegate: TestClient;
  let own: string;

  beforeAll(async () => {
    const { slug } = await composer.enrollment();
    delegate = node.client();
    const responses = [filledIn({ username: 'delegate', password: 'a long enough password' })];
    await start(delegate, { flow: { slug }, responses });
    own = await composer.group({ name: 'delegates' });
    await database.query(
      `insert into group_member (group_id, user_id) select $1, id from user_account where username = 'delegate'`,
      [own],
    );
  });

  async function allow(...permissions: string[]): Promise<void> {
    await database.query('delete from group_permission where group_id = $1', [own]);
    for (const permission of permissions)
      await database.query('insert into group_permission (group_id, permission) values ($1, $2)', [
        own,
        permission,
      ]);
  }
  async function group(...permissions: string[]): Promise<string> {
    const id = await composer.group();
    for (const permission of permissions)
      await database.query('insert into group_permission (group_id, permission) values ($1, $2)', [
        id,
        permission,
      ]);
    return id;
  }
  const code = async (document: string, variables: object): Promise<string | undefined> =>
    (await delegate.send(document, variables)).errors[0]?.extensions.code;

  const NO_ID = '00000000-0000-4000-8000-000000000000';
  const CREATE_STAGE = 'mutation($input: CreateStageInput!) { createStage(input: $input) { id } }';
  const BIND_POLICY = 'mutation($input: BindPolicyInput!) { bindPolicy(input: $input) { id } }';
  const DEFAULT = 'mutation($id: ID) { setDefaultFlow(designation: RECOVERY, flowId: $id) { __typename } }';

  it('learns nothing of what they may not see by naming it, whether it is there or not', async () => {
    await allow('STAGE_BINDING_ADD', 'POLICY_BINDING_ADD', 'STAGE_ADD', 'SETTINGS_CHANGE');
    const flow = await composer.flow({ designation: 'RECOVERY' });
    const there = {
      flowId: flow.id,
      stageId: await composer.stage({ deny: {} }),
      policyId: await composer.policy({ dummy: {} }),
      groupId: await group(),
      fieldId: await composer.promptField({ key: 'k', type: 'TEXT' }),
    };
    const stageBindingId = await composer.bind(flow.id, there.stageId, 1);
    const nowhere = { flowId: NO_ID, stageId: NO_ID, policyId: NO_ID, groupId: NO_ID, fieldId: NO_ID };
    for (const { flowId, stageId, policyId, groupId, fieldId } of [there, nowhere]) {
      const stage = (config: object) =>
        [CREATE_STAGE, { input: { name: `blind ${flowId}`, config } }] as const;
      const guard = (target: object, subject: object) =>
        [BIND_POLICY, { input: { target, subject, order: 1 } }] as const;
      const calls: (readonly [string, object])[] = [
        [BIND, { input: { flowId, stageId, order: 9 } }],
        [DEFAULT, { id: flowId }],
        guard({ flowId }, { policyId }),
        guard({ stageBindingId }, { policyId }),
        guard({ stageBindingId }, { groupId }),
        guard({ stageBindingId }, { userId: groupId }),
        stage({ password: { recoveryFlowId: flowId } }),
        stage({ prompt: { fieldIds: [fieldId] } }),
        stage({ userWrite: { groupId } }),
      ];
      for (const call of calls) expect([call, await code(...call)]).toEqual([call, 'FORBIDDEN']);
    }
    expect(await code(DEFAULT, { id: null })).toBeUndefined();
  });

  it('puts people only into groups that can do no more than themselves', async () => {
    await allow(
      'STAGE_ADD',
      'STAGE_CHANGE',
      'STAGE_BINDING_ADD',
      'FLOW_ADD',
      'POLICY_BINDING_ADD',
      'GROUP_VIEW',
    );
    const weak = await group('STAGE_VIEW', 'GROUP_VIEW');
    const strong = await group('EVENT_VIEW');
    const within = await composer.group({ parentIds: [strong] });
    const [{ group_id: administrators }] = await database.query(
      `select id as group_id from user_group where name = 'administrators'`,
    );
    const stage = (groupId: string, name: string) => ({
      input: { name, config: { userWrite: { groupId } } },
    });
    for (const groupId of [strong, within, administrators])
      expect(await code(CREATE_STAGE, stage(groupId, 'never made'))).toBe('FORBIDDEN');
    expect(await code(CREATE_STAGE, stage(weak, 'weak enough'))).toBeUndefined();

    const [{ id }] = await database.query(`select id from stage where name = 'weak enough'`);
    const change = (groupId: string | null) => ({ id, input: { config: { userWrite: { groupId } } } });
    expect(await code(UPDATE_STAGE, change(administrators))).toBe('FORBIDDEN');
    expect(
      await database.count(`stage_reference where to_group_id = '${administrators}' and stage_id = '${id}'`),
    ).toBe(0);
    const flow = await composer.flow();
    expect(await code(BIND, { input: { flowId: flow.id, stageId: id, order: 1 } })).toBeUndefined();

    const powerful = await composer.stage({ userWrite: { groupId: within } });
    expect(await code(BIND, { input: { flowId: flow.id, stageId: powerful, order: 2 } })).toBe('FORBIDDEN');
    await composer.bind(flow.id, powerful, 2);
    const DUPLICATE = `mutation($id: ID!, $input: DuplicateFlowInput!) { duplicateFlow(id: $id, input: $input) { id } }`;
    for (const copyStages of [true, false])
      expect(await code(DUPLICATE, { id: flow.id, input: { slug: 'stronger', copyStages } })).toBe(
        'FORBIDDEN',
      );
    const configure = { id: powerful, input: { config: { userWrite: { creation: 'ALWAYS' } } } };
    expect(await code(UPDATE_STAGE, configure)).toBe('FORBIDDEN');
    expect(
      await code(UPDATE_STAGE, { id: powerful, input: { config: { userWrite: { groupId: null } } } }),
    ).toBeUndefined();
  });

  it('is not told the names of users of an object that they may not see', async () => {
    await allow('STAGE_DELETE');
    const { id: flowId, slug } = await composer.flow();
    const id = await composer.stage({ password: {} });
    await composer.bind(flowId, id, 1);
    await composer.stage({ identification: { passwordStageId: id } }, 'may-be-seen');
    const { errors } = await delegate.send(DELETE_STAGE, { id });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/STAGE may-be-seen, 1 more\.$/),
        extensions: { usedBy: [{ type: 'STAGE' }] },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain(slug);
  });
});
