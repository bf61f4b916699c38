import { Refusal } from '../kernel/refusal.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { DefinitionEditor } from '../flow/definition-store.js';
import { namedUse, usesOf } from '../flow/uses.js';
import type { NamedUse, Use, Used } from '../flow/uses.js';
import { may } from '../identity/access.js';
import type { Rights } from '../identity/access.js';
import { actor } from './actor.js';
import type { RequestContext } from './context.js';

/** The argument of every change of an object that somebody has read before. */
export const IF_VERSION = {
  nullable: true,
  description:
    'The version that you have read. Where it is another by now, the change is refused as CONFLICT.',
};

/**
 * The version for a change that was worked out from what an object held before: no other will do. Refuses where the
 * caller expects another one.
 */
export function versionBefore(
  what: string,
  before: { readonly version: number },
  ifVersion: number | null | undefined,
): number {
  if (ifVersion != null && ifVersion !== before.version) throw Refusal.outdated(what, before.version);
  return before.version;
}

/** So many uses are named where something cannot be deleted. */
const MOST_NAMED = 20;

/** Carries out a change of definitions, and reads them again. */
export async function edit<T>(
  context: RequestContext,
  work: (editor: DefinitionEditor) => Promise<T>,
): Promise<{ readonly result: T; readonly catalogue: Catalogue }> {
  const result = await context.definitions.edit(work, await actor(context));
  return { result, catalogue: await context.reloadCatalogue() };
}

/** What was looked for, or the refusal that there is none. */
export function found<T>(what: string, candidate: T | undefined): T {
  if (candidate === undefined) throw Refusal.notFound(what);
  return candidate;
}

/** Deletes an object. Where the database refuses because something still uses it, the refusal says what. */
export async function deletingUnused(
  used: Used,
  context: RequestContext,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal && error.details.usedBy)) throw error;
    const catalogue = await context.reloadCatalogue();
    throw await stillUsed(usesOf(catalogue, used), catalogue, context);
  }
}

/** Names those uses that the caller may see, and counts the others. */
async function stillUsed(
  uses: readonly Use[],
  catalogue: Catalogue,
  context: RequestContext,
): Promise<Refusal> {
  const access = await context.access();
  const preventing = uses.filter(({ type }) => type !== 'SETTINGS');
  const usedBy = visibleUses(preventing, catalogue, access).slice(0, MOST_NAMED);
  const names = usedBy.map(({ type, name }) => `${type} ${name}`);
  const others = preventing.length - usedBy.length;
  const told = others > 0 ? [...names, `${others} more`] : names;
  const message = `It is still in use: unbind it, or take it out of the configurations that name it. It is used by: ${told.join(', ')}.`;
  return new Refusal('CONFLICT', message, { usedBy });
}

/** By name, those that these rights allow to see. */
export function visibleUses(uses: readonly Use[], catalogue: Catalogue, rights: Rights): NamedUse[] {
  return uses.filter(({ type }) => may(rights, `${type}_VIEW`)).map((use) => namedUse(catalogue, use));
}
