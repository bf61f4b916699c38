/**
 * What administrators see of stages and flows: what the relative's tests assert of its API and its diagrams, in our
 * form. SPEC-CASES.md says which of its cases is shown where.
 */
import { Composer, uniqueName } from '../support/compose.js';
import { DummyFlows } from '../support/dummies.js';
import { signedIn, start } from '../support/flows.js';
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

describe('the list of stages', () => {
  it('has stages of all kinds in one, each with what only its kind has', async () => {
    const prefix = uniqueName('listed');
    await composer.stage({ deny: { message: 'No.' } }, `${prefix} a`);
    await composer.stage({ password: { failedAttemptsBeforeCancel: 3 } }, `${prefix} b`);
    await composer.stage({ userLogout: {} }, `${prefix} c`);
    const { stages } = await admin.ok(
      `query($search: String) { stages(filter: { search: $search }) { edges { node { kind config {
        __typename ... on DenyConfig { message } ... on PasswordConfig { failedAttemptsBeforeCancel }
      } } } } }`,
      { search: prefix },
    );
    expect(stages.edges.map((edge: { node: object }) => edge.node)).toEqual([
      { kind: 'DENY', config: { __typename: 'DenyConfig', message: 'No.' } },
      { kind: 'PASSWORD', config: { __typename: 'PasswordConfig', failedAttemptsBeforeCancel: 3 } },
      { kind: 'USER_LOGOUT', config: { __typename: 'UserLogoutConfig' } },
    ]);
  });
});

describe('the kinds of stages', () => {
  interface Named {
    readonly name: string;
    readonly description: string;
  }
  const shape = (name: string) => name.replaceAll('_', '').toLowerCase();

  it('can be asked for, each with what it does, how it is configured and what is read of that', async () => {
    const { kinds, inputs, configs } = await admin.ok(`{
      kinds: __type(name: "StageKind") { enumValues { name description } }
      inputs: __type(name: "StageConfigInput") { inputFields { name description } }
      configs: __type(name: "StageConfig") { possibleTypes { name description } }
    }`);
    const told: Named[] = kinds.enumValues;
    const written: Named[] = inputs.inputFields;
    const read: Named[] = configs.possibleTypes;
    expect(told.map(({ name }) => name)).toEqual(expect.arrayContaining(['IDENTIFICATION', 'USER_LOGIN']));
    expect(written.map(({ name }) => shape(name)).toSorted()).toEqual(
      told.map(({ name }) => shape(name)).toSorted(),
    );
    expect(read.map(({ name }) => shape(name)).toSorted()).toEqual(
      told.map(({ name }) => `${shape(name)}config`).toSorted(),
    );
    for (const { description } of [...told, ...written, ...read]) expect(description).toMatch(/\.$/);
  });
});

describe('a diagram', () => {
  const drawn = async (id: string): Promise<string[]> =>
    (await admin.ok('query($id: ID) { flow(id: $id) { diagram } }', { id })).flow.diagram.split('\n');

  it('of a flow without stages leads from its start to its end', async () => {
    const { id } = await composer.flow({ name: 'Nothing yet' });
    expect(await drawn(id)).toEqual([
      'graph TD',
      'flow_start[["Flow<br/>Nothing yet"]]',
      'done[["End of the flow"]]',
      'flow_start --> done',
    ]);
  });

  it('leads to a stage that a policy guards through that policy, and past it', async () => {
    const policyId = await composer.policy({ dummy: {} }, 'now and then');
    const { id } = await new DummyFlows(composer).flow(
      { name: 'Two stages' },
      { dummy1: {}, dummy2: { guards: [{ policyId }] } },
    );
    expect(await drawn(id)).toEqual([
      'graph TD',
      'flow_start[["Flow<br/>Two stages"]]',
      'done[["End of the flow"]]',
      'stage_0(["Stage (dummy)<br/>dummy1"])',
      'stage_1(["Stage (dummy)<br/>dummy2"])',
      'stage_1_policy_0{{"Policy (dummy)<br/>now and then<br/>on run"}}',
      'flow_start --> stage_0',
      'stage_0 --> stage_1_policy_0',
      'stage_1_policy_0 -- "Policy passed" --> stage_1',
      'stage_1 --> done',
      'stage_1_policy_0 -- "Policy denied" --> done',
    ]);
  });
});

describe('trying out a flow', () => {
  it('is starting it: it is about the administrator who has just made it', async () => {
    const { slug } = await composer.flowOf({}, { dummy: {} });
    expect(await start(admin, { flow: { slug } })).toMatchObject({
      flow: { slug },
      step: { __typename: 'DummyChallenge', errors: [], user: { displayName: ADMIN.username } },
    });
  });
});
