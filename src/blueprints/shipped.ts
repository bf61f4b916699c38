import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

import type { BlueprintDocument } from './document.js';
import { parseDocument } from './document.js';

export interface ShippedDocument {
  /** Names the document for good, whatever is in it. */
  readonly file: string;
  readonly hash: string;
  readonly document: BlueprintDocument;
}

/** The documents in a folder, ordered by file name. */
export async function readDocuments(folder: URL): Promise<ShippedDocument[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      const hash = createHash('sha256').update(text).digest('base64url');
      return { file, hash, document: parseDocument(text) };
    }),
  );
}
