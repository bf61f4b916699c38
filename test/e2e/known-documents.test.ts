import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { hashOf } from '../../src/graphql/known-documents.js';
import { ADMIN } from '../support/administrator.js';
import { LOGIN, VIEWER } from '../support/executions.js';
import { START, start } from '../support/flows.js';
import { FOLLOW, followingLate, nextExecution, transports } from '../support/following.js';
import type { Operation, Transport } from '../support/following.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const EXAMPLE = 'examples/typescript-client/src';
const folder = mkdtempSync(join(tmpdir(), 'stagedoor-known-'));
/** What the example's generator has written, and what it takes to follow an execution. */
const manifest: Record<string, string> = {
  ...JSON.parse(readFileSync(`${EXAMPLE}/gql/persisted-documents.json`, 'utf8')),
  ...Object.fromEntries([START, FOLLOW].map((document) => [hashOf(document), document])),
};
const path = join(folder, 'documents.json');
const [viewerId = '', viewerText = ''] =
  Object.entries(manifest).find(([, text]) => text.startsWith('query Viewer')) ?? [];

let some: TestApp;
let only: TestApp;
beforeAll(async () => {
  writeFileSync(path, JSON.stringify(manifest));
  const variables = { STAGEDOOR_DOCUMENTS: path };
  some = await startTestApp(variables);
  only = await startTestApp({ ...variables, STAGEDOOR_DOCUMENTS_ONLY: 'true', NODE_ENV: 'production' });
});
afterAll(async () => {
  await some.close();
  await only.close();
  rmSync(folder, { recursive: true });
});

/** The status and the codes of an answer to a body. */
async function refusal(app: TestApp, body: unknown): Promise<[number, string[]]> {
  const response = await app.client().post(JSON.stringify(body));
  const { errors = [] } = JSON.parse(await response.text());
  return [response.status, errors.map((error: { extensions: { code: string } }) => error.extensions.code)];
}

/** The codes that a subscription is refused with: in a result, or as the client's library throws them. */
async function codes(app: TestApp, subscribe: Transport, operation: Operation): Promise<string[]> {
  const results = subscribe({ address: app.address, client: app.client() }, operation);
  const errors = await results.next().then(
    ({ value }) => value.errors,
    (thrown: unknown) => thrown,
  );
  return errors.map((error: { extensions: { code: string } }) => error.extensions.code);
}

function example(app: TestApp, variables: Record<string, string>, ...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    STAGEDOOR_URL: app.address,
    STAGEDOOR_USERNAME: ADMIN.username,
    STAGEDOOR_PASSWORD: ADMIN.password,
    ...variables,
  };
  return run(process.execPath, [`${EXAMPLE}/main.ts`, ...args], { env });
}

describe('the example of a client', () => {
  it('signs in and manages flows, by texts', async () => {
    const { stdout } = await example(some, {}, 'closed');
    expect(stdout).toMatch(/^Signed in as ada .*\nThe flow closed is made\.\n/);
    expect(stdout).toMatch(/^AUTHENTICATION {2}default-authentication-flow /m);
    expect(stdout).toMatch(/^STAGE_CONFIGURATION {2}closed /m);
  });

  it('does by the ids of its documents what it does by their texts, where only they are run', async () => {
    const byId = { STAGEDOOR_BY_ID: 'true' };
    expect((await example(only, byId, 'closed')).stdout).toContain('The flow closed is made.');
    expect((await example(only, byId, 'closed')).stdout).toContain('There is a flow closed already.');
    await expect(example(only, {})).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^PERSISTED_QUERY_REQUIRED: /),
    });
  });

  it('says why it cannot sign in', async () => {
    await expect(example(some, { STAGEDOOR_PASSWORD: 'wrong' })).rejects.toMatchObject({
      code: 1,
      stderr: 'This is not the right password.\n',
    });
  });
});

