import { importDocument } from '../support/blueprint-imports.js';
import type { Imported } from '../support/blueprint-imports.js';
import { ADMIN } from '../support/administrator.js';
import { signedIn, start, submit } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
});
afterAll(() => app.close());

/** A login of the relative's, with a policy before its password stage. */
const login = (slug: string, expression: string): string => `
version: 1
metadata: { name: Login ${slug} }
context: { slug: ${slug} }
entries:
  - model: authentik_flows.flow
    id: flow
    identifiers: { slug: !Context slug }
    attrs: { name: Login, title: Hello, designation: authentication, authentication: none }
  - model: authentik_stages_identification.identificationstage
    id: who
    identifiers: { name: !Format ["%s-who", !Context slug] }
    attrs: { user_fields: [username, email] }
  - model: authentik_stages_password.passwordstage
    id: secret
    identifiers: { name: !Format ["%s-secret", !Context slug] }
    attrs: { backends: [authentik.core.auth.InbuiltBackend, authentik.core.auth.TokenBackend] }
  - model: authentik_stages_user_login.userloginstage
    id: session
    identifiers: { name: !Format ["%s-session", !Context slug] }
  - model: authentik_flows.flowstagebinding
    identifiers: { target: !KeyOf flow, stage: !KeyOf who, order: 10 }
  - model: authentik_flows.flowstagebinding
    id: asked
    identifiers: { target: !KeyOf flow, stage: !KeyOf secret, order: 20 }
    attrs: { re_evaluate_policies: true }
  - model: authentik_flows.flowstagebinding
    identifiers: { target: !KeyOf flow, stage: !KeyOf session, order: 100 }
  - model: authentik_policies_expression.expressionpolicy
    id: policy
    identifiers: { name: !Format ["%s-policy", !Context slug] }
    attrs:
      expression: |
        ${expression}
  - model: authentik_policies.policybinding
    identifiers: { target: !KeyOf asked, policy: !KeyOf policy, order: 0 }
    attrs: { failure_result: true }
`;

const actions = ({ changes }: Imported): string[] => [...new Set(changes.map(({ action }) => action))];
const said = ({ problems }: Imported): string[] =>
  problems.map(({ severity, path, code }) => `${severity} ${path} ${code}`);

/** Where somebody stands who has told who they are. */
async function identified(slug: string) {
  const client = app.client();
  const first = await start(client, { flow: { slug } });
  return {
    client,
    step: await submit(client, first, { identification: { identifier: ADMIN.username } }),
  };
}

describe('a document of the relative’s', () => {
  it('is a flow that signs people in, and changes nothing when it is imported again', async () => {
    const document = login('theirs', 'return context.get("auth_method") != "app_password"');
    const planned = await importDocument(admin, document, { dryRun: true });
    const imported = await importDocument(admin, document);
    expect(imported).toMatchObject({ applied: true, changes: planned.changes });
    expect(actions(imported)).toEqual(['CREATE']);
    expect(said(imported)).toEqual(['WARNING entries[2].attrs.backends[1] UNSUPPORTED']);
    expect(actions(await importDocument(admin, document))).toEqual(['UNCHANGED']);

    const { client, step } = await identified('theirs');
    expect(step.step.__typename).toBe('PasswordChallenge');
    const { step: last } = await submit(client, step, { password: { password: ADMIN.password } });
    expect(last).toMatchObject({ __typename: 'FlowCompleted', session: { session: { amr: ['pwd'] } } });
  });

  it('lets nobody by with code that nobody understands, and keeps it', async () => {
    const code = 'return regex_match(request.user.email, "@example.com$")';
    const imported = await importDocument(admin, login('strange', code));
    expect(imported.applied).toBe(true);
    expect(said(imported)).toContain('WARNING entries[7].attrs.expression UNSUPPORTED');
    const { step } = await identified('strange');
    expect(step.step.__typename).toBe('FlowDenied');
    const { policy } = await admin.ok(
      '{ policy(name: "strange-policy") { kind config { ... on ExpressionPolicyConfig { expression } } } }',
    );
    expect(policy.config.expression).toContain(code);
  });

  it('that asks for what there is not changes nothing, and says where', async () => {
    const document = login('missing', 'return True').replace(
      'authentik_stages_user_login.userloginstage',
      'authentik_stages_mtls.mutualtlsstage',
    );
    const imported = await importDocument(admin, document);
    expect(imported).toMatchObject({ applied: false, changes: [] });
    expect(said(imported)).toContain('ERROR entries[3].model UNKNOWN_KIND');
    expect((await admin.ok('{ flow(slug: "missing") { id } }')).flow).toBeNull();
  });

  it('warns of stages that stay in a flow beside its own', async () => {
    const imported = await importDocument(admin, login('default-recovery-flow', 'return True'), {
      dryRun: true,
    });
    expect(said(imported)).toContainEqual(expect.stringContaining('WARNING entries[0] CONFLICTING'));
  });

  it('lets nobody be signed in by a stage that stays before it has had everything asked', async () => {
    await importDocument(admin, login('kept', 'return True'));
    const later = `
version: 1
entries:
  - { model: authentik_flows.flow, id: flow, identifiers: { slug: kept }, attrs: { title: Closed } }
  - { model: authentik_stages_deny.denystage, id: closed, identifiers: { name: kept-closed } }
  - model: authentik_flows.flowstagebinding
    identifiers: { target: !KeyOf flow, stage: !KeyOf closed, order: 110 }
`;
    const refused = await importDocument(admin, later);
    expect(refused).toMatchObject({ applied: false, changes: [] });
    expect(said(refused)).toEqual(['ERROR entries[0] CONFLICTING']);

    const replaced = await importDocument(admin, later, { context: { 'stagedoor/replace': true } });
    expect(replaced).toMatchObject({ applied: true, problems: [] });
    const gone = replaced.changes.filter(({ action }) => action === 'DELETE').map(({ object }) => object);
    expect(gone).toContain('flow:kept / stage:kept-session @ 100');
    expect(gone).toHaveLength(3);
    const first = await start(app.client(), { flow: { slug: 'kept' } });
    expect(first.step).toMatchObject({ __typename: 'FlowDenied', code: 'STAGE_DENIED' });
  });
});
