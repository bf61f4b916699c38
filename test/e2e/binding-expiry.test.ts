import { Composer } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const BIND = `mutation($input: BindPolicyInput!) { binding: bindPolicy(input: $input) { id order expiresAt } }`;
const UPDATE = `mutation($id: ID!, $input: UpdatePolicyBindingInput!) {
  binding: updatePolicyBinding(id: $id, input: $input) { id order expiresAt }
}`;
const ACKNOWLEDGED = { dummy: { acknowledge: true } };

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let yes: string;
let no: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  yes = await composer.policy({ dummy: { result: true } });
  no = await composer.policy({ dummy: { result: false } });
});
afterAll(() => app.close());

const secondsFromNow = (seconds: number): string =>
  new Date(app.clock.now().getTime() + seconds * 1000).toISOString();
const stepOf = async (slug: string) => (await start(app.client(), { flow: { slug } })).step;

describe('the moment at which a binding expires', () => {
  it('is said when it is made and when it is changed, and null takes it away', async () => {
    const { id: flowId } = await composer.flow();
    const input = { target: { flowId }, subject: { policyId: yes }, order: 1 };
    const moment = secondsFromNow(60);
    const { binding: made } = await admin.ok(BIND, { input: { ...input, expiresAt: moment } });
    expect(made).toEqual({ id: expect.any(String), order: 1, expiresAt: moment });
    const change = async (changes: object) =>
      (await admin.ok(UPDATE, { id: made.id, input: changes })).binding;
    expect(await change({ order: 2 })).toMatchObject({ order: 2, expiresAt: moment });
    const later = secondsFromNow(120);
    expect(await change({ expiresAt: later })).toMatchObject({ order: 2, expiresAt: later });
    expect(await change({ expiresAt: null })).toMatchObject({ order: 2, expiresAt: null });
    const { binding: forever } = await admin.ok(BIND, { input: { ...input, expiresAt: null } });
    expect(forever.expiresAt).toBeNull();
    expect((await admin.ok(BIND, { input })).binding.expiresAt).toBeNull();
  });

  it.each(['tomorrow', '2030-01-01', '2030-13-01T00:00:00Z', ''])(
    'is a moment: %j is refused',
    async (bad) => {
      const { id: flowId } = await composer.flow();
      const input = { target: { flowId }, subject: { policyId: yes }, order: 1, expiresAt: bad };
      expect((await admin.send(BIND, { input })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    },
  );

  it('may lie in the past: then the binding counts no longer', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const id = await composer.guard({ flowId: flow.id }, { policyId: yes });
    expect((await stepOf(flow.slug)).__typename).toBe('DummyChallenge');
    await admin.ok(UPDATE, { id, input: { expiresAt: secondsFromNow(-1) } });
    expect((await stepOf(flow.slug)).__typename).toBe('FlowDenied');
  });

  it('is drawn', async () => {
    const { id } = await composer.flow();
    await composer.guard({ flowId: id }, { policyId: yes }, { expiresAt: '2031-02-03T04:05:06Z' });
    const { flow } = await admin.ok('query($id: ID) { flow(id: $id) { diagram } }', { id });
    expect(flow.diagram).toContain('until 2031-02-03T04#58;05#58;06.000Z');
  });
});

describe('a binding that expires', () => {
  it('lets people use a flow until its moment, and nobody from then on', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    await composer.guard({ flowId: flow.id }, { policyId: yes }, { expiresAt: secondsFromNow(60) });
    app.clock.advance(59);
    expect((await stepOf(flow.slug)).__typename).toBe('DummyChallenge');
    app.clock.advance(1);
    expect(await stepOf(flow.slug)).toMatchObject({ __typename: 'FlowDenied', code: 'POLICY_DENIED' });
  });

  it('keeps people out of a flow until its moment, where another one lets them in', async () => {
    const flow = await composer.flowOf({ policyEngineMode: 'ALL' }, { dummy: {} });
    await composer.guard({ flowId: flow.id }, { policyId: no }, { expiresAt: secondsFromNow(60) });
    await composer.guard({ flowId: flow.id }, { policyId: yes });
    expect((await stepOf(flow.slug)).__typename).toBe('FlowDenied');
    app.clock.advance(60);
    expect((await stepOf(flow.slug)).__typename).toBe('DummyChallenge');
  });

  it('spares people a stage until its moment, also those who are on the way to it then', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const spared = await composer.add(flow, 50, { dummy: {} });
    await composer.guard({ stageBindingId: spared }, { policyId: no }, { expiresAt: secondsFromNow(60) });
    const client = app.client();
    const [early, late] = [
      await start(client, { flow: { slug: flow.slug } }),
      await start(client, { flow: { slug: flow.slug } }),
    ];
    expect((await submit(client, early, ACKNOWLEDGED)).step.__typename).toBe('FlowCompleted');
    app.clock.advance(60);
    const asked = await submit(client, late, ACKNOWLEDGED);
    expect(asked.step.__typename).toBe('DummyChallenge');
    expect((await submit(client, asked, ACKNOWLEDGED)).step.__typename).toBe('FlowCompleted');
  });
});
