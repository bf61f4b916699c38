import { changedFields } from '../../flow/changed-fields.js';
import type { FlowDefinition } from '../../flow/definition.js';
import { flowFields } from '../../flow/definition-rules.js';
import type { DefinitionEditor } from '../../flow/definition-store.js';
import type { Entry } from '../entries.js';
import type { Draft, Wanted } from './draft.js';
import { checkedFields, given } from './fields.js';
import { planGuards } from './guards.js';
import { planPlaces } from './places.js';
import type { Symbols } from './symbols.js';

type FlowStanding = Extract<Entry, { type: 'flow' }>;

/** A flow, with its stages and what guards it. */
export function planFlow(draft: Draft, symbols: Symbols, entry: FlowStanding): void {
  const { name: slug, state, path, value } = entry;
  const wanted = { area: 'FLOW', object: `flow:${slug}`, state, path } as const;
  const present = draft.scene.catalogue.flowBySlug(slug);
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  const id = symbols.idOf('flow', slug);
  if (action === 'DELETE') return planDeletion(draft, wanted, present);
  planFields(draft, wanted, entry, id, present);
  const { stages, policies, prune } = value;
  const guarded = {
    object: wanted.object,
    present: present?.policyBindings ?? [],
    prune,
    target: () => ({ type: 'flow', flowId: id }) as const,
  };
  planGuards(draft, symbols, guarded, policies, [...path, 'policies']);
  const flow = { id, object: wanted.object, present: present?.stageBindings ?? [], prune };
  planPlaces(draft, symbols, flow, stages, [...path, 'stages']);
}

function planFields(
  draft: Draft,
  wanted: Wanted,
  { name: slug, value }: FlowStanding,
  id: string,
  present: FlowDefinition | undefined,
): void {
  const {
    flow: _flow,
    state: _state,
    when: _when,
    prune: _prune,
    stages: _stages,
    policies: _policies,
    ...rest
  } = value;
  const mentioned = given(rest);
  const phase = 'flows';
  if (!present) {
    // Where nobody says otherwise, administrators call it what addresses call it.
    const fields = checkedFields(draft, flowFields, { slug, name: slug, ...mentioned }, wanted.path);
    if (!fields) return;
    draft.change('CREATE', wanted, ['slug', ...Object.keys(mentioned)], {
      phase,
      perform: (editor) => editor.createFlow(fields, id),
    });
    return;
  }
  const changed = changedFields(present, mentioned);
  if (changed.length === 0) return draft.unchanged(wanted);
  draft.change('UPDATE', wanted, changed, { phase, perform: (editor) => editor.updateFlow(id, mentioned) });
}

/** Its stages are let go first: they may refer to it. */
function planDeletion(draft: Draft, wanted: Wanted, flow: FlowDefinition | undefined): void {
  if (!flow) return;
  draft.change(
    'DELETE',
    wanted,
    [],
    ...flow.stageBindings.map(({ id }) => ({
      phase: 'unbinding' as const,
      perform: (editor: DefinitionEditor) => editor.unbindStage(id),
    })),
    { phase: 'deletingFlows', perform: (editor) => editor.deleteFlow(flow.id) },
  );
}
