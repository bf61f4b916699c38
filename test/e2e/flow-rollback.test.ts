import { Composer, uniqueName } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { signedIn } from '../support/flows.js';
import { lastVersionOf, versionsOf } from '../support/flow-versions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let delegates: Delegates;
beforeAll(async () => {
  // What is configured under the name that the stage's secret has in documents is not put into it by going back.
  app = await startTestApp({ STAGEDOOR_BLUEPRINT_SECRET_KEPT_CAPTCHA_SECRET_KEY: 'not asked for' });
  admin = await signedIn(app);
  composer = new Composer(admin);
  delegates = new Delegates(app, composer);
});
afterAll(() => app.close());

const ROLL_BACK = `mutation($id: ID!, $version: Int!, $ifVersion: Int) {
  rollBackFlow(id: $id, version: $version, ifVersion: $ifVersion) { id slug version currentVersion }
}`;
const update = (type: string, id: string, input: object) =>
  admin.ok(
    `mutation($id: ID!, $input: Update${type}Input!) { update${type}(id: $id, input: $input) { id } }`,
    { id, input },
  );
const call = (mutation: string, id: string) =>
  admin.ok(`mutation($id: ID!) { ${mutation}(id: $id) }`, { id });
const rollBack = async ({ id }: ComposedFlow, version: number) =>
  (await admin.ok(ROLL_BACK, { id, version })).rollBackFlow;
const refused = async ({ id }: ComposedFlow, version: number, client = admin, more = {}) =>
  (await client.send(ROLL_BACK, { id, version, ...more })).errors[0];
const between = async ({ id }: ComposedFlow, from: number, to: number): Promise<unknown[]> =>
  (
    await admin.ok(
      `query($id: ID!, $from: Int!, $to: Int!) {
        compareFlowVersions(flowId: $id, from: $from, to: $to) { path kind before after }
      }`,
      { id, from, to },
    )
  ).compareFlowVersions;
const count = async ({ id }: ComposedFlow): Promise<number> => (await versionsOf(admin, id)).length;