describe.each([
  ['beside others', () => some],
  ['to the exclusion of others', () => only],
])('documents that are known, %s', (_how, app) => {
  it.each<[string, object]>([
    ['id', { documentId: viewerId }],
    ['bare hash', { documentId: viewerId.replace('sha256:', '') }],
    [
      "hash as Apollo's clients send it",
      { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(viewerText) } } },
    ],
    ['text', { query: viewerText, variables: {}, operationName: 'Viewer' }],
  ])('are run by their %s', async (_way, body) => {
    const response = await app().client().post(JSON.stringify(body));
    expect([response.status, await response.json()]).toEqual([200, { data: { viewer: null } }]);
  });

  it.each<[string, object, string]>([
    ['unknown', { documentId: hashOf('{ a }') }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['of no form', { documentId: ['a'] }, 'BAD_REQUEST'],
    ['that is another one than the text has', { documentId: viewerId, query: VIEWER }, 'BAD_REQUEST'],
    ['in a list', [{ documentId: viewerId }], 'BAD_REQUEST'],
    ['that is missing', {}, 'BAD_REQUEST'],
  ])('are not run by an id %s', async (_what, body, code) => {
    expect(await refusal(app(), body)).toEqual([400, [code]]);
  });

  describe.each(transports)('that come %s', (_way, subscribe) => {
    it.each<[string, object]>([
      ['id', { documentId: `sha256:${hashOf(FOLLOW)}` }],
      ['hash as Apollo sends it', { extensions: { persistedQuery: { sha256Hash: hashOf(FOLLOW) } } }],
      ['text', { query: FOLLOW }],
    ])('are run by their %s', async (_what, named) => {
      const client = app().client();
      const execution = await start(client, { flow: LOGIN });
      const { variables = {} } = followingLate(execution);
      const results = subscribe({ address: app().address, client }, { query: '', variables, ...named });
      expect((await nextExecution(results)).step).toEqual(execution.step);
      await results.return?.();
    });

    it.each<[string, object, string]>([
      ['unknown', { documentId: hashOf('{ a }') }, 'PERSISTED_QUERY_NOT_FOUND'],
      ['of no form', { documentId: 5 }, 'BAD_REQUEST'],
      ['of a query', { documentId: viewerId }, 'BAD_REQUEST'],
    ])('are not run by an id %s', async (_what, named, code) => {
      expect(await codes(app(), subscribe, { query: '', ...named })).toEqual([code]);
    });
  });

  it('are told as events also where there is no place for a text', async () => {
    const body = JSON.stringify({ documentId: hashOf(FOLLOW), variables: { id: 'x' } });
    const response = await app().client().post(body, { accept: 'text/event-stream' });
    expect(await response.text()).toContain('NOT_FOUND');
  });
});

describe('a document that is not known', () => {
  const unknown = FOLLOW.replace('Follow(', 'Other(');
  const operation = { query: unknown, variables: { id: 'b4c1b1a0-0000-4000-8000-000000000000' } };

  it.each<[string, object]>([
    ['a query', { query: VIEWER }],
    ['a known one with a space more', { query: `${viewerText} ` }],
    ['no GraphQL', { query: '{' }],
    ['the schema', { query: '{ __schema { queryType { name } } }' }],
    [
      'with its hash',
      { query: VIEWER, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(VIEWER) } } },
    ],
  ])('is refused where only known ones are run: %s', async (_what, body) => {
    expect(await refusal(only, body)).toEqual([400, ['PERSISTED_QUERY_REQUIRED']]);
  });

  it.each([['{ viewer { id } }'], { text: VIEWER }, 5])('is none that is no text: %j', async (query) => {
    expect(await refusal(only, { query })).toEqual([400, ['BAD_REQUEST']]);
  });

  it.each(transports)('is refused there %s as well', async (_way, subscribe) => {
    expect(await codes(only, subscribe, operation)).toEqual(['PERSISTED_QUERY_REQUIRED']);
    expect(await codes(some, subscribe, operation)).toEqual(['NOT_FOUND']);
  });

  it('is run elsewhere, and is not kept by its hash', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(VIEWER) } };
    expect(await refusal(some, { query: VIEWER, extensions })).toEqual([200, []]);
    expect(await refusal(some, { extensions })).toEqual([400, ['PERSISTED_QUERY_NOT_FOUND']]);
  });
});
