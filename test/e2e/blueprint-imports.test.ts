import { applied, documentOf, importDocument, problemsOf, tryImport } from '../support/blueprint-imports.js';
import { signedIn, start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_BLUEPRINT_SECRET_CAPTCHA: 'hunter2hunter2' });
  admin = await signedIn(app);
});
afterAll(() => app.close());

/** A flow `NAME` of two stages, in JSON; what it needs has names of its own. */
function flowDocument(name: string, changes: object = {}): string {
  return JSON.stringify({
    stagedoor: 1,
    name: `The flow ${name}`,
    entries: [
      {
        ...{ flow: name, title: 'Welcome', designation: 'STAGE_CONFIGURATION', ...changes },
        stages: [
          { stage: `${name}-deny`, order: 10, policies: [{ policy: `${name}-never`, order: 0 }] },
          { stage: `${name}-dummy`, order: 20 },
        ],
      },
      { stage: `${name}-deny`, kind: 'deny', config: { message: 'Not today.' } },
      { stage: `${name}-dummy`, kind: 'dummy', config: {} },
      { policy: `${name}-never`, kind: 'dummy', config: { result: false } },
    ],
  });
}

const flowBySlug = async (slug: string) =>
  (
    await admin.ok(
      'query($slug: String!) { flow(slug: $slug) { title version stageBindings { order stage { name } policyBindings { order } } } }',
      { slug },
    )
  ).flow;
const events = async (action: string) =>
  (
    await admin.ok(
      'query($actions: [String!]!) { events(first: 200, filter: { actions: $actions }) { edges { node { actor { username } details } } } }',
      { actions: [action] },
    )
  ).events.edges.map(({ node }: { node: object }) => node);

