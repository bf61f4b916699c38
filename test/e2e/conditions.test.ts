import { Composer, signedUp } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { ACKNOWLEDGED } from '../support/dummies.js';
import { signedIn, start, submit } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const CREATE = `mutation($input: CreatePolicyInput!) {
  createPolicy(input: $input) { id kind config { ... on ConditionPolicyConfig { actions missing failureMessage } } }
}`;
const UPDATE =
  'mutation($id: ID!, $input: UpdatePolicyInput!) { updatePolicy(id: $id, input: $input) { id } }';
const BOB = { username: 'bob', password: 'a long enough password' };

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

const requiring = (when: object) => ({ type: 'require', when });
const condition = (actions: readonly object[], also: object = {}) => ({ condition: { actions, ...also } });

/** A flow that asks who it is, and then for an acknowledgement before which this condition stands. */
async function guardedBy(actions: readonly object[], also: object = {}): Promise<ComposedFlow> {
  const flow = await composer.flowOf({}, { identification: {} });
  const place = await composer.add(flow, 10, { dummy: {} });
  await composer.guardWith({ stageBindingId: place }, condition(actions, also));
  return flow;
}

describe('a condition', () => {
  it('is saved as it was written, with defaults for what was left out', async () => {
    const actions = [
      requiring({ any: [{ variable: 'user.groups', operator: 'has_item', value: 'administrators' }] }),
    ];
    const { createPolicy: made } = await admin.ok(CREATE, {
      input: { name: 'kept', config: condition(actions) },
    });
    expect(made).toMatchObject({
      kind: 'CONDITION',
      config: { actions, missing: 'FAIL', failureMessage: '' },
    });
    const changed = { condition: { missing: 'FALSE' } };
    await admin.ok(UPDATE, { id: made.id, input: { config: changed } });
    const read = `{ policy(name: "kept") { config { ... on ConditionPolicyConfig { actions missing } } } }`;
    expect((await admin.ok(read)).policy.config).toEqual({ actions, missing: 'FALSE' });
  });

  it('decides in a login flow who meets a stage', async () => {
    const { slug } = await composer.enrollment();
    await signedUp(app, slug, BOB);
    const flow = await composer.flowOf(
      { designation: 'AUTHENTICATION' },
      { identification: {} },
      { password: {} },
    );
    const extra = await composer.add(flow, 20, { dummy: {} });
    await composer.add(flow, 30, { userLogin: {} });
    const isBob = { variable: 'user.username', operator: 'eq', value: 'BOB', caseSensitive: false };
    const isProved = { variable: 'execution.methods', operator: 'has_item', value: 'pwd' };
    await composer.guardWith({ stageBindingId: extra }, condition([requiring({ all: [isBob, isProved] })]));
    const client = app.client();
    const login = (who: typeof BOB) =>
      start(client, {
        flow: { slug: flow.slug },
        responses: [
          { identification: { identifier: who.username } },
          { password: { password: who.password } },
        ],
      });
    const asked = await login(BOB);
    expect(asked.step.__typename).toBe('DummyChallenge');
    expect((await submit(client, asked, ACKNOWLEDGED)).step.__typename).toBe('FlowCompleted');
    expect((await client.ok('{ viewer { username } }')).viewer).toEqual({ username: BOB.username });
    expect((await login(ADMIN)).step.__typename).toBe('FlowCompleted');
  });

  it('sets what the flow says when it ends in a denial', async () => {
    const flow = await guardedBy([
      { type: 'set', target: 'denyMessage', value: 'Not from there.' },
      { type: 'stop', passing: true },
    ]);
    await composer.add(flow, 20, { deny: { message: 'Another message.' } });
    const client = app.client();
    const asked = await start(client, {
      flow: { slug: flow.slug },
      responses: [{ identification: { identifier: 'ada' } }],
    });
    const { step } = await submit(client, asked, ACKNOWLEDGED);
    expect(step).toMatchObject({ __typename: 'FlowDenied', message: 'Not from there.' });
  });

  it('keeps out of a flow by address and by what another condition says, with its message', async () => {
    const isInside = { variable: 'request.clientIp', operator: 'in_network', value: '192.0.2.0/24' };
    await composer.policy(
      condition([requiring(isInside)], { failureMessage: 'Only from inside.' }),
      'inside',
    );
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, condition([requiring({ policy: 'inside' })]));
    const from = async (address: string) =>
      (await start(app.client({ address }), { flow: { slug: flow.slug } })).step;
    expect(await from('192.0.2.7')).toMatchObject({ __typename: 'DummyChallenge' });
    expect(await from('198.51.100.7')).toMatchObject({ code: 'POLICY_DENIED', message: 'Only from inside.' });
  });

  it('denies, and says nothing of why, where it writes what may not be written', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guardWith({ flowId: flow.id }, condition([{ type: 'set', target: 'notes.a', value: 1 }]));
    const { step } = await start(app.client(), { flow: { slug: flow.slug } });
    expect(step).toMatchObject({ code: 'POLICY_DENIED', message: 'This flow does not apply to you.' });
  });
});

