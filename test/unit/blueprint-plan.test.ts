import { inOrder } from '../../src/blueprints/plan/order.js';
import { CONFIGURED, codes, planned } from '../support/blueprints.js';
import { SERVICES } from '../support/conditions.js';
import { bound, catalogueOf, flow, placed, policy, stage } from '../support/definitions.js';

const document = (...entries: readonly string[]): string =>
  `stagedoor: 1\nname: Under test\nentries:\n${entries.map((entry) => `  - ${entry}`).join('\n')}`;

const changes = async (text: string, scene: Parameters<typeof planned>[1] = {}) => {
  const plan = await planned(text, scene);
  expect(plan.problems).toEqual([]);
  return plan.changes.map(({ action, object, fields }) => [action, object, ...fields].join(' '));
};

const LOGIN = stage('login', 'user-login');
const CAPTCHA = stage('captcha', 'captcha', { provider: 'ALTCHA' });
const GUARD = policy('guard', 'condition');
const PRESENT = catalogueOf(
  flow([placed(LOGIN, { order: 10 }), placed(CAPTCHA, { order: 20 })], {
    policyBindings: [bound(GUARD, { order: 0 })],
  }),
);

afterAll(() => SERVICES.expressions.close());

describe('what a document asks for', () => {
  it('is planned in whatever order the entries stand', async () => {
    const text = document(
      '{ flow: f, title: F, designation: AUTHENTICATION, stages: [{ stage: who, order: 1 }] }',
      "{ stage: who, kind: identification, config: { passwordStageId: { ref: 'stage:secret' }, recoveryFlowId: { ref: 'flow:f' } } }",
      '{ stage: secret, kind: password }',
    );
    expect(await changes(text)).toEqual([
      'CREATE flow:f slug title designation',
      'CREATE flow:f / stage:who @ 1 order',
      'CREATE stage:who name kind config.passwordStageId config.recoveryFlowId',
      'CREATE stage:secret name kind',
    ]);
  });

  it('leaves alone what is not mentioned', async () => {
    const text = document(
      '{ flow: under-test, title: Another title, stages: [{ stage: login, order: 10, evaluateOnPlan: true }] }',
      '{ stage: login }',
    );
    expect(await changes(text, { catalogue: PRESENT })).toEqual([
      'UPDATE flow:under-test title',
      'UPDATE flow:under-test / stage:login @ 10 evaluateOnPlan',
      expect.stringMatching(/^(UNCHANGED|UPDATE) stage:login/),
    ]);
  });

  it('takes out what is not listed where it says so, and moves what only stands elsewhere', async () => {
    const text = document(
      '{ flow: under-test, prune: true, policies: [], stages: [{ stage: login, order: 15, policies: [] }] }',
    );
    expect(await changes(text, { catalogue: PRESENT })).toEqual([
      'UNCHANGED flow:under-test',
      'DELETE flow:under-test / policy:guard @ 0',
      'UPDATE flow:under-test / stage:login @ 15 order',
      'DELETE flow:under-test / stage:captcha @ 20',
    ]);
  });

  it('moves what guards a flow, but takes away only the very guard that is to be absent', async () => {
    const guarding = (rest: string) =>
      document(`{ flow: under-test, policies: [{ policy: guard, ${rest} }] }`);
    expect(await changes(guarding('order: 5'), { catalogue: PRESENT })).toEqual([
      'UNCHANGED flow:under-test',
      'UPDATE flow:under-test / policy:guard @ 5 order',
    ]);
    expect(await changes(guarding('order: 5, state: absent'), { catalogue: PRESENT })).toEqual([
      'UNCHANGED flow:under-test',
      'UNCHANGED flow:under-test / policy:guard @ 5',
    ]);
    expect(await changes(guarding('order: 0, state: absent'), { catalogue: PRESENT })).toEqual([
      'UNCHANGED flow:under-test',
      'DELETE flow:under-test / policy:guard @ 0',
    ]);
  });

  it.each([
    ['present', 'UPDATE flow:under-test title designation', 'CREATE flow:new slug title designation'],
    ['created', 'UNCHANGED flow:under-test', 'CREATE flow:new slug title designation'],
    ['absent', 'DELETE flow:under-test', 'UNCHANGED flow:new'],
  ])('is %s afterwards, by its state', async (state, there, missing) => {
    const entry = (slug: string) =>
      `{ flow: ${slug}, state: ${state}, title: T, designation: AUTHENTICATION }`;
    expect(await changes(document(entry('under-test')), { catalogue: PRESENT })).toEqual([there]);
    expect(await changes(document(entry('new')), { catalogue: PRESENT })).toEqual([missing]);
  });

  it('cannot be made where it must be made and is there already', async () => {
    const text = document('{ flow: under-test, state: must-created, title: T, designation: AUTHENTICATION }');
    expect(codes(await planned(text, { catalogue: PRESENT }))).toEqual(['entries[0] EXISTS']);
  });
});

