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

interface ConfigInput<Kind> {
  readonly kind: Kind;
  /** To be checked. */
  readonly config: Record<string, unknown>;
  /** What the input says itself. */
  readonly mentioned: Record<string, unknown>;
  /** Where it stands in the input. */
  readonly path: string;
}

/**
 * What an input says of a configuration. What it does not mention stays as it was before; the kind cannot change.
 */
export function readConfigInput<Kind extends { readonly name: string }>(
  kinds: readonly Kind[],
  configs: ConfigTypes,
  input: object,
  before?: Named & { readonly config: JsonObject },
): ConfigInput<Kind> {
  const { key, value } = onlyMember(plain(input, 'input.config'), 'input.config');
  const path = `input.config.${key}`;
  const kind = kinds.find((candidate) => candidate.name === configs.kindOf(key));
  if (!kind || (before && before.kind !== kind.name)) {
    const message = `${before?.name ?? 'This'} is of the kind ${before?.kind ?? 'unknown'}, and stays so.`;
    throw Refusal.badInput([{ path, code: 'WRONG_KIND', message }]);
  }
  const mentioned = plain(value);
  return { kind, config: { ...before?.config, ...mentioned }, mentioned, path };
}
