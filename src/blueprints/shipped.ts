import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

export interface ShippedDocument {
  /** Names the document for good, whatever is in it. */
  readonly file: string;
  readonly hash: string;
  readonly text: string;
}

const EXTENSION = '.yaml';

/**
 * The documents that a start applies, from the folder of all that are shipped: every default, and then the examples that
 * somebody has asked for by name. Rejects, with the names that there are, where one is not among them.
 */
export async function documentsToApply(
  shipped: URL,
  examples: 'all' | readonly string[],
): Promise<ShippedDocument[]> {
  const folder = new URL('example/', shipped);
  const known = await documentFiles(folder);
  const chosen = examples === 'all' ? known : examples.map((name) => exampleFile(name, known));
  const defaults = new URL('default/', shipped);
  return [
    ...(await readDocuments(defaults, await documentFiles(defaults))),
    ...(await readDocuments(folder, [...new Set(chosen)], 'example/')),
  ];
}

function exampleFile(name: string, known: readonly string[]): string {
  const file = name + EXTENSION;
  if (known.includes(file)) return file;
  const names = known.map((other) => other.slice(0, -EXTENSION.length));
  throw new Error(`STAGEDOOR_EXAMPLES names ${name}; there are all, ${names.join(', ')}.`);
}

async function documentFiles(folder: URL): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(EXTENSION)).toSorted();
}

function readDocuments(folder: URL, files: readonly string[], prefix = ''): Promise<ShippedDocument[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      const hash = createHash('sha256').update(text).digest('base64url');
      return { file: prefix + file, hash, text };
    }),
  );
}
