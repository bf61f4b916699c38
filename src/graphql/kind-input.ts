import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import { onlyMember, plain } from './input.js';
import { enumName } from './kind-names.js';
import type { ConfigTypes } from './types/config.js';

/** Something of a kind, under a name: a stage or a policy. */
interface Named {
  readonly name: string;
  readonly kind: string;
}

/** What a list of them can be narrowed by; all conditions hold. */
export interface KindFilter {
  readonly kind?: string | null;
  readonly search?: string | null;
}

/** Those of the wanted kind with the searched text in their name, whatever the case. */
export function filtered<T extends Named>(items: readonly T[], filter: KindFilter | null | undefined): T[] {
  const { kind, search } = filter ?? {};
  return items.filter(
    (item) =>
      (kind == null || enumName(item.kind) === kind) &&
      (search == null || item.name.toLowerCase().includes(search.toLowerCase())),
  );
}

/**
 * What an input says of a configuration: the kind, the whole configuration to be checked, and where it stands in the
 * input. What it does not mention stays as it was before; the kind cannot change.
 */
export function readConfigInput<Kind extends { readonly name: string }>(
  kinds: readonly Kind[],
  configs: ConfigTypes,
  input: object,
  before?: Named & { readonly config: JsonObject },
): { readonly kind: Kind; readonly config: Record<string, unknown>; readonly path: string } {
  const { key, value } = onlyMember(plain(input), 'input.config');
  const path = `input.config.${key}`;
  const kind = kinds.find((candidate) => candidate.name === configs.kindOf(key));
  if (!kind || (before && before.kind !== kind.name)) {
    const message = `${before?.name ?? 'This'} is of the kind ${before?.kind ?? 'unknown'}, and stays so.`;
    throw Refusal.badInput([{ path, code: 'WRONG_KIND', message }]);
  }
  return { kind, config: { ...before?.config, ...plain(value) }, path };
}