describe('a document', () => {
  it('is applied whole, and the flow can be run at once', async () => {
    const {
      name,
      applied: isApplied,
      changes,
      problems,
    } = await importDocument(admin, flowDocument('whole'));
    expect({ name, isApplied, problems }).toEqual({ name: 'The flow whole', isApplied: true, problems: [] });
    expect(changes.map(({ action, object }) => `${action} ${object}`)).toEqual([
      'CREATE flow:whole',
      'CREATE flow:whole / stage:whole-deny @ 10',
      'CREATE flow:whole / stage:whole-deny @ 10 / policy:whole-never @ 0',
      'CREATE flow:whole / stage:whole-dummy @ 20',
      'CREATE stage:whole-deny',
      'CREATE stage:whole-dummy',
      'CREATE policy:whole-never',
    ]);
    expect(await flowBySlug('whole')).toMatchObject({
      title: 'Welcome',
      stageBindings: [
        { order: 10, stage: { name: 'whole-deny' }, policyBindings: [{ order: 0 }] },
        { order: 20, stage: { name: 'whole-dummy' }, policyBindings: [] },
      ],
    });
    const { step } = await start(app.client(), { flow: { slug: 'whole' } });
    expect(step.__typename).toBe('DummyChallenge');
  });

  it('changes nothing when it is applied again', async () => {
    await importDocument(admin, flowDocument('twice'));
    const before = await flowBySlug('twice');
    const { applied: isApplied, changes } = await importDocument(admin, flowDocument('twice'));
    expect(isApplied).toBe(true);
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['UNCHANGED']));
    expect(await flowBySlug('twice')).toEqual(before);
  });

  it('tells which fields it changes, and leaves alone what it does not mention', async () => {
    await importDocument(admin, flowDocument('fields'));
    const { changes } = await importDocument(
      admin,
      documentOf('- { flow: fields, title: Hello }\n- { stage: fields-deny, config: {} }'),
    );
    expect(changes).toEqual([
      { action: 'UPDATE', object: 'flow:fields', fields: ['title'] },
      { action: 'UNCHANGED', object: 'stage:fields-deny', fields: [] },
    ]);
    expect((await flowBySlug('fields')).stageBindings).toHaveLength(2);
  });

  it('that is only planned says the same, and changes nothing', async () => {
    const planned = await importDocument(admin, flowDocument('planned'), { dryRun: true });
    expect(planned).toMatchObject({ applied: false, problems: [] });
    expect(await flowBySlug('planned')).toBeNull();
    expect(await events('BLUEPRINT_APPLIED')).not.toContainEqual(
      expect.objectContaining({ details: expect.objectContaining({ name: 'The flow planned' }) }),
    );
    const { changes } = await importDocument(admin, flowDocument('planned'));
    expect(changes).toEqual(planned.changes);
  });

  it('tells all its problems at once, each at its place, and then nothing of it is applied', async () => {
    expect(
      await problemsOf(
        admin,
        documentOf(`- flow: wrong
  titel: Hello
  stages: [{ stage: nowhere, order: first }]
- { stage: wrong-deny, kind: denied, config: {} }
- { group: wrong-group }`),
      ),
    ).toEqual([
      'INVALID_TYPE entries[0].stages[0].order',
      'UNRECOGNIZED_KEYS entries[0].titel',
      'UNKNOWN_KIND entries[1].kind',
    ]);
    expect(
      await problemsOf(admin, documentOf('- { stage: a-stage, kind: denied }\n- { group: wrong-group }')),
    ).toEqual(['UNKNOWN_KIND entries[0].kind']);
    expect((await admin.ok('{ group(name: "wrong-group") { id } }')).group).toBeNull();
  });

  it('is told of in the event log, with who has applied it, and where it could not be', async () => {
    await importDocument(admin, flowDocument('told'));
    expect(await events('BLUEPRINT_APPLIED')).toContainEqual({
      actor: { username: 'ada' },
      details: { name: 'The flow told', file: null, created: 7, updated: 0, deleted: 0 },
    });
    await problemsOf(admin, documentOf('- { flow: told, title: 1 }'));
    expect(await events('BLUEPRINT_FAILED')).toContainEqual({
      actor: { username: 'ada' },
      details: {
        ...{ name: 'A document', file: null, problemCount: 1 },
        problems: [{ path: 'entries[0].title', code: 'INVALID_TYPE' }],
      },
    });
  });

  it('may be larger than what anybody answers, where it comes with credentials', async () => {
    const large = `${flowDocument('large')} `.padEnd(900_000);
    expect((await importDocument(admin, large)).applied).toBe(true);
    const stranger = await tryImport(app.client(), large);
    expect([stranger.status, stranger.errors[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('is known to every node with its next request', async () => {
    if (app.databaseUrl === undefined) return;
    const other = await app.anotherNode();
    try {
      await importDocument(admin, flowDocument('nodes'));
      const { step } = await start(other.client(), { flow: { slug: 'nodes' } });
      expect(step.__typename).toBe('DummyChallenge');
      const both = await Promise.all(
        [app, other].map(async (node) => importDocument(await signedIn(node), flowDocument('race'))),
      );
      expect(both.map((one) => one.applied)).toEqual([true, true]);
    } finally {
      await other.close();
    }
  });
});

describe('the state of an entry', () => {
  const stage = (name: string, state: string, message: string) =>
    `- { stage: ${name}, kind: deny, state: ${state}, config: { message: ${message} } }`;
  const messageOf = async (name: string) =>
    (
      await admin.ok(
        'query($name: String!) { stage(name: $name) { config { ... on DenyConfig { message } } } }',
        { name },
      )
    ).stage?.config.message;

  it('present makes it, and puts it right where it is there', async () => {
    expect(await applied(admin, stage('s-present', 'present', 'a'))).toEqual({ 'stage:s-present': 'CREATE' });
    expect(await applied(admin, stage('s-present', 'present', 'b'))).toEqual({ 'stage:s-present': 'UPDATE' });
    expect(await messageOf('s-present')).toBe('b');
  });

  it('created makes it, and leaves it alone where it is there', async () => {
    expect(await applied(admin, stage('s-created', 'created', 'a'))).toEqual({ 'stage:s-created': 'CREATE' });
    expect(await applied(admin, stage('s-created', 'created', 'b'))).toEqual({
      'stage:s-created': 'UNCHANGED',
    });
    expect(await messageOf('s-created')).toBe('a');
  });

  it('must-created makes it, and is a problem where it is there', async () => {
    expect(await applied(admin, stage('s-must', 'must-created', 'a'))).toEqual({ 'stage:s-must': 'CREATE' });
    expect(await problemsOf(admin, documentOf(stage('s-must', 'must-created', 'b')))).toEqual([
      'EXISTS entries[0]',
    ]);
    expect(await messageOf('s-must')).toBe('a');
  });

  it('absent takes it away, and is content where it is not there', async () => {
    await applied(admin, stage('s-absent', 'present', 'a'));
    const absent = '- { stage: s-absent, state: absent }';
    expect(await applied(admin, absent)).toEqual({ 'stage:s-absent': 'DELETE' });
    expect(await applied(admin, absent)).toEqual({ 'stage:s-absent': 'UNCHANGED' });
    expect(await messageOf('s-absent')).toBeUndefined();
  });

  it('absent is refused as long as something needs it, and then nothing of the document is applied', async () => {
    await importDocument(admin, flowDocument('needing'));
    const document = documentOf('- { group: s-needing }\n- { stage: needing-deny, state: absent }');
    expect(await problemsOf(admin, document)).toEqual(['IN_USE entries[1]']);
    expect((await admin.ok('{ group(name: "s-needing") { id } }')).group).toBeNull();
    expect(
      await applied(
        admin,
        '- { stage: needing-deny, state: absent }\n- { flow: needing, stages: [{ stage: needing-dummy, order: 20 }], prune: true }',
      ),
    ).toMatchObject({ 'stage:needing-deny': 'DELETE', 'flow:needing / stage:needing-deny @ 10': 'DELETE' });
  });
});

describe('parameters', () => {
  const document = documentOf(
    `- { stage: { $join: [{ $parameter: prefix }, -deny] }, kind: deny, when: { $parameter: wanted } }`,
    'parameters: { prefix: { type: string }, wanted: { type: boolean, default: true } }\n',
  );

  it('are given with the document', async () => {
    const { changes } = await importDocument(admin, document, { context: { prefix: 'para' } });
    expect(changes).toMatchObject([{ action: 'CREATE', object: 'stage:para-deny' }]);
    const none = await importDocument(admin, document, { context: { prefix: 'none', wanted: false } });
    expect(none).toMatchObject({ applied: true, changes: [] });
  });

  it.each([
    ['are missing', {}, 'REQUIRED'],
    ['are of another type', { prefix: 1 }, 'INVALID_TYPE'],
    ['are not declared', { prefix: 'x', other: 1 }, 'UNKNOWN_FIELD'],
  ])('are a problem where they %s', async (_what, context, code) => {
    expect(await problemsOf(admin, document, { context })).toEqual([expect.stringMatching(`^${code} `)]);
  });
});

describe('a named secret', () => {
  const captcha = (name: string, secret: string) =>
    `- { stage: ${name}, kind: captcha, config: { provider: TURNSTILE, siteKey: a, secretKey: { secret: ${secret} } } }`;

  it('is what the operator has configured, and nobody is shown it', async () => {
    expect(await applied(admin, captcha('captcha', 'CAPTCHA'))).toEqual({ 'stage:captcha': 'CREATE' });
    expect(await applied(admin, captcha('captcha', 'CAPTCHA'))).toEqual({ 'stage:captcha': 'UNCHANGED' });
    const all = await admin.ok('{ stage(name: "captcha") { name config { __typename } } }');
    expect(JSON.stringify([all, app.log, await events('BLUEPRINT_APPLIED')])).not.toContain('hunter2');
  });

  it('that is not configured is a problem that says what to configure', async () => {
    const { problems } = await importDocument(admin, documentOf(captcha('uncaptcha', 'NOWHERE')));
    expect(problems).toMatchObject([
      {
        path: 'entries[0].config.secretKey',
        code: 'SECRET_MISSING',
        message: expect.stringContaining('STAGEDOOR_BLUEPRINT_SECRET_NOWHERE'),
      },
    ]);
  });

  it('is for superusers: whoever makes stages could have it told to a service of their own', async () => {
    const { createApiToken } = await admin.ok(
      'mutation { createApiToken(input: { name: "ci", permissions: [STAGE_ADD, FLOW_VIEW] }) { token } }',
    );
    const machine = app.client();
    machine.bearer = createApiToken.token;
    expect(await problemsOf(machine, documentOf(captcha('mine', 'CAPTCHA')))).toEqual([
      'FORBIDDEN entries[0].config.secretKey',
    ]);
  });
});
