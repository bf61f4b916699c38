import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

let app: TestApp;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
});
afterAll(() => app.close());

describe('the diagram of a flow', () => {
  it('names policies, groups and people by what administrators call them', async () => {
    const { admin } = composer;
    const flow = await composer.flow({ name: 'Staff' });
    const binding = await composer.add(flow, 1, { dummy: {} }, { evaluateOnPlan: true });
    const { stage, viewer } = await admin.ok(
      '{ stage(name: "initial-setup-write") { config { ... on UserWriteConfig { groupId } } } viewer { id } }',
    );
    const policyId = await composer.policy({ dummy: {} }, 'only-on-mondays');
    await composer.guard({ flowId: flow.id }, { groupId: stage.config.groupId });
    await composer.guard({ stageBindingId: binding }, { userId: viewer.id });
    await composer.guard({ stageBindingId: binding }, { policyId }, { enabled: false });
    const { diagram } = (await admin.ok(`{ flow(id: "${flow.id}") { diagram } }`)).flow;
    expect(diagram).toContain('flow_start[["Flow<br/>Staff"]]');
    expect(diagram).toContain('flow_policy_0{{"Group<br/>administrators"}}');
    expect(diagram).toContain(`{{"User<br/>${ADMIN.username}<br/>on plan and on run"}}`);
    expect(diagram).toMatch(
      /"Policy \(dummy\)<br\/>only-on-mondays<br\/>on plan and on run, disabled".*:::disabled/,
    );
  });
});
