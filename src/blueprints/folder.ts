import { createHash } from 'node:crypto';
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isWithin } from './external-sources.js';
import { LARGEST_DOCUMENT_BYTES } from '../flow/services/document-reader.js';
import { readingTrouble, storedText } from './file-text.js';

/** A document in a folder. */
export interface FolderFile {
  /** From the folder, with slashes, such as `teams/engineering.yaml`: names the document for good, whatever it says. */
  readonly file: string;
  /** Undefined where it cannot be read as one. */
  readonly text: string | undefined;
  /** Of what it holds; where that cannot be read, of what it is. */
  readonly hash: string;
}

const DOCUMENT = /\.(ya?ml|json)$/i;
const DEEPEST = 10;
const MOST_FILES = 2000;

/**
 * The documents in a folder and in those within it, by name. Whatever begins with a dot is passed over, and so are links
 * that lead out of the folder, or to another folder. Rejects where the folder cannot be read.
 */
export async function readFolder(folder: string): Promise<FolderFile[]> {
  // Often a link itself, which is turned to another folder when there is something new.
  const root = await realpath(folder);
  const files: FolderFile[] = [];
  for (const file of (await documentsIn(root, '', 0)).toSorted()) {
    const read = await readDocument(root, file);
    if (read) files.push(read);
  }
  return files;
}

async function documentsIn(root: string, within: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, within), { withFileTypes: true })) {
    const file = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth < DEEPEST) found.push(...(await documentsIn(root, file, depth + 1)));
    else if (DOCUMENT.test(entry.name) && (entry.isFile() || entry.isSymbolicLink())) found.push(file);
    if (found.length > MOST_FILES) throw new Error(`there are more than ${MOST_FILES} documents in it`);
  }
  return found;
}

/** Undefined where the file is not one of the folder, or has gone meanwhile. */
async function readDocument(root: string, file: string): Promise<FolderFile | undefined> {
  try {
    const path = await realpath(join(root, file));
    if (!isWithin(root, path)) return undefined;
    const facts = await stat(path);
    if (!facts.isFile()) return undefined;
    if (facts.size > LARGEST_DOCUMENT_BYTES) return unreadable(file, `${facts.size} ${facts.mtimeMs}`);
    const bytes = await readFile(path);
    return { file, text: storedText(bytes), hash: hashOf(bytes) };
  } catch (error) {
    const trouble = readingTrouble(error);
    if (trouble === undefined) throw error;
    return trouble === 'ENOENT' ? undefined : unreadable(file, trouble);
  }
}

function unreadable(file: string, because: string): FolderFile {
  return { file, text: undefined, hash: hashOf(because) };
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
