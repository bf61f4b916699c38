import { types } from 'node:util';

import type { DocumentReader, WrittenValue } from '../flow/services/document-reader.js';
import { errorAt } from './problem.js';
import { Tagged } from './tree.js';
import type { ReadTree, Tree } from './tree.js';

/**
 * Reads a document of either format, YAML or JSON, and gives no meaning to it: tags stay what they are. Whatever is
 * wrong with it as a document is told, and nothing is read from elsewhere.
 */
export async function readTree(reader: DocumentReader, text: string): Promise<ReadTree> {
  const read = await reader.read(text);
  if (read.ok) return { ok: true, tree: treeOf(read.value) };
  return {
    ok: false,
    problems: read.problems.map(({ path, code, message }) => errorAt(path, code, message)),
  };
}

function treeOf(value: WrittenValue): Tree {
  if (typeof value !== 'object' || value === null) return value;
  // It was made in another thread, where a map is not ours.
  if (types.isMap(value)) {
    return Object.fromEntries([...value].map(([key, inner]: [string, WrittenValue]) => [key, treeOf(inner)]));
  }
  if (isList(value)) return value.map(treeOf);
  return 'tag' in value ? new Tagged(value.tag, treeOf(value.value)) : null;
}

function isList(value: object): value is readonly WrittenValue[] {
  return Array.isArray(value);
}
