import { Refusal } from '../kernel/refusal.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { DefinitionEditor } from '../flow/definition-store.js';
import type { RequestContext } from './context.js';

/** Carries out a change of definitions, and reads them again. */
export async function edit<T>(
  context: RequestContext,
  work: (editor: DefinitionEditor) => Promise<T>,
): Promise<{ readonly result: T; readonly catalogue: Catalogue }> {
  const result = await context.definitions.edit(work);
  return { result, catalogue: await context.reloadCatalogue() };
}

/** What was looked for, or the refusal that there is none. */
export function found<T>(what: string, candidate: T | undefined): T {
  if (candidate === undefined) throw Refusal.notFound(what);
  return candidate;
}
