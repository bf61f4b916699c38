import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSchema } from 'graphql';

import { hashOf } from '../graphql/known-documents.js';
import { openDocuments } from './documents.js';

const terms = { schema: buildSchema('type Query { viewer: ID }'), production: false };
const folder = mkdtempSync(join(tmpdir(), 'stagedoor-documents-'));
const path = join(folder, 'documents.json');
const open = (only: boolean) => openDocuments({ path, only }, terms);
afterAll(() => rmSync(folder, { recursive: true }));

it('documents that nobody names are none', async () => {
  const documents = await openDocuments(null, terms);
  expect(documents.documentOf({ query: '{ viewer }' })).toBe('{ viewer }');
  expect(documents.documentOf({ documentId: 'a' })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_SUPPORTED' });
});

it('a file of documents is read', async () => {
  writeFileSync(path, JSON.stringify({ [hashOf('{ viewer }')]: '{ viewer }' }));
  for (const documents of [await open(true), await open(false)]) {
    expect(documents.documentOf({ documentId: hashOf('{ viewer }') })).toBe('{ viewer }');
  }
  expect((await open(true)).documentOf({ query: '{ a: viewer }' })).toMatchObject({
    code: 'PERSISTED_QUERY_REQUIRED',
  });
});

it('a file that cannot be used is named, with the variable and the reason', async () => {
  rmSync(path, { force: true });
  const missing = open(true);
  await expect(missing).rejects.toThrow(`STAGEDOOR_DOCUMENTS names ${path}, which cannot be used:`);
  await expect(missing).rejects.toMatchObject({ cause: { code: 'ENOENT' } });
  writeFileSync(path, JSON.stringify({ [hashOf('{ nobody }')]: '{ nobody }' }));
  await expect(open(true)).rejects.toMatchObject({
    cause: { message: expect.stringContaining(`${hashOf('{ nobody }')} query without a name: Cannot query`) },
  });
});
