import { changedFields } from '../../flow/changed-fields.js';
import type { PolicyDefinition } from '../../flow/definition.js';
import { checkPolicyConfig } from '../../policies/configuration.js';
import type { KnownPolicies } from '../../policies/configuration.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import type { Entry } from '../entries.js';
import type { Draft, Wanted } from './draft.js';
import { configFields, given, pathWithin } from './fields.js';
import { kindOf } from './kinds.js';
import { inOrder } from './order.js';
import type { Symbols } from './symbols.js';

type PolicyStanding = Extract<Entry, { type: 'policy' }>;

/** A policy that the document makes or changes, before it is known whom it calls. */
interface ComingPolicy {
  readonly entry: PolicyStanding;
  readonly wanted: Wanted;
  readonly kind: PolicyKindDefinition;
  readonly id: string;
  /** As it would be kept, unchecked. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly present: PolicyDefinition | undefined;
}

/** All policies of a document: they call one another, and are judged by what there will be. */
export function planPolicies(draft: Draft, symbols: Symbols, entries: readonly PolicyStanding[]): void {
  planDeletions(draft, symbols, entries);
  const coming = entries.flatMap((entry) => comingPolicy(draft, symbols, entry));
  const known = new PoliciesAfterwards(draft, coming);
  const { ordered } = inOrder(coming, ({ id }) => known.policy(id)?.calls ?? []);
  for (const policy of ordered) planPolicy(draft, policy, known);
}

/** Whatever calls another policy goes before that. */
function planDeletions(draft: Draft, symbols: Symbols, entries: readonly PolicyStanding[]): void {
  const { catalogue } = draft.scene;
  const going = entries.flatMap(({ name, state, path }) => {
    const wanted = { area: 'POLICY', object: `policy:${name}`, state, path } as const;
    const policy = symbols.presentPolicy(name);
    if (state !== 'absent' || draft.decide(wanted, policy !== undefined) !== 'DELETE' || !policy) return [];
    return [{ id: policy.id, policy, wanted }];
  });
  const { ordered } = inOrder(going, ({ policy }) => catalogue.policiesThatCall(policy).map(({ id }) => id));
  for (const { id, wanted } of ordered) {
    draft.change('DELETE', wanted, [], {
      phase: 'deletingPolicies',
      perform: (editor) => editor.deletePolicy(id),
    });
  }
}

function comingPolicy(draft: Draft, symbols: Symbols, entry: PolicyStanding): ComingPolicy[] {
  const { name, state, path, value } = entry;
  const wanted = { area: 'POLICY', object: `policy:${name}`, state, path } as const;
  const present = symbols.presentPolicy(name);
  if (state === 'absent' || !draft.decide(wanted, present !== undefined)) return [];
  const id = symbols.idOf('policy', name);
  const kind = kindOf(draft, draft.scene.parts.policyKinds, value.kind, present?.kind, path);
  if (!kind) return [];
  const config = { ...present?.config, ...value.config };
  return [{ entry, wanted, kind, id, config, present }];
}

function planPolicy(draft: Draft, policy: ComingPolicy, known: KnownPolicies): void {
  const { entry, wanted, kind, id, config, present } = policy;
  const { name, path, value } = entry;
  const checked = checkPolicyConfig(kind, config, draft.scene.parts.policyServices, known, name);
  if (!checked.ok) {
    for (const { path: within, code, message } of checked.problems) {
      draft.refuse(pathWithin([...path, 'config'], within), code, message);
    }
    return;
  }
  const { config: complete, calls } = checked;
  const phase = 'policies';
  if (!present) {
    const { executionLogging = false } = value;
    const fields = { name, kind: kind.name, config: complete, executionLogging, calls };
    const mentioned = Object.keys(given({ executionLogging: value.executionLogging }));
    draft.change('CREATE', wanted, ['name', 'kind', ...mentioned, ...configFields(value.config)], {
      phase,
      perform: (editor) => editor.createPolicy(fields, id),
    });
    return;
  }
  const changes = { ...given({ executionLogging: value.executionLogging }), config: complete };
  const changed = changedFields(present, changes);
  if (changed.length === 0) return draft.unchanged(wanted);
  draft.change('UPDATE', wanted, changed, {
    phase,
    perform: (editor) => editor.updatePolicy(id, { ...changes, calls }),
  });
}

/** The policies that there will be: those of the document in place of what is there. */
class PoliciesAfterwards implements KnownPolicies {
  readonly #byId: ReadonlyMap<string, PolicyDefinition>;
  readonly #byName: ReadonlyMap<string, PolicyDefinition>;

  constructor(draft: Draft, coming: readonly ComingPolicy[]) {
    const { catalogue, parts } = draft.scene;
    const replaced = new Set(coming.map(({ id }) => id));
    const ids = new Map([
      ...catalogue.policies.map(({ name, id }): [string, string] => [name, id]),
      ...coming.map(({ entry, id }): [string, string] => [entry.name, id]),
    ]);
    const afterwards = coming.map(({ entry, kind, id, config, present }): PolicyDefinition => {
      const parsed = kind.config.safeParse(config);
      const called = parsed.success ? kind.calls(parsed.data, parts.policyServices) : [];
      const calls = called.flatMap(({ name }) => ids.get(name) ?? []);
      const { name } = entry;
      return {
        id,
        version: present?.version ?? 1,
        name,
        kind: kind.name,
        config: {},
        executionLogging: false,
        calls,
      };
    });
    const all = [...catalogue.policies.filter(({ id }) => !replaced.has(id)), ...afterwards];
    this.#byId = new Map(all.map((policy) => [policy.id, policy]));
    this.#byName = new Map(all.map((policy) => [policy.name, policy]));
  }

  policy(id: string): PolicyDefinition | undefined {
    return this.#byId.get(id);
  }

  policyByName(name: string): PolicyDefinition | undefined {
    return this.#byName.get(name);
  }
}
