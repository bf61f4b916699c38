import { readTree } from '../../src/blueprints/read.js';
import { translate } from '../../src/blueprints/relative/translate.js';
import type { ExternalSources } from '../../src/blueprints/external-sources.js';
import type { Translation } from '../../src/blueprints/relative/translate.js';
import type { Tree } from '../../src/blueprints/tree.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { READER } from './blueprints.js';

const CLOSED: ExternalSources = { variable: () => 'FORBIDDEN', file: () => 'FORBIDDEN' };

/** A document of the relative's in our words, from its text. */
export async function translated(
  text: string,
  parameters: JsonObject = {},
  sources = CLOSED,
): Promise<Translation> {
  const read = await readTree(READER, text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return translate(read.tree, { parameters, sources });
}

/** What it comes to: our entries, and problems as `SEVERITY path CODE`. */
export async function outcome(
  text: string,
  parameters: JsonObject = {},
  sources = CLOSED,
): Promise<{ entries: Tree; said: string[] }> {
  const { document, problems } = await translated(text, parameters, sources);
  const { entries } = JSON.parse(JSON.stringify(document));
  return { entries, said: problems.map(({ severity, path, code }) => `${severity} ${path} ${code}`) };
}

/** A document with these entries, each as a block of YAML. */
export function documentOf(...entries: string[]): string {
  const list = entries.map((entry) => `- ${entry.trim().replaceAll('\n', '\n  ')}`).join('\n');
  return `version: 1\nmetadata: { name: A test }\nentries:\n${list}\n`;
}
