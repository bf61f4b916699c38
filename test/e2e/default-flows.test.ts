import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const RECOVERY = { designation: 'RECOVERY' };
const SET = `mutation($designation: FlowDesignation!, $flowId: ID) {
  setDefaultFlow(designation: $designation, flowId: $flowId) { defaultFlows { designation flow { slug } } }
}`;

let app: TestApp;
let composer: Composer;
let first: ComposedFlow;
let second: ComposedFlow;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
  first = await composer.flowOf({ ...RECOVERY, slug: 'a-recovery' }, { dummy: {} });
  second = await composer.flowOf({ ...RECOVERY, slug: 'b-recovery' }, { dummy: {} });
});
afterAll(() => app.close());

const choose = (flowId: string | null) => composer.admin.ok(SET, { ...RECOVERY, flowId });
const slugFor = async () => (await start(app.client(), { flow: RECOVERY })).flow.slug;

describe('the flow that a designation means', () => {
  it('is the first by slug where nothing is chosen', async () => {
    const { settings } = await composer.admin.ok(
      '{ settings { defaultFlows { designation flow { slug } } } }',
    );
    expect(settings.defaultFlows).toHaveLength(7);
    expect(settings.defaultFlows).toContainEqual({ ...RECOVERY, flow: null });
    expect(await slugFor()).toBe(first.slug);
  });

  it('is the chosen one, and the first by slug again once none is chosen', async () => {
    const { setDefaultFlow } = await choose(second.id);
    expect(setDefaultFlow.defaultFlows).toContainEqual({ ...RECOVERY, flow: { slug: second.slug } });
    expect(await slugFor()).toBe(second.slug);
    const { defaultFlow } = await app.client().ok('{ defaultFlow(designation: RECOVERY) { slug } }');
    expect(defaultFlow.slug).toBe(second.slug);
    await choose(null);
    expect(await slugFor()).toBe(first.slug);
  });

  it('is another one for people whom the chosen one does not let in', async () => {
    const closed = await composer.flowOf({ ...RECOVERY, authentication: 'REQUIRE_SUPERUSER' }, { dummy: {} });
    await choose(closed.id);
    expect(await slugFor()).toBe(first.slug);
  });

  it('is no longer one that was deleted or has got another designation', async () => {
    const fleeting = await composer.flowOf(RECOVERY, { dummy: {} });
    await choose(fleeting.id);
    await composer.admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: fleeting.id });
    expect(await slugFor()).toBe(first.slug);
    const changing = await composer.flowOf(RECOVERY, { dummy: {} });
    await choose(changing.id);
    const update = 'mutation($id: ID!) { updateFlow(id: $id, input: { designation: ENROLLMENT }) { id } }';
    await composer.admin.ok(update, { id: changing.id });
    expect(await slugFor()).toBe(first.slug);
  });

  it('cannot be one of another designation, or one that is not there', async () => {
    const other = await composer.flowOf({ designation: 'ENROLLMENT' }, { dummy: {} });
    const wrong = await composer.admin.send(SET, { ...RECOVERY, flowId: other.id });
    expect(wrong.errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'flowId', code: 'WRONG_DESIGNATION' }] } },
    ]);
    const missing = await composer.admin.send(SET, { ...RECOVERY, flowId: 'nothing' });
    expect(missing.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
