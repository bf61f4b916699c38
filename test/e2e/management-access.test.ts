import { isObjectType } from 'graphql';
import type { GraphQLObjectType } from 'graphql';

import { ruleOf } from '../../src/graphql/access-rules.js';
import type { AccessRule } from '../../src/graphql/access-rules.js';
import { buildApi } from '../../src/graphql/schema.js';
import { permissionNames, withImplied } from '../../src/identity/permissions.js';
import type { Permission } from '../../src/identity/permissions.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';
import { lineOf, matrix, typeMatrix } from '../support/access-matrix.js';
import type { Line } from '../support/access-matrix.js';
import { Composer, signedUp } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { NOTHING, sampleFields } from '../support/sample-calls.js';
import type { SampleField } from '../support/sample-calls.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { Answer, TestClient } from '../support/test-client.js';

const schema = buildApi(stageKinds, policyKinds);
const lines = sampleFields(schema).map((field): [string, Line, SampleField] => [
  field.name,
  lineOf(matrix[field.name] ?? 'somebody'),
  field,
]);
const permitted = lines.filter(([, { who }]) => who === 'permitted');
const needsOf = ({ permissions, sight }: Line): readonly Permission[] => [...permissions, ...sight];
const allBut = (missing: Permission) => permissionNames.filter((one) => !withImplied([one]).has(missing));
const UNAUTHENTICATED = [{ extensions: { code: 'UNAUTHENTICATED' } }];
const FORBIDDEN = [{ extensions: { code: 'FORBIDDEN' } }];

let app: TestApp;
let admin: TestClient;
let ordinary: TestClient;
let delegate: TestClient;
let delegates: string;
let existing: readonly string[];
let guarded: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  const composer = new Composer(admin);
  const { slug } = await composer.enrollment();
  ordinary = await signedUp(app, slug, { username: 'bob', password: 'a long enough password' });
  delegate = await signedUp(app, slug, { username: 'carol', password: 'a long enough password' });
  const userId = (await delegate.ok('{ viewer { id } }')).viewer.id;
  const { viewer } = await ordinary.ok('{ viewer { id session { id } } }');
  delegates = await composer.group();
  await admin.ok(ADD, { id: delegates, userIds: [userId] });
  const flow = await composer.flow();
  const stage = await composer.stage({ dummy: {} });
  const binding = await composer.bind(flow.id, stage, 0);
  const policy = await composer.policy({ dummy: { result: true } });
  const execution = await start(ordinary, { flow: { slug } });
  const group = await composer.group();
  await composer.guard({ flowId: flow.id }, { groupId: group });
  await composer.guard({ flowId: flow.id }, { userId: viewer.id });
  existing = [
    ...[flow.id, stage, binding, policy, group, viewer.id, viewer.session.id, execution.id],
    await composer.promptField({ key: 'age', type: 'TEXT' }),
    await composer.guard({ flowId: flow.id }, { policyId: policy }),
  ];
  guarded = flow.slug;
});
afterAll(() => app.close());

const ADD = 'mutation($id: ID!, $userIds: [ID!]!) { addGroupMembers(id: $id, userIds: $userIds) { id } }';
const GRANT = `mutation($id: ID!, $permissions: [Permission!]!) {
  updateGroup(id: $id, input: { permissions: $permissions }) { id }
}`;

/** Whoever has been delegated these permissions, and no others. */
async function delegatedTo(permissions: readonly Permission[]): Promise<TestClient> {
  await admin.ok(GRANT, { id: delegates, permissions });
  return delegate;
}

/** Whatever came of it, the caller was let through, and the document was right. */
function expectLetThrough(name: string, { errors }: Answer): void {
  const problems = errors.map((error) => ({ code: error.extensions.code, path: error.path }));
  const judged = ['NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT'];
  expect(problems.filter(({ code, path }) => !judged.includes(code) || path?.[0] !== name)).toEqual([]);
}

