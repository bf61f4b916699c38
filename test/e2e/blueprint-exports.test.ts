import { Composer } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const EXPORT =
  'query($slugs: [String!]!, $linked: LinkedFlows!) { text: exportFlows(slugs: $slugs, linked: $linked) }';
const IMPORT = `mutation($input: ImportBlueprintInput!) {
  importBlueprint(input: $input) { applied changes { action object } problems { path code message } }
}`;
const SLUGS = '{ flows(first: 100) { edges { node { slug } } } }';

let house: TestApp;
let empty: TestApp;
let admin: TestClient;
beforeAll(async () => {
  const variables = {
    STAGEDOOR_BLUEPRINT_SECRET_LOGIN_CAPTCHA_SECRET_KEY: 'a secret',
    STAGEDOOR_EXAMPLES: 'all',
  };
  house = await startTestApp(variables);
  empty = await startTestApp({ ...variables, STAGEDOOR_EXAMPLES: undefined });
  admin = await signedIn(house);
});
afterAll(() => Promise.all([house.close(), empty.close()]));

async function exported(client: TestClient, slugs: readonly string[], linked = 'INCLUDED'): Promise<string> {
  return (await client.ok(EXPORT, { slugs, linked })).text;
}

async function imported(client: TestClient, document: string) {
  return (await client.ok(IMPORT, { input: { document } })).importBlueprint;
}

describe('a document of flows', () => {
  it('is byte for byte the same after it has been applied to an installation that did not have them', async () => {
    const { flows } = await admin.ok(SLUGS);
    const slugs = flows.edges.map(({ node }: { node: { slug: string } }) => node.slug);
    expect(slugs.length).toBeGreaterThan(20);
    const document = await exported(admin, slugs);
    const other = await signedIn(empty);
    const { applied, problems } = await imported(other, document);
    expect({ applied, problems }).toEqual({ applied: true, problems: [] });
    expect(await exported(other, slugs)).toBe(document);
  });

  it('changes nothing where it comes from', async () => {
    const document = await exported(admin, ['default-authentication-flow', 'enrollment-with-email']);
    const { changes, problems } = await imported(admin, document);
    expect(problems).toEqual([]);
    expect(changes.filter(({ action }: { action: string }) => action !== 'UNCHANGED')).toEqual([]);
  });

  it('leaves secrets where they are, and tells nothing of them', async () => {
    const composer = new Composer(admin);
    const flow = await composer.flow();
    const config = { captcha: { provider: 'TURNSTILE', siteKey: 'site', secretKey: 'very secret' } };
    await composer.bind(flow.id, await composer.stage(config, 'own-captcha'), 0);
    const document = await exported(admin, [flow.slug]);
    expect(document).toContain('secret: OWN_CAPTCHA_SECRET_KEY');
    expect(document).not.toMatch(/very secret|sealed/);
    const { applied, changes } = await imported(admin, document);
    expect(applied).toBe(true);
    expect(changes.map(({ action }: { action: string }) => action)).toEqual([
      'UNCHANGED',
      'UNCHANGED',
      'UNCHANGED',
    ]);
    const { problems } = await imported(await signedIn(empty), document);
    expect(problems).toEqual([
      expect.objectContaining({ path: 'entries[0].config.secretKey', code: 'SECRET_MISSING' }),
    ]);
  });

  it('takes the right to view everything that stands in it', async () => {
    const delegates = new Delegates(house, new Composer(admin));
    const sight = ['FLOW_VIEW', 'STAGE_BINDING_VIEW', 'STAGE_VIEW', 'POLICY_BINDING_VIEW', 'POLICY_VIEW'];
    const { client } = await delegates.delegate(...sight);
    const slugs = ['default-authentication-flow'];
    expect(await exported(client, slugs)).toBe(await exported(admin, slugs));
    for (const lacking of sight) {
      const { client: other } = await delegates.delegate(...sight.filter((one) => one !== lacking));
      const { data, errors } = await other.send(EXPORT, { slugs, linked: 'INCLUDED' });
      expect({ lacking, data, code: errors[0]?.extensions.code }).toMatchObject({
        lacking,
        code: 'FORBIDDEN',
      });
    }
  });

  it('is about flows that are there, and about some', async () => {
    const missing = await admin.send(EXPORT, { slugs: ['nobody'], linked: 'REFERENCES' });
    expect(missing.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
    const none = await admin.send(EXPORT, { slugs: [], linked: 'REFERENCES' });
    expect(none.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('has a schema that anybody may read', async () => {
    const response = await fetch(`${house.address}/blueprint.schema.json`);
    expect(response.headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(await response.json()).toEqual((await house.client().ok('{ blueprintSchema }')).blueprintSchema);
  });
});