describe('a condition that is not right', () => {
  const yes = { variable: 'request.signedIn', operator: 'is_true' };
  it.each([
    [
      'an unknown variable',
      [requiring({ all: [yes, { variable: 'user.mail', operator: 'is_set' }] })],
      'actions.0.when.all.1.variable',
      'UNKNOWN_VARIABLE',
    ],
    [
      'an unknown operator',
      [requiring({ ...yes, operator: 'equals' })],
      'actions.0.when.operator',
      'INVALID_VALUE',
    ],
    [
      'an operator of another type',
      [requiring({ ...yes, operator: 'gt' })],
      'actions.0.when.operator',
      'WRONG_OPERATOR',
    ],
    [
      'a value of another type',
      [requiring({ variable: 'user.email', operator: 'eq', value: 1 })],
      'actions.0.when.value',
      'WRONG_OPERAND',
    ],
    [
      'a wrong regular expression',
      [requiring({ variable: 'user.email', operator: 'matches', value: '(' })],
      'actions.0.when.value',
      'INVALID_PATTERN',
    ],
    ['an unknown policy', [requiring({ policy: 'gone' })], 'actions.0.when.policy', 'NOT_FOUND'],
    [
      'an unknown target',
      [{ type: 'set', target: 'pendingUser', value: 'x' }],
      'actions.0.target',
      'UNKNOWN_TARGET',
    ],
    ['an unknown field', [{ type: 'stop', passing: true, then: [] }], 'actions.0.then', 'UNKNOWN_FIELD'],
    ['no actions', [], 'actions', 'TOO_SMALL'],
    ['too many nodes', [requiring({ any: Array(200).fill(yes) })], 'actions', 'TOO_MANY'],
  ])('is refused with the place: %s', async (_, actions, path, code) => {
    const input = { name: 'never saved', config: condition(actions) };
    const { errors } = await admin.send(CREATE, { input });
    const fields = [{ path: `input.config.condition.${path}`, code }];
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields } }]);
    expect((await admin.ok('{ policy(name: "never saved") { id } }')).policy).toBeNull();
  });

  it('is refused where it would come back to itself, by way of others too', async () => {
    const first = await composer.policy(condition([requiring(yes)]), 'first');
    await composer.policy(condition([requiring({ policy: 'first' })]), 'second');
    for (const name of ['first', 'second']) {
      const input = { config: condition([requiring({ none: [{ policy: name }] })]) };
      expect((await admin.send(UPDATE, { id: first, input })).errors).toMatchObject([
        {
          extensions: {
            fields: [{ path: 'input.config.condition.actions.0.when.none.0.policy', code: 'LOOP' }],
          },
        },
      ]);
    }
    expect(
      (await admin.send('mutation($id: ID!) { deletePolicy(id: $id) }', { id: first })).errors,
    ).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
  });
});

describe('the vocabulary of conditions', () => {
  const READ = `query($kind: PolicyKind!) { policyVocabulary(kind: $kind) {
    variables { name type description takesParameter parameter options }
    operators { name description types operand operandDescription negatable caseSensitivity }
    targets { name description }
    schema
  } }`;

  it('tells administrators all that interfaces need', async () => {
    const { policyVocabulary: words } = await admin.ok(READ, { kind: 'CONDITION' });
    expect(words).toMatchObject({
      variables: expect.arrayContaining([expect.objectContaining({ name: 'user.groups', type: 'list' })]),
      operators: expect.arrayContaining([expect.objectContaining({ name: 'has_any', types: ['list'] })]),
      targets: expect.arrayContaining([expect.objectContaining({ name: 'denyMessage' })]),
      schema: { type: 'array', minItems: 1 },
    });
    expect((await admin.ok(READ, { kind: 'EXPRESSION' })).policyVocabulary).toBeNull();
  });

  it('is for administrators', async () => {
    const { errors } = await app.client().send(READ, { kind: 'CONDITION' });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
