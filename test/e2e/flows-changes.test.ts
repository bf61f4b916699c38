import { Composer } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const ACKNOWLEDGED = { dummy: { acknowledge: true } };
const REMOVED = { __typename: 'FlowDenied', code: 'CONFIGURATION_ERROR', redirectTo: null };

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
});
afterAll(() => app.close());

/** A flow of three stages, and somebody who has been shown the first. */
async function underWay() {
  const flow = await composer.flow();
  const stages = await Promise.all(['first', 'second', 'third'].map(() => composer.stage({ dummy: {} })));
  const bindings: string[] = [];
  for (const [order, stage] of stages.entries()) bindings.push(await composer.bind(flow.id, stage, order));
  const client = app.client();
  return { flow, stages, bindings, client, execution: await start(client, { flow: { slug: flow.slug } }) };
}

async function remove(mutation: string, id: string | undefined): Promise<void> {
  await admin.ok(`mutation($id: ID!) { ${mutation}(id: $id) }`, { id });
}

describe('what is changed under an execution that is under way', () => {
  it('is not noticed where only the place is gone: the plan goes on', async () => {
    const { client, execution, bindings, stages } = await underWay();
    await remove('unbindStage', bindings[1]);
    const second = await submit(client, execution, ACKNOWLEDGED);
    const { stage } = await admin.ok('query($id: ID) { stage(id: $id) { name } }', { id: stages[1] });
    expect(second.step).toMatchObject({ __typename: 'DummyChallenge', stageName: stage.name });
  });

  it('denies where the stage to come has been deleted: it is never skipped', async () => {
    const { client, execution, bindings, stages } = await underWay();
    await remove('unbindStage', bindings[1]);
    await remove('deleteStage', stages[1]);
    expect((await submit(client, execution, ACKNOWLEDGED)).step).toMatchObject(REMOVED);
  });

  it('denies where the stage that is being answered has been deleted', async () => {
    const { client, execution, bindings, stages } = await underWay();
    await remove('unbindStage', bindings[0]);
    await remove('deleteStage', stages[0]);
    expect((await submit(client, execution, ACKNOWLEDGED)).step).toMatchObject(REMOVED);
  });

  it('denies where the flow has been deleted', async () => {
    const { client, execution, flow } = await underWay();
    await remove('deleteFlow', flow.id);
    const ended = await submit(client, execution, ACKNOWLEDGED);
    expect(ended.step).toMatchObject(REMOVED);
    const read = 'query($id: ID!) { flowExecution(id: $id) { step { ... on FlowDenied { code } } } }';
    expect((await client.ok(read, { id: execution.id })).flowExecution.step.code).toBe('CONFIGURATION_ERROR');
  });

  it('does not add what was bound later', async () => {
    const { client, execution, flow } = await underWay();
    await composer.add(flow, 100, { deny: {} });
    let { step, ...rest } = execution;
    for (let answered = 0; answered < 3; answered += 1) {
      ({ step, ...rest } = await submit(client, { ...rest, step }, ACKNOWLEDGED));
    }
    expect(step).toMatchObject({ __typename: 'FlowCompleted' });
  });

  it('is in force at once where a stage is configured anew', async () => {
    const flow = await composer.flow();
    await composer.add(flow, 1, { dummy: {} });
    const stageId = await composer.stage({ deny: { message: 'before' } });
    await composer.bind(flow.id, stageId, 2);
    const client = app.client();
    const execution = await start(client, { flow: { slug: flow.slug } });
    const update =
      'mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { id } }';
    await admin.ok(update, { id: stageId, input: { config: { deny: { message: 'after' } } } });
    expect((await submit(client, execution, ACKNOWLEDGED)).step).toMatchObject({ message: 'after' });
  });
});
