import { documentOf, importDocument, problemsOf, tryImport } from '../support/blueprint-imports.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

const CANARY = 'hunter2-canary';

let app: TestApp;
let admin: TestClient;
let before: object;
beforeAll(async () => {
  app = await startTestApp({ STAGEDOOR_BLUEPRINTS_VARIABLES: 'BLUEPRINT_', BLUEPRINT_SECRET: CANARY });
  admin = await signedIn(app);
  before = await everything();
});
afterAll(() => app.close());
afterEach(async () => {
  expect(await everything()).toEqual(before);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

/** What there is, by name; nothing of these documents may be among it. */
async function everything(): Promise<object> {
  const names = (list: string, name = 'name') => `${list}(first: 200) { edges { node { ${name} } } }`;
  const all = ['stages', 'policies', 'promptFields', 'groups', 'invitations'].map((list) => names(list));
  return admin.ok(`{ ${names('flows', 'slug version')} ${all.join(' ')} }`);
}

const levels = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

function aliasBomb(): string {
  const rows = Array.from({ length: 12 }, (_, index) => {
    const inner = index === 0 ? '"x"' : `*a${index - 1}`;
    return `a${index}: &a${index} [${Array(10).fill(inner).join(', ')}]`;
  });
  return `stagedoor: 1\nname: bomb\n${rows.join('\n')}\nentries: *a11\n`;
}

describe('a document is refused with a problem, and the service goes on', () => {
  it.each([
    ['that is no YAML', 'stagedoor: [1', 'MALFORMED'],
    ['that is nothing', '', 'INVALID_TYPE'],
    ['that is a list', '[1, 2]', 'INVALID_TYPE'],
    ['that is two documents', 'stagedoor: 1\n---\nstagedoor: 1\n', 'MALFORMED'],
    [
      'of another version',
      documentOf('- { group: x }').replace('stagedoor: 1', 'stagedoor: 2'),
      'INVALID_VALUE',
    ],
    ['without entries', 'stagedoor: 1\nname: x\n', ''],
    ['whose aliases repeat each other without end', aliasBomb(), 'TOO_MANY'],
    ['whose alias repeats itself', 'stagedoor: 1\nname: x\nentries: &a [*a]\n', ''],
    ['of ten thousand levels', levels('[', ']', 10_000), 'TOO_DEEP'],
    [
      'of a hundred levels',
      documentOf(`- { stage: x, kind: deny, config: { a: ${levels('[', ']', 100)} } }`),
      'TOO_DEEP',
    ],
    [
      'that says something twice',
      documentOf('- { group: x, superuser: false, superuser: true }'),
      'REPEATED',
    ],
    ['about one thing twice', documentOf('- { group: x }\n- { group: x, superuser: true }'), 'REPEATED'],
    ['that says something twice in JSON', '{"stagedoor":1,"name":"x","name":"y","entries":[]}', 'REPEATED'],
    ['larger than a mebibyte', documentOf(`- { group: ${'x'.repeat(1024 * 1024)} }`), 'TOO_LARGE'],
    ['with NUL in a name', documentOf('- { group: "a\\0b" }'), ''],
    ['with half a character in a name', documentOf('- { group: "\\ud800" }'), ''],
    ['with a binary', documentOf('- { group: !!binary aGk= }'), ''],
    ['with a number that is none', documentOf('- { flow: x, title: .nan }'), 'OUT_OF_RANGE'],
    ['with a moment for a name', documentOf('- { group: !!timestamp 2030-01-01 }'), ''],
    ['with a tag', documentOf('- { group: !Env BLUEPRINT_SECRET }'), ''],
    ['with a file', documentOf('- { group: !File /etc/hostname }'), ''],
    ['with code', documentOf('- { group: !!js/function "function () { return 1 }" }'), 'INVALID_TYPE'],
    ['with an object for a name', documentOf('- { group: { name: x } }'), 'INVALID_TYPE'],
    ['of an unknown kind of stage', documentOf('- { stage: x, kind: constructor }'), 'UNKNOWN_KIND'],
    ['of an unknown kind of policy', documentOf('- { policy: x, kind: __proto__ }'), 'UNKNOWN_KIND'],
    ['of an unknown kind of entry', documentOf('- { user: root, superuser: true }'), 'UNKNOWN_FORM'],
    ['of an entry of two kinds', documentOf('- { group: x, stage: x }'), 'UNKNOWN_FORM'],
    [
      'that names what is not there',
      documentOf('- { flow: x, title: X, designation: RECOVERY, stages: [{ stage: nowhere, order: 0 }] }'),
      'NOT_FOUND',
    ],
    [
      'of stages that show each other',
      documentOf(
        ['a', 'b']
          .map((one) => {
            const other = one === 'a' ? 'b' : 'a';
            return `- { stage: ${one}, kind: identification, config: { userFields: [USERNAME], passwordStageId: { ref: 'stage:${other}' } } }`;
          })
          .join('\n'),
      ),
      '',
    ],
    [
      'of groups that lie within each other',
      documentOf('- { group: x, parents: [y] }\n- { group: y, parents: [x] }'),
      '',
    ],
    ['of a group that lies within itself', documentOf('- { group: x, parents: [x] }'), ''],
    [
      'of policies that call each other',
      documentOf(
        ['a', 'b']
          .map(
            (one) =>
              `- { policy: ${one}, kind: expression, config: { expression: 'return await policy("${one === 'a' ? 'b' : 'a'}");' } }`,
          )
          .join('\n'),
      ),
      '',
    ],
    [
      'that needs what is left out by a condition',
      documentOf(
        '- { stage: x, kind: deny, when: false }\n- { flow: x, title: X, designation: RECOVERY, stages: [{ stage: x, order: 0 }] }',
      ),
      'SKIPPED',
    ],
    [
      'that needs what it takes away',
      documentOf(
        '- { stage: x, state: absent }\n- { flow: x, title: X, designation: RECOVERY, stages: [{ stage: x, order: 0 }] }',
      ),
      'NOT_FOUND',
    ],
    [
      'with a secret in it',
      documentOf(
        `- { stage: x, kind: captcha, config: { provider: TURNSTILE, siteKey: x, secretKey: ${CANARY} } }`,
      ),
      'INVALID',
    ],
    ['with an expression where a text is wanted', documentOf('- { group: { $parameter: nowhere } }'), ''],
    [
      'whose condition is none that there is',
      documentOf('- { group: x, when: { $run: "return true" } }'),
      'UNKNOWN_FORM',
    ],
    ['whose state is none', documentOf('- { group: x, state: gone }'), 'INVALID_VALUE'],
    [
      'that reaches for a prototype',
      documentOf('- { stage: x, kind: deny, config: { __proto__: { polluted: true } } }'),
      'FORBIDDEN_KEY',
    ],
    [
      'that reaches for it by another name',
      documentOf('- { stage: x, kind: deny, config: { constructor: { prototype: { polluted: true } } } }'),
      'UNRECOGNIZED_KEYS',
    ],
  ])('%s', async (_what, document, code) => {
    const problems = await problemsOf(admin, document);
    expect(problems.length).toBeGreaterThan(0);
    if (code !== '') expect(problems[0]).toMatch(new RegExp(`^${code} `));
    expect(problems.join()).not.toContain(CANARY);
    expect(app.log.join('')).not.toContain(CANARY);
  });

  it('of ten megabytes, before anybody reads it', async () => {
    const { status, errors } = await tryImport(admin, 'x'.repeat(10_000_000));
    expect([status, errors[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

it('a document is not read twice: what a parameter says is no part of it', async () => {
  const document = documentOf(
    '- { group: { $parameter: name }, state: absent }',
    'parameters: { name: { type: string } }\n',
  );
  const injected = 'x }\n- { group: administrators, state: absent';
  const { changes } = await importDocument(admin, document, { context: { name: injected }, dryRun: true });
  expect(changes.map(({ object }) => object)).toEqual([`group:${injected}`]);
  const computed = { $join: ['administrators'] };
  expect(await problemsOf(admin, document, { context: { name: computed } })).toEqual([
    expect.stringMatching('^INVALID_TYPE'),
  ]);
});

it('parameters cannot reach for a prototype', async () => {
  const body = JSON.stringify({
    query: 'mutation($input: ImportBlueprintInput!) { importBlueprint(input: $input) { applied } }',
    variables: { input: { document: documentOf('- { group: x }'), context: { here: 1 } } },
  }).replace('"here":1', '"__proto__":{"polluted":true}');
  const answer: unknown = await (await admin.post(body)).json();
  expect(JSON.stringify(answer)).toMatch(/BAD_REQUEST|BAD_USER_INPUT/);
});

it('two at once do not mix: one waits for the other', async () => {
  const one = documentOf(
    '- { stage: both, kind: deny, state: must-created }\n- { stage: both, kind: deny, state: must-created }',
  );
  expect((await problemsOf(admin, one))[0]).toMatch('REPEATED');
  const document = documentOf('- { stage: both, kind: deny, state: must-created }');
  const results = await Promise.all(Array.from({ length: 5 }, () => importDocument(admin, document)));
  expect(results.filter(({ applied }) => applied)).toHaveLength(1);
  expect(results.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual(
    Array(4).fill('EXISTS'),
  );
  await importDocument(admin, documentOf('- { stage: both, state: absent }'));
});