describe('what stands against a document', () => {
  it.each([
    [
      'a stage that there is not',
      '{ flow: f, title: F, designation: RECOVERY, stages: [{ stage: x, order: 1 }] }',
      'entries[0].stages[0].stage NOT_FOUND',
    ],
    ['a stage kind that there is not', '{ stage: s, kind: telepathy }', 'entries[0].kind UNKNOWN_KIND'],
    ['a stage of no kind', '{ stage: s }', 'entries[0].kind REQUIRED'],
    ['a flow without a title', '{ flow: f, designation: RECOVERY }', 'entries[0].title REQUIRED'],
    [
      'a reference to something else',
      "{ stage: s, kind: identification, config: { passwordStageId: { ref: 'flow:x' } } }",
      'entries[0].config.passwordStageId WRONG_KIND',
    ],
    [
      'a reference that is none',
      '{ stage: s, kind: identification, config: { passwordStageId: x } }',
      'entries[0].config.passwordStageId INVALID',
    ],
    [
      'a field that there is not',
      '{ stage: s, kind: deny, config: { massage: x } }',
      'entries[0].config.massage UNRECOGNIZED_KEYS',
    ],
    [
      'a secret in clear',
      '{ stage: s, kind: captcha, config: { provider: TURNSTILE, siteKey: k, secretKey: psst } }',
      'entries[0].config.secretKey INVALID',
    ],
    [
      'a secret that is not configured',
      '{ stage: s, kind: captcha, config: { provider: TURNSTILE, siteKey: k, secretKey: { secret: NOWHERE } } }',
      'entries[0].config.secretKey SECRET_MISSING',
    ],
    [
      'a place whose policies are never asked',
      '{ flow: f, title: F, designation: RECOVERY, stages: [{ stage: login, order: 1, reEvaluatePolicies: false }] }',
      'entries[0].stages[0].reEvaluatePolicies NEVER_EVALUATED',
    ],
    [
      'the same place twice',
      '{ flow: f, title: F, designation: RECOVERY, stages: [{ stage: login, order: 1 }, { stage: login, order: 1 }] }',
      'entries[0].stages[1] REPEATED',
    ],
    [
      'somebody whom there is not',
      '{ flow: f, title: F, designation: RECOVERY, policies: [{ user: nobody, order: 1 }] }',
      'entries[0].policies[0].user NOT_FOUND',
    ],
    [
      'two guards in one',
      '{ flow: f, title: F, designation: RECOVERY, policies: [{ user: a, group: b, order: 1 }] }',
      'entries[0].policies[0] REQUIRED',
    ],
    [
      'a policy that calls itself',
      '{ policy: p, kind: condition, config: { actions: [{ type: require, when: { policy: p } }] } }',
      'entries[0].config.actions',
    ],
    ['two kinds of objects in one', '{ stage: a, policy: b }', 'entries[0] UNKNOWN_FORM'],
    ['an entry that is none', 'just text', 'entries[0] INVALID_TYPE'],
  ])('is %s', async (_, entry, problem) => {
    const found = codes(await planned(document(entry), { catalogue: PRESENT }));
    expect(found).toEqual([expect.stringContaining(problem)]);
  });

  it('is told of everything at once', async () => {
    const text = document('{ stage: s, kind: telepathy }', '{ flow: f }', '{ invitation: i, flow: nowhere }');
    expect(codes(await planned(text))).toEqual([
      'entries[0].kind UNKNOWN_KIND',
      'entries[1].title REQUIRED',
      'entries[1].designation REQUIRED',
      'entries[2].flow NOT_FOUND',
    ]);
  });

  it('is told of everything at once, also where some of it is wrong by itself', async () => {
    const text = document(
      '{ flow: f, title: F, designation: RECOVERY, stages: [{ stage: broken, order: 1 }, { stage: nowhere, order: 2 }] }',
      '{ stage: broken, kind: user-login, colour: red }',
      '{ stage: s, kind: telepathy }',
      '{ flow: g, title: G, designation: RECOVERY, stages: [{ stage: nowhere, order: 1 }] }',
    );
    // What the first flow lacks may only follow from what is broken.
    expect(codes(await planned(text))).toEqual([
      'entries[1].colour UNRECOGNIZED_KEYS',
      'entries[2].kind UNKNOWN_KIND',
      'entries[3].stages[0].stage NOT_FOUND',
    ]);
  });

  it.each([
    ['too much is broken', Array.from({ length: 21 }, (_, at) => `{ group: g${at}, colour: red }`)],
    ['nobody knows what something broken is called', ['{ group: 5 }']],
  ])('is only what is wrong by itself where %s', async (_, broken) => {
    const found = codes(await planned(document('{ stage: s, kind: telepathy }', ...broken)));
    expect(found).toHaveLength(broken.length);
    expect(found.join()).not.toContain('UNKNOWN_KIND');
  });

  it('is told of the document as well as of its entries', async () => {
    const text = document('{ group: g, colour: red }', 'just text').replace('name: Under test', 'size: 5');
    expect(codes(await planned(text))).toEqual([
      'name REQUIRED',
      'size UNRECOGNIZED_KEYS',
      'entries[0].colour UNRECOGNIZED_KEYS',
      'entries[1] INVALID_TYPE',
    ]);
  });

  it('is told of entries among what there is where nothing is wrong with the document but its name', async () => {
    const unnamed = document('{ stage: s, kind: telepathy }').replace('name: Under test', 'name: 5');
    expect(codes(await planned(unnamed))).toEqual(['name INVALID_TYPE', 'entries[0].kind UNKNOWN_KIND']);
    const unclear = unnamed.replace('name: 5', 'name: 5\nsate: absent');
    expect(codes(await planned(unclear))).toEqual(['name INVALID_TYPE', 'sate UNRECOGNIZED_KEYS']);
  });

  it('is what a condition leaves out and something else names, and what the document itself deletes', async () => {
    const names = '{ flow: f, title: F, designation: RECOVERY, stages: [{ stage: login, order: 1 }] }';
    const left = document(names, '{ stage: login, kind: user-login, when: false }');
    expect(codes(await planned(left))).toEqual(['entries[0].stages[0].stage SKIPPED']);
    expect(codes(await planned(left, { catalogue: PRESENT }))).toEqual([]);
    const deleted = document(names, '{ stage: login, state: absent }');
    expect(codes(await planned(deleted, { catalogue: PRESENT }))).toEqual([
      'entries[0].stages[0].stage NOT_FOUND',
    ]);
  });

  it('is an object that two entries are about', async () => {
    expect(codes(await planned(document('{ group: g }', '{ group: g }')))).toEqual([
      'entries[1].group REPEATED',
    ]);
  });

  it('is a permission that is missing, object by object', async () => {
    const text = document(
      '{ stage: login, kind: user-login }',
      '{ flow: under-test, title: Another, policies: [{ group: staff, order: 5 }] }',
      '{ group: staff }',
    );
    const rights = {
      superuser: false,
      permissions: new Set(['STAGE_VIEW', 'FLOW_VIEW', 'GROUP_VIEW', 'GROUP_ADD']),
    };
    const found = codes(await planned(text, { catalogue: PRESENT, rights }));
    expect(found).toContain('entries[1] FORBIDDEN');
    expect(found).toContain('entries[1].policies[0] FORBIDDEN');
    expect(found.every((line) => line.endsWith('FORBIDDEN'))).toBe(true);
    expect(found.some((line) => line.startsWith('entries[2]'))).toBe(false);
  });

  it('looks the same for what is there and what is not, to whoever may see neither', async () => {
    const rights = { superuser: false, permissions: new Set<string>() };
    const found = async (slug: string) =>
      (
        await planned(document(`{ flow: ${slug}, title: T, designation: RECOVERY }`), {
          catalogue: PRESENT,
          rights,
        })
      ).problems;
    expect(await found('under-test')).toEqual(await found('nowhere'));
  });
});

describe('secrets of a document', () => {
  const text = document(
    `{ stage: s, kind: captcha, config: { provider: TURNSTILE, siteKey: k, secretKey: { secret: ${CONFIGURED.name} } } }`,
  );

  it('are what the operator has configured, and are told to nobody', async () => {
    const plan = await planned(text);
    expect(plan.problems).toEqual([]);
    expect(JSON.stringify(plan.changes)).not.toContain(CONFIGURED.value);
  });

  it('are not for everybody to have', async () => {
    expect(codes(await planned(text, { secret: () => 'FORBIDDEN' }))).toEqual([
      'entries[0].config.secretKey FORBIDDEN',
    ]);
  });
});

describe('an order', () => {
  it('puts everything after what it needs, and tells what needs itself', () => {
    const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    const needs: Record<string, string[]> = { a: ['b', 'x'], b: ['c'], c: [], d: ['a'] };
    const { ordered, circular } = inOrder(items, ({ id }) => needs[id] ?? []);
    expect(ordered.map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd']);
    expect(circular).toEqual([]);
    const around = inOrder(items, ({ id }) => ({ a: ['b'], b: ['a'] })[id] ?? []);
    expect(around.circular.map(({ id }) => id)).toEqual(['a']);
  });
});
