import { isMap } from '../tree.js';
import type { Tree, TreeMap } from '../tree.js';
import { putBeforePasswords } from './after-passwords.js';
import { Bindings } from './bindings.js';
import { contextOf, replacesFlows } from './context.js';
import { resolvedEntry, writtenEntries } from './entries.js';
import type { Entry } from './entry.js';
import { APPLY, GUARD, PLACE, SECRET, models, namedModels } from './models/list.js';
import { Names } from './names.js';
import { Objects } from './objects.js';
import { OurDocument } from './our-document.js';
import { Problems } from './problems.js';
import { Tags } from './tags.js';
import type { Translation, TranslationRequest } from './translation.js';
import { addWrites } from './writes.js';

export type { Translation } from './translation.js';

const TOP_LEVEL = ['version', 'metadata', 'context', 'entries'];
const VERSION = 1;

/** Whether a document is one of the relative's. */
export function isRelative(tree: Tree): boolean {
  return isMap(tree) && Object.hasOwn(tree, 'version') && !Object.hasOwn(tree, 'stagedoor');
}

/**
 * Says a document of the relative's in our words. What has no counterpart is told, and is an error wherever leaving it out
 * could make something weaker.
 */
export function translate(tree: Tree, request: TranslationRequest): Translation {
  const problems = new Problems();
  const document = isMap(tree) ? tree : {};
  checkHead(document, problems);
  const context = contextOf(document, request.parameters, problems);
  const tags = new Tags({
    context,
    sources: request.sources,
    problems,
  });
  const entries = writtenEntries(document.entries, problems).map((one) => resolvedEntry(one, tags, problems));
  const names = new Names(namedModels, entries, problems);
  const objects = new Objects({ names, problems });
  for (const entry of entries) {
    expectKnown(entry, problems);
    objects.add(entry);
  }
  if (replacesFlows(context, problems)) objects.replaceFlows();
  bind(entries, new Bindings({ names, problems, objects }));
  addWrites(objects.all);
  putBeforePasswords(objects.all, problems);
  const ours = new OurDocument(nameOf(document), [...objects.all.values()]);
  return {
    document: ours.tree,
    secrets: objects.secrets,
    origin: (path) => ours.origin(path),
    problems: problems.all,
  };
}

/** Guards name places, so that these come first. */
function bind(entries: readonly Entry[], bindings: Bindings): void {
  for (const entry of entries) if (entry.model === PLACE) bindings.addPlace(entry);
  for (const entry of entries) if (entry.model === GUARD) bindings.addGuard(entry);
}

function checkHead(document: TreeMap, problems: Problems): void {
  if (document.version !== VERSION) {
    problems.error(['version'], 'INVALID_VALUE', `Only version ${VERSION} is known.`);
  }
  for (const key of Object.keys(document)) {
    if (TOP_LEVEL.includes(key)) continue;
    problems.warning([key], `A document has no ${key}; it means nothing.`, 'UNRECOGNIZED_KEYS');
  }
  const { metadata = null } = document;
  if (metadata === null) return;
  if (!isMap(metadata) || typeof metadata.name !== 'string') {
    problems.error(['metadata', 'name'], 'REQUIRED', 'Must be there, as text, where there is metadata.');
  }
}

function nameOf({ metadata }: TreeMap): string {
  const name = isMap(metadata) ? metadata.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name.slice(0, 200) : 'Blueprint';
}

function expectKnown({ skipped, model, path, fields }: Entry, problems: Problems): void {
  if (skipped || model === undefined || models.has(model) || model === PLACE || model === GUARD) return;
  if (model === APPLY) {
    const wanted = fields.get('identifiers')?.path ?? path;
    problems.warning(wanted, 'No document applies another one: import what this one needs first, by itself.');
    return;
  }
  if (model === SECRET) {
    problems.warning([...path, 'model'], 'A secret is kept by each stage that names it, and not by itself.');
    return;
  }
  problems.error(
    [...path, 'model'],
    'UNKNOWN_KIND',
    `There is nothing here like ${model}. Take the entry out.`,
  );
}