describe('the matrix', () => {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const fieldsOf = (type?: GraphQLObjectType | null) => Object.values(type?.getFields() ?? {});

  it('says of each field that can be asked for what its rule says, and of no other', () => {
    const rules = roots.flatMap(fieldsOf).map((field) => [field.name, told(ruleOf(field))]);
    const declared = Object.entries(matrix).map(([name, line]) => [name, line.replace(/ \+ [A-Z_ ]+/, '')]);
    expect(Object.fromEntries(rules)).toEqual(Object.fromEntries(declared));
  });

  it('says of each type, and of each field that has a rule of its own, what it is', () => {
    const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
    const within = types.filter((type) => ![...roots, schema.getSubscriptionType()].includes(type));
    const rules = within.flatMap((type) => [
      [type.name, told(ruleOf(type))],
      ...fieldsOf(type).map((field) => [`${type.name}.${field.name}`, told(ruleOf(field))]),
    ]);
    const special = rules.filter(([, rule]) => rule !== 'no rule' && rule !== 'whoever has reached it');
    expect(Object.fromEntries(special)).toEqual(typeMatrix);
  });

  it('has nothing that can be followed except executions', () => {
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {})).toEqual(['flowExecutionChanged']);
  });
});

describe('nobody in particular', () => {
  it.each(lines)('asks for %s as the matrix says', async (name, { who }, field) => {
    const answer = await app.client().send(...field.call());
    if (who === 'anybody') expectLetThrough(name, answer);
    else expect(answer).toMatchObject({ data: nothingOf(answer), errors: UNAUTHENTICATED });
  });

  it('is also who brings a wrong bearer token', async () => {
    const client = app.client();
    client.bearer = 'A'.repeat(43);
    const { errors } = await client.send('{ flows { totalCount } }');
    expect(errors).toMatchObject(UNAUTHENTICATED);
  });
});

describe('what is not public', () => {
  it.each(permitted)('refuses %s to an ordinary person', async (_name, _line, field) => {
    const answer = await ordinary.send(...field.call());
    expect(answer).toMatchObject({ data: nothingOf(answer), errors: FORBIDDEN });
  });
});

describe('an ordinary person', () => {
  const open = lines.filter(([, { who }]) => who !== 'permitted');

  it.each(open)('asks for %s', async (name, _line, field) => {
    expectLetThrough(name, await ordinary.send(...field.call()));
  });

  it('knows who they are, and that they may do nothing', async () => {
    expect(await ordinary.ok('{ viewer { username isSuperuser permissions } }')).toEqual({
      viewer: { username: 'bob', isSuperuser: false, permissions: [] },
    });
  });
});

describe('a delegated administrator', () => {
  it.each(permitted)('asks for %s with what it takes', async (name, line, field) => {
    const client = await delegatedTo(needsOf(line));
    expectLetThrough(name, await client.send(...field.call()));
  });

  const lacking = permitted.flatMap(([name, line, field]) =>
    needsOf(line).map((missing): [string, Permission, SampleField] => [name, missing, field]),
  );

  it.each(lacking)('does not ask for %s without %s', async (_name, missing, field) => {
    const client = await delegatedTo(allBut(missing));
    const answer = await client.send(...field.call());
    expect(answer).toMatchObject({ data: nothingOf(answer), errors: FORBIDDEN });
    if (!field.takesIds) return;
    // Nor do they learn what there is.
    const others = await Promise.all(existing.map((id) => client.send(...field.call(id))));
    for (const other of others) expect([other.data, other.errors]).toEqual([answer.data, answer.errors]);
  });

  it('sees by what a group confers what they may do', async () => {
    const client = await delegatedTo(['GROUP_CHANGE', 'FLOW_SIMULATE']);
    const permissions = ['FLOW_SIMULATE', 'FLOW_VIEW', 'GROUP_CHANGE', 'GROUP_VIEW'];
    expect(await client.ok('{ viewer { isSuperuser permissions } }')).toEqual({
      viewer: { isSuperuser: false, permissions },
    });
  });
});

describe('a superuser', () => {
  it.each(lines)('asks for %s', async (name, _line, field) => {
    expectLetThrough(name, await admin.send(...field.call()));
  });

  it('may do all that there is', async () => {
    expect((await admin.ok('{ viewer { permissions } }')).viewer.permissions).toEqual(
      permissionNames.toSorted(),
    );
  });
});

