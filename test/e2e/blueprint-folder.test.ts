import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { documentOf, importDocument } from '../support/blueprint-imports.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';
import { until } from '../support/until.js';

let folder: string;
let app: TestApp;
let admin: TestClient;

const put = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const stage = (name: string, message: string) =>
  documentOf(`- { stage: ${name}, kind: deny, config: { message: '${message}' } }`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blueprints-'));
  mkdirSync(join(folder, 'teams'));
  put('broken.yaml', documentOf('- { stage: f-broken, kind: nothing }'));
  put(
    'a.yaml',
    documentOf('- { flow: f-flow, title: T, designation: RECOVERY, stages: [{ stage: f-first, order: 0 }] }'),
  );
  put('teams/b.yaml', stage('f-first', 'first'));
  app = await startTestApp(
    {
      STAGEDOOR_BLUEPRINTS_DIR: folder,
      STAGEDOOR_BLUEPRINT_PARAMETER_MESSAGE_TO_ALL: 'as the operator says',
      STAGEDOOR_BLUEPRINT_PARAMETER_HOW_OFTEN: 'hunter2',
    },
    { blueprintsSeconds: 0.05 },
  );
  admin = await signedIn(app);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const messageOf = async (name: string): Promise<string | undefined> =>
  (
    await admin.ok(
      'query($name: String!) { stage(name: $name) { config { ... on DenyConfig { message } } } }',
      { name },
    )
  ).stage?.config.message;
const health = async () => (await fetch(`${app.address}/health/ready`)).json();

it('is applied at the start, whatever order its documents need, and what fails keeps nothing else waiting', async () => {
  expect(await messageOf('f-first')).toBe('first');
  expect((await admin.ok('{ flow(slug: "f-flow") { title } }')).flow).toEqual({ title: 'T' });
  expect(await health()).toEqual({
    status: 'ready',
    blueprints: { applied: 2, failed: 1, folderIsReadable: true },
  });
});

it('is told of to administrators, with what is wrong and where', async () => {
  const { blueprintFiles } = await admin.ok(
    '{ blueprintFiles { file isPresent applied name created problemCount problems { path code } } }',
  );
  expect(blueprintFiles).toMatchObject([
    { file: 'a.yaml', isPresent: true, applied: true, created: 2, problems: [] },
    {
      ...{ file: 'broken.yaml', applied: false, name: 'A document', problemCount: 1 },
      problems: [{ path: 'entries[0].kind', code: 'UNKNOWN_KIND' }],
    },
    { file: 'teams/b.yaml', applied: true, created: 1 },
  ]);
});

it('is told of in the log and in the event log', async () => {
  const events = async (action: string) =>
    (
      await admin.ok(
        'query($actions: [String!]!) { events(first: 200, filter: { actions: $actions }) { edges { node { actor { id } details } } } }',
        { actions: [action] },
      )
    ).events.edges.map(({ node }: { node: object }) => node);
  expect(await events('BLUEPRINT_APPLIED')).toContainEqual({
    actor: null,
    details: expect.objectContaining({ file: 'teams/b.yaml', created: 1 }),
  });
  expect(await events('BLUEPRINT_FAILED')).toEqual([
    { actor: null, details: expect.objectContaining({ file: 'broken.yaml', problemCount: 1 }) },
  ]);
  expect(app.log.join('')).toMatch(/"document":"broken\.yaml".*could not apply/);
});

it('is applied again when it changes, and until then what administrators change stays', async () => {
  await importDocument(admin, stage('f-first', 'by hand'));
  put('c.yaml', stage('f-second', 'second'));
  await until(async () => (await messageOf('f-second')) === 'second');
  expect(await messageOf('f-first')).toBe('by hand');
  put('teams/b.yaml', stage('f-first', 'anew'));
  await until(async () => (await messageOf('f-first')) === 'anew');
});

it('leaves what a document has made when the document is gone', async () => {
  rmSync(join(folder, 'c.yaml'));
  await until(async () =>
    (await admin.ok('{ blueprintFiles { file isPresent } }')).blueprintFiles.some(
      (one: { file: string; isPresent: boolean }) => one.file === 'c.yaml' && !one.isPresent,
    ),
  );
  expect(await messageOf('f-second')).toBe('second');
});

it('is applied by one of several processes', async () => {
  if (app.databaseUrl === undefined) return;
  const other = await app.anotherNode();
  try {
    put('d.yaml', stage('f-third', 'third').replace('kind: deny', 'kind: deny, state: must-created'));
    await until(async () => (await messageOf('f-third')) === 'third');
    put('e.yaml', stage('f-fourth', 'fourth'));
    await until(async () => (await messageOf('f-fourth')) === 'fourth');
    expect(await health()).toMatchObject({ blueprints: { failed: 1 } });
  } finally {
    await other.close();
  }
});

describe('parameters of its documents', () => {
  const asking = documentOf(
    '- { stage: f-asking, kind: deny, config: { message: { $parameter: messageToAll } } }',
    'parameters: { messageToAll: { type: string } }\n',
  );

  it('are what variables say that are called after them, there and nowhere else', async () => {
    expect((await importDocument(admin, asking)).problems).toMatchObject([
      {
        path: 'parameters.messageToAll',
        code: 'REQUIRED',
        message: expect.not.stringContaining('STAGEDOOR_'),
      },
    ]);
    put('asking.yaml', asking);
    await until(async () => (await messageOf('f-asking')) === 'as the operator says');
  });

  it('of the wrong type are told by the names of variables, never with what those say', async () => {
    put(
      'wrong.yaml',
      documentOf('- { group: f-often }', 'parameters: { howOften: { type: integer, default: 1 } }\n'),
    );
    const wrong = async () =>
      (
        await admin.ok('{ blueprintFiles { file applied problems { path code message } } }')
      ).blueprintFiles.find(({ file }: { file: string }) => file === 'wrong.yaml');
    await until(async () => (await wrong()) !== undefined);
    expect(await wrong()).toEqual({
      ...{ file: 'wrong.yaml', applied: false },
      problems: [
        {
          ...{ path: 'parameters.howOften', code: 'INVALID_TYPE' },
          message: expect.stringContaining('STAGEDOOR_BLUEPRINT_PARAMETER_HOW_OFTEN'),
        },
      ],
    });
    expect(app.log.join('')).not.toContain('hunter2');
  });

  it('have a document applied anew at a start with other values', async () => {
    if (app.databaseUrl === undefined) return;
    await importDocument(admin, stage('f-asking', 'by hand'));
    await (await app.anotherNode()).close();
    expect(await messageOf('f-asking')).toBe('by hand');
    const other = await app.anotherNode({ STAGEDOOR_BLUEPRINT_PARAMETER_MESSAGE_TO_ALL: 'otherwise' });
    await other.close();
    expect(await messageOf('f-asking')).toBe('otherwise');
  });
});

it('that is not there keeps the service from starting', async () => {
  await expect(startTestApp({ STAGEDOOR_BLUEPRINTS_DIR: join(folder, 'nowhere') })).rejects.toThrow(
    /^STAGEDOOR_BLUEPRINTS_DIR names .*nowhere, which cannot be read:$/,
  );
});