describe('rolling back a flow', () => {
  it('makes it what it was, with its places, guards, stages, fields and policies, as a new version', async () => {
    const field = await composer.promptField({ key: 'k', type: 'TEXT', label: 'Before' });
    const prompt = await composer.stage({ prompt: { fieldIds: [field] } });
    const groupId = await composer.group();
    const flow = await composer.flow({ title: 'Before', layout: 'SIDEBAR_LEFT' });
    const place = await composer.bind(flow.id, prompt, 10);
    const policy = await composer.policy({ dummy: { result: true } });
    const guard = await composer.guard({ stageBindingId: place }, { policyId: policy }, { negate: true });
    await composer.guard({ flowId: flow.id }, { groupId });
    const before = await count(flow);

    await update('Flow', flow.id, { title: 'After', layout: 'STACKED', slug: `${flow.slug}-after` });
    await update('PromptField', field, { label: 'After', required: false });
    await update('Policy', policy, { config: { dummy: { result: false } } });
    await update('PolicyBinding', guard, { negate: false, timeout: 'PT5S' });
    await call('unbindStage', place);
    await composer.add(flow, 5, { deny: {} });
    await composer.guardWith({ flowId: flow.id }, { dummy: {} });
    const after = await count(flow);
    expect(await between(flow, before, after)).not.toEqual([]);

    expect(await rollBack(flow, before)).toMatchObject({ slug: flow.slug, currentVersion: after + 1 });
    expect(await between(flow, before, after + 1)).toEqual([]);
    expect(await lastVersionOf(admin, flow.id)).toMatchObject({
      reason: 'ROLLED_BACK',
      author: { username: ADMIN.username },
    });
    expect(await rollBack(flow, after)).toMatchObject({ slug: `${flow.slug}-after` });
    expect(await between(flow, after, after + 2)).toEqual([]);
  });

  it('changes for other flows what they share with it, as a new version of each', async () => {
    const stage = await composer.stage({ deny: { message: 'before' } });
    const [one, other] = [await composer.flow(), await composer.flow()];
    for (const { id } of [one, other]) await composer.bind(id, stage, 0);
    await update('Stage', stage, { config: { deny: { message: 'after' } } });
    await rollBack(one, 2);
    expect(await lastVersionOf(admin, other.id)).toMatchObject({
      number: 4,
      reason: 'ROLLED_BACK',
      changes: [{ before: 'after', after: 'before' }],
    });
  });

  it('makes no version, and tells nothing, where nothing is to be changed', async () => {
    const flow = await composer.flowOf({}, { deny: {} });
    const events = 'query { events { totalCount } }';
    const { events: before } = await admin.ok(events);
    expect(await rollBack(flow, 2)).toMatchObject({ currentVersion: 2 });
    expect((await admin.ok(events)).events).toEqual(before);
  });

  it('is told in the event log, with the version', async () => {
    const flow = await composer.flow({ title: 'a' });
    await update('Flow', flow.id, { title: 'b' });
    await rollBack(flow, 1);
    const { events } = await admin.ok(
      `query($id: ID) { events(filter: { actions: ["FLOW_ROLLED_BACK"], objectId: $id }) {
        edges { node { change object { name } details actor { username } } }
      } }`,
      { id: flow.id },
    );
    expect(events.edges).toMatchObject([
      {
        node: {
          object: { name: flow.slug },
          details: { version: 1 },
          actor: { username: ADMIN.username },
        },
      },
    ]);
  });

  it('leaves secrets what they are, also where the operator has configured others', async () => {
    const captcha = { provider: 'TURNSTILE', siteKey: 'before', secretKey: 'the secret of now' };
    const stage = await composer.stage({ captcha }, 'kept-captcha');
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 0);
    await update('Stage', stage, { config: { captcha: { provider: 'TURNSTILE', siteKey: 'after' } } });
    app.clock.advance(1);
    await rollBack(flow, 2);
    const { events } = await admin.ok(
      'query($id: ID) { events(first: 1, filter: { objectId: $id }) { edges { node { fields } } } }',
      { id: stage },
    );
    expect(events.edges).toEqual([{ node: { fields: ['config.siteKey'] } }]);
  });

  it('is refused where somebody else would be told a secret', async () => {
    const of = (provider: string) => ({ captcha: { provider, siteKey: 's', secretKey: `for ${provider}` } });
    const stage = await composer.stage(of('TURNSTILE'));
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 0);
    await update('Stage', stage, { config: of('HCAPTCHA') });
    expect(await refused(flow, 2)).toMatchObject({
      extensions: {
        code: 'CONFLICT',
        fields: [{ code: 'SECRET_MISSING', path: expect.stringMatching(/^version\.entries.*secretKey$/) }],
      },
    });
    expect(await count(flow)).toBe(3);
  });

  it('knows by their ids what was called otherwise then', async () => {
    const names = ['a', 'b', 'c', 'd'].map((letter) => uniqueName(letter));
    const [stageName = '', policyName = '', groupName = '', slug = ''] = names;
    const stage = await composer.stage({ deny: {} }, stageName);
    const policyId = await composer.policy({ dummy: {} }, policyName);
    const groupId = await composer.group({ name: groupName });
    const linked = await composer.flow({ slug });
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 0);
    await composer.add(flow, 10, { redirect: { flowId: linked.id } });
    await composer.guard({ flowId: flow.id }, { policyId });
    await composer.guard({ flowId: flow.id }, { groupId });
    const then = await count(flow);
    await update('Stage', stage, { name: `${stageName}-now` });
    await update('Policy', policyId, { name: `${policyName}-now` });
    await update('Group', groupId, { name: `${groupName}-now` });
    await update('Flow', linked.id, { slug: `${slug}-now` });
    await update('Flow', flow.id, { title: 'now' });

    const totals =
      '{ stages { totalCount } policies { totalCount } groups { totalCount } flows { totalCount } }';
    const before = await admin.ok(totals);
    await rollBack(flow, then);
    expect(await admin.ok(totals)).toEqual(before);
    const { document } = await lastVersionOf(admin, flow.id);
    for (const name of [stageName, policyName, `${groupName}-now`, `${slug}-now`])
      expect(document).toMatch(new RegExp(`\\b${name}$`, 'm'));
  });

  it('is refused where somebody else has a name that it needs', async () => {
    const name = uniqueName('stage');
    const stage = await composer.stage({ deny: {} }, name);
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 0);
    await update('Stage', stage, { name: `${name}-now` });
    await composer.stage({ deny: {} }, name);
    expect(await refused(flow, 2)).toMatchObject({
      message: expect.stringContaining(`is called ${name}-now by now, and another one is called ${name}`),
      extensions: { code: 'CONFLICT' },
    });
    expect(await count(flow)).toBe(3);
  });

  it('makes again what has been deleted, and is refused where that cannot be', async () => {
    const name = uniqueName('stage');
    const flow = await composer.flow();
    const place = await composer.bind(flow.id, await composer.stage({ deny: { message: 'again' } }, name), 0);
    const { stage } = (
      await admin.ok('query($id: ID!) { stageBinding(id: $id) { stage { id } } }', { id: place })
    ).stageBinding;
    await call('unbindStage', place);
    await call('deleteStage', stage.id);
    await rollBack(flow, 2);
    expect(await between(flow, 2, 4)).toEqual([]);

    const groupId = await composer.group();
    const guard = await composer.guard({ flowId: flow.id }, { groupId });
    const guarded = await count(flow);
    await call('unbindPolicy', guard);
    await call('deleteGroup', groupId);
    const versions = await count(flow);
    expect(await refused(flow, guarded)).toMatchObject({
      message: expect.stringContaining('is there no longer'),
      extensions: { code: 'CONFLICT' },
    });
    expect(await count(flow)).toBe(versions);
  });

  it('is meant for the version of the flow that somebody has read', async () => {
    const flow = await composer.flow({ title: 'a' });
    await update('Flow', flow.id, { title: 'b' });
    expect(await refused(flow, 1, admin, { ifVersion: 1 })).toMatchObject({
      extensions: { code: 'CONFLICT', version: 2 },
    });
    expect(await count(flow)).toBe(2);
    expect((await admin.send(ROLL_BACK, { id: flow.id, version: 1, ifVersion: 2 })).errors).toEqual([]);
    for (const version of [0, 4, -1])
      expect(await refused(flow, version)).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });

  it('takes the permission for each change, and changes nothing where one is missing', async () => {
    const stage = await composer.stage({ deny: { message: 'before' } });
    const flow = await composer.flow();
    await composer.bind(flow.id, stage, 0);
    await update('Stage', stage, { config: { deny: { message: 'after' } } });
    await update('Flow', flow.id, { title: 'after' });
    const sight = ['STAGE_BINDING_VIEW', 'POLICY_BINDING_VIEW', 'PROMPT_FIELD_VIEW', 'POLICY_VIEW'];
    const { client: lacking } = await delegates.delegate('FLOW_CHANGE', 'STAGE_VIEW', ...sight);
    expect(await refused(flow, 2, lacking)).toMatchObject({
      extensions: { code: 'FORBIDDEN', fields: [{ code: 'FORBIDDEN' }] },
    });
    expect(await count(flow)).toBe(4);
    const { client, username } = await delegates.delegate('FLOW_CHANGE', 'STAGE_CHANGE', ...sight);
    expect((await client.send(ROLL_BACK, { id: flow.id, version: 2 })).errors).toEqual([]);
    expect(await lastVersionOf(admin, flow.id)).toMatchObject({ author: { username } });
  });
});
