import { Refusal } from '../kernel/refusal.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { DefinitionEditor } from '../flow/definition-store.js';
import type { RequestContext } from './context.js';

/** The argument of every change of an object that somebody has read before. */
export const IF_VERSION = {
  nullable: true,
  description:
    'The version that you have read. Where it is another by now, the change is refused as CONFLICT.',
};

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
