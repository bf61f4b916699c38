import { documentOf, importDocument, problemsOf, tryImport } from '../support/blueprint-imports.js';
import { Composer } from '../support/compose.js';
import { Delegates } from '../support/delegates.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let delegates: Delegates;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  delegates = new Delegates(app, new Composer(admin));
});
afterAll(() => app.close());

const SUPERUSERS = documentOf('- { group: perm-superusers, superuser: true }');

/** What each does to one object of its own: each entry, with what it takes besides FLOW_VIEW. */
const MAKING: readonly (readonly [string, string, readonly string[]])[] = [
  ['a group', '- { group: perm-group }', ['GROUP_ADD']],
  ['a prompt field', '- { promptField: perm-field, key: a, label: A, type: TEXT }', ['PROMPT_FIELD_ADD']],
  ['a policy', '- { policy: perm-policy, kind: dummy }', ['POLICY_ADD']],
  ['a stage', '- { stage: perm-stage, kind: deny }', ['STAGE_ADD']],
  ['a flow', '- { flow: perm-flow, title: T, designation: STAGE_CONFIGURATION }', ['FLOW_ADD']],
  [
    'a place',
    '- { flow: perm-flow, stages: [{ stage: perm-stage, order: 0 }] }',
    ['STAGE_BINDING_ADD', 'STAGE_VIEW'],
  ],
  [
    'a guard',
    '- { flow: perm-flow, policies: [{ policy: perm-policy, order: 0 }] }',
    ['POLICY_BINDING_ADD', 'POLICY_VIEW'],
  ],
  [
    'a guard of a place',
    '- { flow: perm-flow, stages: [{ stage: perm-stage, order: 0, policies: [{ group: perm-group, order: 0 }] }] }',
    ['POLICY_BINDING_ADD', 'STAGE_BINDING_VIEW', 'STAGE_VIEW', 'GROUP_VIEW'],
  ],
  [
    'a guard that is a person',
    '- { flow: perm-flow, policies: [{ user: ada, order: 1 }] }',
    ['POLICY_BINDING_ADD', 'USER_VIEW'],
  ],
  ['an invitation', '- { invitation: perm-invitation, flow: perm-flow }', ['INVITATION_ADD']],
];

const CHANGING: typeof MAKING = [
  ['a prompt field', '- { promptField: perm-field, label: B }', ['PROMPT_FIELD_CHANGE']],
  ['a policy', '- { policy: perm-policy, config: { message: Hm } }', ['POLICY_CHANGE']],
  ['a stage', '- { stage: perm-stage, config: { message: No } }', ['STAGE_CHANGE']],
  ['a flow', '- { flow: perm-flow, title: U }', ['FLOW_CHANGE']],
  [
    'a place',
    '- { flow: perm-flow, stages: [{ stage: perm-stage, order: 0, evaluateOnPlan: true }] }',
    ['STAGE_BINDING_CHANGE', 'STAGE_VIEW'],
  ],
  [
    'a guard',
    '- { flow: perm-flow, policies: [{ policy: perm-policy, order: 0, negate: true }] }',
    ['POLICY_BINDING_CHANGE', 'POLICY_VIEW'],
  ],
  ['an invitation', '- { invitation: perm-invitation, singleUse: true }', ['INVITATION_CHANGE']],
];

const DELETING: typeof MAKING = [
  ['an invitation', '- { invitation: perm-invitation, state: absent }', ['INVITATION_DELETE']],
  [
    'what is not listed any more',
    '- { flow: perm-flow, prune: true, stages: [], policies: [] }',
    ['STAGE_BINDING_DELETE', 'POLICY_BINDING_DELETE'],
  ],
  ['a flow', '- { flow: perm-flow, state: absent }', ['FLOW_DELETE']],
  ['a stage', '- { stage: perm-stage, state: absent }', ['STAGE_DELETE']],
  ['a policy', '- { policy: perm-policy, state: absent }', ['POLICY_DELETE']],
  ['a prompt field', '- { promptField: perm-field, state: absent }', ['PROMPT_FIELD_DELETE']],
  ['a group', '- { group: perm-group, state: absent }', ['GROUP_DELETE']],
];

