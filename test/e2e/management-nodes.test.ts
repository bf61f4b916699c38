import { Composer } from '../support/compose.js';
import { signedIn, start } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

/** The embedded database has one node by its nature. */
const onSeveralNodes = STAGEDOOR_TEST_DATABASE === 'postgres' ? describe : describe.skip;

onSeveralNodes('a change made on one node', () => {
  let here: TestApp;
  let there: TestApp;
  let composer: Composer;
  beforeAll(async () => {
    here = await startTestApp();
    there = await here.anotherNode();
    composer = new Composer(await signedIn(here));
  });
  afterAll(async () => {
    await there.close();
    await here.close();
  });

  it("is seen by another node's very next request", async () => {
    const { slug, id } = await composer.flowOf({}, { deny: { message: 'first' } });
    const message = async (): Promise<string> =>
      (await start(there.client(), { flow: { slug } })).step.message;
    expect(await message()).toBe('first');
    const { flow } = await composer.admin.ok(
      'query($id: ID) { flow(id: $id) { stageBindings { stage { id } } } }',
      { id },
    );
    const stage = flow.stageBindings[0].stage.id;
    const update =
      'mutation($id: ID!, $input: UpdateStageInput!) { updateStage(id: $id, input: $input) { id } }';
    for (const text of ['second', 'third', 'fourth']) {
      await composer.admin.ok(update, { id: stage, input: { config: { deny: { message: text } } } });
      expect(await message()).toBe(text);
    }
  });

  it('is seen by an administrator who reads on the other node', async () => {
    const admin = there.client();
    for (const [name, value] of composer.admin.cookies) admin.cookies.set(name, value);
    const { id } = await composer.flow({ title: 'made here' });
    const read = 'query($id: ID) { flow(id: $id) { title } }';
    expect((await admin.ok(read, { id })).flow).toEqual({ title: 'made here' });
    await admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id });
    expect((await composer.admin.ok(read, { id })).flow).toBeNull();
  });

  it('ends an execution that was started on the other node, where it takes its stage away', async () => {
    const flow = await composer.flowOf({}, { dummy: {} });
    const client = there.client();
    const execution = await start(client, { flow: { slug: flow.slug } });
    expect(execution.step.__typename).toBe('DummyChallenge');
    await composer.admin.ok('mutation($id: ID!) { deleteFlow(id: $id) }', { id: flow.id });
    const submit =
      'mutation($input: SubmitStageInput!) { submitStage(input: $input) { step { ... on FlowDenied { code } } } }';
    const { id: executionId, step } = execution;
    const input = { executionId, challengeId: step.id, response: { dummy: { acknowledge: true } } };
    expect((await client.ok(submit, { input })).submitStage.step).toEqual({ code: 'CONFIGURATION_ERROR' });
  });
});