describe('what is not for somebody who is let in', () => {
  const own = lines.filter(([, { who }, { takesIds }]) => who !== 'permitted' && takesIds);

  it.each(own)('looks as if it were not there: %s', async (_name, { who }, field) => {
    const client = who === 'anybody' ? app.client() : delegate;
    const answer = await client.send(...field.call(NOTHING));
    const others = await Promise.all(existing.map((id) => client.send(...field.call(id))));
    for (const other of others) expect([other.data, other.errors]).toEqual([answer.data, answer.errors]);
  });

  it.each([
    ['USER_VIEW', 'GROUP_VIEW', '... on User { username }'],
    ['GROUP_VIEW', 'USER_VIEW', '... on Group { name }'],
  ] as const)('is not told through what it is bound to: without %s', async (missing, kept, selection) => {
    const client = await delegatedTo(['FLOW_VIEW', 'POLICY_BINDING_VIEW', 'POLICY_VIEW', kept]);
    const document = `query($slug: String) {
      flow(slug: $slug) { policyBindings { id subject { __typename ${selection} } } }
    }`;
    const { data, errors } = await client.send(document, { slug: guarded });
    expect(errors).toMatchObject(FORBIDDEN);
    expect(data).toEqual({ flow: null });
    expect(errors[0]?.message).toContain(missing);
  });

  it.each<[string, Permission, Permission, string]>([
    ['users', 'USER_VIEW', 'GROUP_VIEW', 'groupId'],
    ['sessions', 'SESSION_VIEW', 'USER_VIEW', 'userId'],
    ['apiTokens', 'API_TOKEN_VIEW', 'USER_VIEW', 'userId'],
    ['executions', 'EXECUTION_INSPECT', 'USER_VIEW', 'userId'],
    ['executions', 'EXECUTION_INSPECT', 'FLOW_VIEW', 'flowId'],
    ['invitations', 'INVITATION_VIEW', 'FLOW_VIEW', 'flowId'],
  ])('is not looked for: among %s, who has %s needs %s for %s', async (list, view, sight, member) => {
    for (const id of [NOTHING, ...existing]) {
      const document = `{ ${list}(filter: { ${member}: "${id}" }) { totalCount } }`;
      expect((await (await delegatedTo([view])).send(document)).errors).toMatchObject(FORBIDDEN);
      expect((await (await delegatedTo([view, sight])).send(document)).errors).toEqual([]);
    }
  });

  it('is not told through events, executions, stages or groups either', async () => {
    const client = await delegatedTo(['EVENT_VIEW', 'EXECUTION_INSPECT', 'STAGE_VIEW', 'GROUP_VIEW']);
    const ways = [
      '{ events(first: 200) { edges { node { user { username } } } } }',
      '{ executions(first: 200) { edges { node { user { username } } } } }',
      '{ executions(first: 200) { edges { node { flow { slug } } } } }',
      '{ stages(first: 200) { edges { node { flows { slug } } } } }',
      '{ groups(first: 200) { edges { node { members { totalCount } } } } }',
      '{ groups(first: 200) { edges { node { members { edges { cursor } } } } } }',
    ];
    for (const document of ways) {
      const { data, errors } = await client.send(document);
      const codes = new Set(errors.map((error) => error.extensions.code));
      expect([document, ...codes]).toEqual([document, 'FORBIDDEN']);
      expect(JSON.stringify(data)).not.toMatch(/":["\dtf]/);
    }
  });
});

describe('some time after signing in', () => {
  beforeAll(() => {
    app.clock.advance(901);
  });

  it.each(lines)('%s asks for a new proof as the matrix says', async (name, { recent }, field) => {
    const answer = await admin.send(...field.call());
    if (!recent) return expectLetThrough(name, answer);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'STEP_UP_REQUIRED' } }]);
  });
});

/** The data of an answer that has none: null, or null where the field could be null by itself. */
function nothingOf({ data }: Answer): unknown {
  return data == null ? data : Object.fromEntries(Object.keys(data).map((name) => [name, null]));
}

function told(rule: AccessRule | undefined): string {
  if (!rule) return 'no rule';
  switch (rule.who) {
    case 'anybody':
    case 'whoever has reached it':
      return rule.who;
    case 'somebody':
    case 'permitted': {
      const who = rule.who === 'permitted' ? rule.permissions.join(' ') : rule.who;
      return rule.recent ? `${who}, recently` : who;
    }
  }
}