/** In this order: each needs what those before it have made. */
describe.each([
  ['making', MAKING],
  ['changing', CHANGING],
  ['deleting', DELETING],
])('%s', (_verb, cases) => {
  it.each(cases)(
    '%s takes just what it says, and one less is not enough',
    async (_what, entry, permissions) => {
      const document = documentOf(entry);
      for (const left of permissions) {
        const others = permissions.filter((one) => one !== left);
        const { client } = await delegates.delegate('FLOW_VIEW', ...others);
        for (const dryRun of [true, false]) {
          const problems = await problemsOf(client, document, { dryRun });
          expect({ left, problems }).toEqual({
            left,
            problems: expect.arrayContaining([expect.stringMatching('^FORBIDDEN entries[[]0]')]),
          });
          expect(problems.filter((problem) => !problem.startsWith('FORBIDDEN'))).toEqual([]);
        }
      }
      const { client } = await delegates.delegate('FLOW_VIEW', ...permissions);
      expect(await importDocument(client, document)).toMatchObject({ applied: true, problems: [] });
    },
  );
});

it('tells nobody whether there is what they may not see', async () => {
  await importDocument(admin, documentOf('- { stage: perm-hidden, kind: deny }'));
  const { client } = await delegates.delegate('FLOW_VIEW', 'FLOW_ADD', 'STAGE_BINDING_ADD');
  const told = async (name: string) => {
    const { problems } = await importDocument(
      client,
      documentOf(
        `- { flow: perm-x, title: X, stages: [{ stage: ${name}, order: 0 }] }\n- { stage: ${name} }`,
      ),
    );
    return problems;
  };
  const there = JSON.stringify(await told('perm-hidden')).replaceAll('perm-hidden', 'NAME');
  expect(there).toContain('FORBIDDEN');
  expect(JSON.stringify(await told('perm-nowhere')).replaceAll('perm-nowhere', 'NAME')).toBe(there);
});

it('applies nothing of a document of which one thing may not be done', async () => {
  const { client } = await delegates.delegate('FLOW_VIEW', 'STAGE_ADD');
  const document = documentOf('- { stage: perm-part, kind: deny }\n- { group: perm-part }');
  expect(await problemsOf(client, document)).toEqual(['FORBIDDEN entries[1]']);
  expect((await admin.ok('{ stage(name: "perm-part") { id } }')).stage).toBeNull();
});

describe('nobody gets by a document what they do not have', () => {
  it('such as a group of superusers', async () => {
    const { client } = await delegates.delegate('FLOW_VIEW', 'GROUP_ADD', 'GROUP_CHANGE', 'USER_VIEW');
    expect(await problemsOf(client, SUPERUSERS)).toEqual(['FORBIDDEN entries[0]']);
    await importDocument(admin, documentOf('- { group: perm-plain }'));
    expect(await problemsOf(client, documentOf('- { group: perm-plain, superuser: true }'))).toEqual([
      'FORBIDDEN entries[0]',
    ]);
  });

  it('such as a place within a group that can do more', async () => {
    await importDocument(admin, SUPERUSERS);
    const { client } = await delegates.delegate('FLOW_VIEW', 'GROUP_ADD', 'GROUP_CHANGE');
    const document = documentOf('- { group: perm-within, parents: [perm-superusers] }');
    expect((await problemsOf(client, document))[0]).toMatch(/^FORBIDDEN entries\[0\]/);
  });

  it('such as a stage that puts people into a group that can do more', async () => {
    await importDocument(admin, SUPERUSERS);
    const { client } = await delegates.delegate('FLOW_VIEW', 'STAGE_ADD', 'GROUP_VIEW', 'GROUP_CHANGE');
    const document = documentOf(
      `- { stage: perm-writer, kind: user-write, config: { creation: ALWAYS, groupId: { ref: 'group:perm-superusers' } } }`,
    );
    const problems = await problemsOf(client, document);
    expect(problems[0]).toMatch(/^FORBIDDEN entries\[0\]/);
  });
});

describe('whoever applies a document', () => {
  it('has to be somebody, who may at least see flows', async () => {
    const stranger = await tryImport(app.client(), SUPERUSERS);
    expect(stranger.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const { client } = await delegates.delegate('STAGE_ADD', 'GROUP_ADD');
    expect((await tryImport(client, SUPERUSERS)).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('has proved lately who they are: a document can do what takes that elsewhere', async () => {
    const { client } = await delegates.delegate('FLOW_VIEW', 'GROUP_ADD');
    app.clock.advance(3600);
    const { errors } = await tryImport(client, documentOf('- { group: perm-late }'));
    expect(errors[0]?.extensions.code).toBe('STEP_UP_REQUIRED');
  });
});
