import { Composer, uniqueName } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { signedIn } from '../support/flows.js';
import { lastVersionOf } from '../support/flow-versions.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
let delegates: Delegates;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  delegates = new Delegates(app, composer);
});
afterAll(() => app.close());

const WHAT_IS_IN_IT = [
  'FLOW_VIEW',
  'STAGE_VIEW',
  'STAGE_BINDING_VIEW',
  'PROMPT_FIELD_VIEW',
  'POLICY_VIEW',
  'POLICY_BINDING_VIEW',
];

/** Each way to what is in the versions of a flow. */
const WAYS = [
  'query($id: ID!) { flow(id: $id) { versions { edges { node { number document } } } } }',
  'query($id: ID!) { flow(id: $id) { versions { edges { node { number changes { path before after } } } } } }',
  'query($id: ID!) { compareFlowVersions(flowId: $id, from: 1, to: 2) { path before after } }',
];

async function told(client: TestClient, id: string): Promise<string> {
  const answers = await Promise.all(WAYS.map((query) => client.send(query, { id })));
  return JSON.stringify(answers.map(({ data }) => data));
}

async function codes(client: TestClient, id: string): Promise<string[]> {
  const answers = await Promise.all(WAYS.map((query) => client.send(query, { id })));
  return answers.map(({ errors }) => [...new Set(errors.map(({ extensions }) => extensions.code))].join());
}

describe('what is in a version of a flow', () => {
  it('is told to those who may see it all, and to nobody who lacks one permission of these', async () => {
    const { id } = await composer.flowOf({}, { deny: { message: 'only for some' } });
    const { client } = await delegates.delegate(...WHAT_IS_IN_IT);
    expect(await codes(client, id)).toEqual(['', '', '']);
    expect(await told(client, id)).toContain('only for some');
    for (const missing of WHAT_IS_IN_IT) {
      const rest = WHAT_IS_IN_IT.filter((permission) => permission !== missing);
      const { client: lacking } = await delegates.delegate(...rest);
      expect([missing, await codes(lacking, id)]).toEqual([missing, ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']]);
      expect(await told(lacking, id)).not.toContain('only for some');
    }
    expect(await codes(app.client(), id)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED']);
  });

  it('takes sight of groups and of people where some stand in it', async () => {
    const name = uniqueName('group');
    const [byGroup, byPerson] = [await composer.flow(), await composer.flow()];
    await composer.guard({ flowId: byGroup.id }, { groupId: await composer.group({ name }) });
    const { viewer } = await admin.ok('{ viewer { id } }');
    await composer.guard({ flowId: byPerson.id }, { userId: viewer.id });
    const { client: neither } = await delegates.delegate(...WHAT_IS_IN_IT);
    for (const { id } of [byGroup, byPerson])
      expect(await codes(neither, id)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect(await told(neither, byGroup.id)).not.toContain(name);
    expect(await told(neither, byPerson.id)).not.toContain(`"${ADMIN.username}"`);

    const { client: groups } = await delegates.delegate(...WHAT_IS_IN_IT, 'GROUP_VIEW');
    const { client: people } = await delegates.delegate(...WHAT_IS_IN_IT, 'USER_VIEW');
    expect(await codes(groups, byGroup.id)).toEqual(['', '', '']);
    expect(await codes(people, byPerson.id)).toEqual(['', '', '']);
    expect(await codes(groups, byPerson.id)).not.toContain('');
    expect(await codes(people, byGroup.id)).not.toContain('');
  });

  it('is not needed to list versions; who made one takes sight of people', async () => {
    const { id } = await composer.flow();
    const { client } = await delegates.delegate('FLOW_VIEW');
    const list =
      'query($id: ID!) { flow(id: $id) { versions { edges { node { number reason createdAt } } } } }';
    expect((await client.ok(list, { id })).flow.versions.edges).toHaveLength(1);
    const { errors } = await client.send(list.replace('reason', 'author { username }'), { id });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('says of a version made with an API token which one that was', async () => {
    const { createApiToken } = await admin.ok(
      'mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { token apiToken { id } } }',
      { input: { name: 'ci', permissions: ['FLOW_ADD'] } },
    );
    const script = app.client();
    script.bearer = createApiToken.token;
    const { id } = await new Composer(script).flow();
    expect(await lastVersionOf(admin, id)).toMatchObject({
      author: { username: ADMIN.username },
      apiTokenId: createApiToken.apiToken.id,
    });
  });
});
