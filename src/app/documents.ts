import { readFile } from 'node:fs/promises';

import type { Environment } from '../environment.js';
import { readManifest } from '../graphql/document-manifest.js';
import type { DocumentTerms } from '../graphql/document-manifest.js';
import { KnownDocuments } from '../graphql/known-documents.js';

/** The documents that the environment says are known here. Rejects, with the reasons, where they cannot be used. */
export async function openDocuments(
  documents: Environment['documents'],
  terms: DocumentTerms,
): Promise<KnownDocuments> {
  if (documents === null) return new KnownDocuments(new Map(), false);
  const { path, only } = documents;
  try {
    return new KnownDocuments(readManifest(await readFile(path, 'utf8'), terms), only);
  } catch (cause) {
    throw new Error(`STAGEDOOR_DOCUMENTS names ${path}, which cannot be used:`, { cause });
  }
}
