import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { lastVersionOf, told, versionsOf } from '../support/flow-versions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
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

const update = (type: string, id: string, input: object) =>
  admin.ok(
    `mutation($id: ID!, $input: Update${type}Input!) { update${type}(id: $id, input: $input) { id } }`,
    { id, input },
  );
const call = (mutation: string, id: string) =>
  admin.ok(`mutation($id: ID!) { ${mutation}(id: $id) }`, { id });
const numbersOf = async ({ id }: ComposedFlow): Promise<number> => (await versionsOf(admin, id)).length;

describe('a version of a flow', () => {
  it('is made with the flow, by whoever makes it, with all that there is to say of it', async () => {
    const { id, slug } = await composer.flow({ title: 'Welcome' });
    const [first, ...others] = await versionsOf(admin, id);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      number: 1,
      reason: 'CHANGED',
      author: { username: ADMIN.username },
      apiTokenId: null,
      createdAt: app.clock.now().toISOString(),
    });
    expect(first?.changes).toEqual([
      {
        path: `flow:${slug}`,
        kind: 'ADDED',
        before: null,
        after: expect.objectContaining({ flow: slug, title: 'Welcome', stages: [], policies: [] }),
      },
    ]);
    expect(first?.document).toContain(`flow: ${slug}`);
  });

  it('tells what has changed of the flow, its places, what guards them, and what these consist of', async () => {
    const flow = await composer.flow();
    const { id, slug } = flow;
    const [fieldName, stageName, policyName, groupName] = [
      uniqueName('field'),
      uniqueName('stage'),
      uniqueName('policy'),
      uniqueName('group'),
    ];
    const field = await composer.promptField({ name: fieldName, key: 'k', label: 'Key', type: 'TEXT' });
    const stage = await composer.stage({ prompt: { fieldIds: [field] } }, stageName);
    const policy = await composer.policy({ dummy: { result: true } }, policyName);
    const group = await composer.group({ name: groupName });
    const seen: string[][] = [];
    const note = async <T>(work: () => Promise<T>): Promise<T> => {
      const before = await numbersOf(flow);
      const result = await work();
      const versions = await versionsOf(admin, id);
      expect(versions).toHaveLength(before + 1);
      seen.push(told(await lastVersionOf(admin, id)));
      return result;
    };
    await note(() => update('Flow', id, { title: 'Other', slug: `${slug}-b` }));
    const place = await note(() => composer.bind(id, stage, 10));
    await note(() => update('PromptField', field, { label: 'Another' }));
    await note(() => update('StageBinding', place, { order: 20, evaluateOnPlan: true }));
    const guard = await note(() => composer.guard({ stageBindingId: place }, { policyId: policy }));
    await note(() => update('Policy', policy, { config: { dummy: { result: false } } }));
    await note(() => composer.guard({ flowId: id }, { groupId: group }));
    await note(() => update('PolicyBinding', guard, { negate: true }));
    await note(() => call('unbindPolicy', guard));
    await note(() => call('unbindStage', place));
    const at = (order: number) => `flow:${slug}-b / stage:${stageName} @ ${order}`;
    expect(seen).toEqual([
      [`flow:${slug}-b.slug: ${slug} → ${slug}-b`, `flow:${slug}-b.title: ${slug} → Other`],
      [`+ promptField:${fieldName}`, `+ stage:${stageName}`, `+ ${at(10)}`],
      [`promptField:${fieldName}.label: Key → Another`],
      [`${at(20)}.order: 10 → 20`, `${at(20)}.evaluateOnPlan: false → true`],
      [`+ policy:${policyName}`, `+ ${at(20)} / policy:${policyName} @ 0`],
      [`policy:${policyName}.config.result: true → false`],
      [`+ group:${groupName}`, `+ flow:${slug}-b / group:${groupName} @ 0`],
      [`${at(20)} / policy:${policyName} @ 0.negate: false → true`],
      [`- ${at(20)} / policy:${policyName} @ 0`, `- policy:${policyName}`],
      [`- ${at(20)}`, `- promptField:${fieldName}`, `- stage:${stageName}`],
    ]);
  });

  it('is made of each flow that shares what has changed, however deep it lies, and of no other', async () => {
    const password = await composer.stage({ password: {} });
    const shown = await composer.stage({ identification: { passwordStageId: password } });
    const [called, calling] = [uniqueName('policy'), uniqueName('policy')];
    const inner = await composer.policy({ dummy: {} }, called);
    const outer = await composer.policy({ expression: { expression: `callPolicy('${called}')` } }, calling);
    const [one, two, other] = [await composer.flow(), await composer.flow(), await composer.flow()];
    for (const { id } of [one, two]) await composer.bind(id, shown, 0);
    await composer.guard({ flowId: two.id }, { policyId: outer });
    const before = await Promise.all([one, two, other].map(numbersOf));
    await update('Stage', password, { config: { password: { allowShowPassword: true } } });
    await update('Policy', inner, { config: { dummy: { result: true } } });
    const after = await Promise.all([one, two, other].map(numbersOf));
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 2, 0]);
  });

  it('is made once of what one mutation does, and never of what is refused or changes nothing', async () => {
    const flow = await composer.flow({ title: 'Same' });
    const stage = await composer.stage({ deny: {} }, uniqueName('stage'));
    await composer.bind(flow.id, stage, 10);
    const count = await numbersOf(flow);
    await update('Flow', flow.id, { title: 'Same' });
    await update('Stage', stage, { config: { deny: {} } });
    await admin.send('mutation($id: ID!) { deleteStage(id: $id) }', { id: stage });
    await admin.send('mutation($input: BindStageInput!) { bindStage(input: $input) { id } }', {
      input: { flowId: flow.id, stageId: stage, order: 10 },
    });
    await admin.send(
      'mutation($id: ID!, $v: Int) { updateFlow(id: $id, input: { title: "x" }, ifVersion: $v) { id } }',
      { id: flow.id, v: 999 },
    );
    expect(await numbersOf(flow)).toBe(count);

    const { duplicateFlow } = await admin.ok(
      'mutation($id: ID!, $input: DuplicateFlowInput!) { duplicateFlow(id: $id, input: $input) { id } }',
      { id: flow.id, input: { slug: uniqueName('flow'), copyStages: true } },
    );
    expect(await versionsOf(admin, duplicateFlow.id)).toHaveLength(1);
  });

  it('is made once of each flow that a document changes, and of none where it changes nothing', async () => {
    const stage = uniqueName('stage');
    const [one, other] = [await composer.flow(), await composer.flow()];
    const place = `stages: [{ stage: ${stage}, order: 1 }, { stage: ${stage}, order: 2 }]`;
    const document = `stagedoor: 1
name: two
entries:
  - stage: ${stage}
    kind: deny
  - flow: ${one.slug}
    ${place}
  - flow: ${other.slug}
    ${place}
`;
    const applied = async (text: string, dryRun = false) => {
      const { importBlueprint } = await admin.ok(
        'mutation($input: ImportBlueprintInput!) { importBlueprint(input: $input) { applied problems { message } } }',
        { input: { document: text, dryRun } },
      );
      expect(importBlueprint).toEqual({ applied: !dryRun, problems: [] });
    };
    await applied(document, true);
    expect(await Promise.all([one, other].map(numbersOf))).toEqual([1, 1]);
    for (const _ of [1, 2]) await applied(document);
    for (const { id } of [one, other]) {
      const imported = await lastVersionOf(admin, id);
      expect(imported).toMatchObject({ number: 2, reason: 'IMPORTED', author: { username: ADMIN.username } });
      await applied(imported.document);
      expect((await lastVersionOf(admin, id)).number).toBe(2);
    }
  });

  it('goes with its flow', async () => {
    const { id } = await composer.flow();
    await call('deleteFlow', id);
    expect((await admin.ok('query($id: ID!) { flow(id: $id) { id } }', { id })).flow).toBeNull();
    const { errors } = await admin.send(
      'query($id: ID!) { compareFlowVersions(flowId: $id, from: 1, to: 1) { path } }',
      { id },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('holds neither ids nor secrets', async () => {
    const secretKey = 'a secret that nobody is told';
    const group = await composer.group();
    const flow = await composer.flowOf(
      {},
      { captcha: { provider: 'TURNSTILE', siteKey: 'site', secretKey } },
      { userWrite: { groupId: group } },
    );
    const { viewer } = await admin.ok('{ viewer { id } }');
    await composer.guard({ flowId: flow.id }, { userId: viewer.id });
    const versions = await versionsOf(admin, flow.id);
    const text = JSON.stringify(versions);
    expect(text).toContain(ADMIN.username);
    expect(text).toContain('_SECRET_KEY');
    expect(text).not.toContain(secretKey);
    expect(text).not.toMatch(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/);
    expect(text).not.toContain('sealed');
  });

  it('follows what groups are called, without another one being made', async () => {
    const [before, after] = [uniqueName('group'), uniqueName('group')];
    const groupId = await composer.group({ name: before });
    const flow = await composer.flowOf({}, { userWrite: { groupId } });
    await composer.guard({ flowId: flow.id }, { groupId });
    const { document, number } = await lastVersionOf(admin, flow.id);
    expect(document.match(new RegExp(before, 'g'))).toHaveLength(3);
    await update('Group', groupId, { name: after });
    const renamed = await lastVersionOf(admin, flow.id);
    expect(renamed.number).toBe(number);
    expect(renamed.document).toBe(document.replaceAll(before, after));
    await update('Flow', flow.id, { title: 'Something else' });
    expect(told(await lastVersionOf(admin, flow.id))).toHaveLength(1);
  });

  it('says of a group that is gone what it was called', async () => {
    const name = uniqueName('group');
    const groupId = await composer.group({ name });
    const flow = await composer.flow();
    await call('unbindPolicy', await composer.guard({ flowId: flow.id }, { groupId }));
    await call('deleteGroup', groupId);
    const guarded = (await versionsOf(admin, flow.id))[1];
    expect(guarded?.document).toContain(`group: ${name} (deleted)`);
  });

  it('tells that something got another name, and not that one was taken out for another', async () => {
    const [before, after] = [uniqueName('stage'), uniqueName('stage')];
    const stage = await composer.stage({ deny: {} }, before);
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 10);
    await update('Stage', stage, { name: after });
    expect(told(await lastVersionOf(admin, flow.id))).toEqual([`stage:${after}.name: ${before} → ${after}`]);
  });

  it('can be compared with any other one of its flow', async () => {
    const flow = await composer.flow({ title: 'One' });
    for (const title of ['Two', 'Three']) await update('Flow', flow.id, { title });
    const compare = (from: number, to: number) =>
      admin.send(
        'query($id: ID!, $from: Int!, $to: Int!) { compareFlowVersions(flowId: $id, from: $from, to: $to) { path kind before after } }',
        { id: flow.id, from, to },
      );
    const path = `flow:${flow.slug}.title`;
    expect((await compare(1, 3)).data.compareFlowVersions).toEqual([
      { path, kind: 'CHANGED', before: 'One', after: 'Three' },
    ]);
    expect((await compare(3, 2)).data.compareFlowVersions).toEqual([
      { path, kind: 'CHANGED', before: 'Three', after: 'Two' },
    ]);
    expect((await compare(2, 2)).data.compareFlowVersions).toEqual([]);
    for (const wrong of [0, -1, 4, 2_147_483_647])
      expect((await compare(1, wrong)).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('is listed page by page, the newest first', async () => {
    const flow = await composer.flow();
    for (const title of ['b', 'c', 'd', 'e']) await update('Flow', flow.id, { title });
    const page = async (first: number, after?: string) =>
      (
        await admin.ok(
          `query($id: ID!, $first: Int, $after: String) { flow(id: $id) { versions(first: $first, after: $after) {
            totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { number } }
          } } }`,
          { id: flow.id, first, ...(after !== undefined && { after }) },
        )
      ).flow.versions;
    const one = await page(2);
    expect(one).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const two = await page(3, one.pageInfo.endCursor);
    expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const numbers = [...one.edges, ...two.edges].map(({ node }: { node: { number: number } }) => node.number);
    expect(numbers).toEqual([5, 4, 3, 2, 1]);
    const { errors } = await admin.send(
      'query($id: ID!) { flow(id: $id) { versions(after: "MTphYmM") { totalCount } } }',
      { id: flow.id },
    );
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID' }] } },
    ]);
  });
});

describe('the flows that are shipped', () => {
  it('have a version each, which the service has made', async () => {
    const { flow } = await admin.ok('{ flow(slug: "default-authentication-flow") { id } }');
    const [first] = await versionsOf(admin, flow.id);
    expect(first).toMatchObject({ number: 1, reason: 'IMPORTED', author: null });
  });
});
