import { changedFields } from '../../flow/changed-fields.js';
import type { StageBindingDefinition } from '../../flow/definition.js';
import { asksItsPolicies, stageBindingFields } from '../../flow/definition-rules.js';
import type { StageBindingFields } from '../../flow/definition-store.js';
import type { PlaceEntry } from '../document.js';
import type { Path } from '../problem.js';
import type { Draft, Step, Wanted } from './draft.js';
import { checkedFields, given } from './fields.js';
import { planGuards } from './guards.js';
import { Matching } from './matching.js';
import { givingWay, mayMove } from './staying.js';
import type { Symbols } from './symbols.js';

/** A flow whose stages a document speaks of. */
interface Placed {
  readonly id: string;
  /** As changes tell it. */
  readonly object: string;
  readonly present: readonly StageBindingDefinition[];
  /** Whether places that are not listed are taken out. */
  readonly prune: boolean;
}

/** The stages of a flow: a place is known by the stage, and by its order. */
export function planPlaces(
  draft: Draft,
  symbols: Symbols,
  flow: Placed,
  entries: readonly PlaceEntry[] | undefined,
  path: Path,
): void {
  if (!entries) return;
  const listed = entries.flatMap((entry, index) => {
    const at = [...path, index];
    return entry.when
      ? [{ entry, at, stageId: symbols.resolve('stage', entry.stage, [...at, 'stage']) }]
      : [];
  });
  refuseRepeated(draft, listed);
  const matching = new Matching(flow.present, listed, (present, { entry, stageId }) => ({
    isSame: present.stage.id === stageId,
    isInPlace: present.order === entry.order,
    // Otherwise it may stand in the flow more than once, and stays where it is.
    mayMove:
      entry.state !== 'absent' &&
      (flow.prune || (draft.scene.tellsWhatStays && mayMove(present, entry.order))),
  }));
  for (const one of listed) {
    const { entry, at: placePath } = one;
    const object = `${flow.object} / stage:${entry.stage} @ ${entry.order}`;
    const wanted = {
      area: 'STAGE_BINDING',
      object,
      state: entry.state ?? 'present',
      path: placePath,
    } as const;
    planPlace(draft, symbols, wanted, flow, one, matching.of(one));
  }
  const placed = listed.flatMap(({ entry: { stage, order, state = 'present' } }) =>
    state === 'absent' ? [] : [{ stage, order, kind: symbols.kindOfStage(stage) }],
  );
  const left = matching.left();
  for (const { id, stage, order } of flow.prune
    ? left
    : givingWay(draft, { present: flow.present, staying: left, placed }, path)) {
    const object = `${flow.object} / stage:${stage.name} @ ${order}`;
    const perform: Step['perform'] = (editor) => editor.unbindStage(id);
    draft.change('DELETE', { area: 'STAGE_BINDING', object, path }, [], { phase: 'unbinding', perform });
  }
}

interface Listed {
  readonly entry: PlaceEntry;
  readonly at: Path;
  readonly stageId: string;
}

function refuseRepeated(draft: Draft, listed: readonly Listed[]): void {
  const seen = new Set<string>();
  for (const { entry, at } of listed) {
    const key = `${entry.order} ${entry.stage}`;
    if (seen.has(key)) draft.refuse(at, 'REPEATED', 'The stage stands there already, with the same order.');
    seen.add(key);
  }
}

function planPlace(
  draft: Draft,
  symbols: Symbols,
  wanted: Wanted,
  flow: Placed,
  { entry, at, stageId }: Listed,
  present: StageBindingDefinition | undefined,
): void {
  const action = draft.decide(wanted, present !== undefined);
  if (!action) return;
  if (action === 'DELETE') {
    const id = present?.id ?? '';
    const perform: Step['perform'] = (editor) => editor.unbindStage(id);
    draft.change('DELETE', wanted, [], { phase: 'unbinding', perform });
    return;
  }
  // Where the place is made, what it is called is known once it has been.
  let placeId = present?.id;
  const { stage: _stage, state: _state, when: _when, policies, ...rest } = entry;
  const mentioned = given(rest);
  const before = present && settingsOf(present);
  const fields = checkedFields(draft, stageBindingFields, { ...before, ...mentioned }, at);
  if (!fields) return;
  if (!asksItsPolicies(fields)) {
    const message = 'Policies must be asked when the flow is planned, when the stage is run, or both.';
    return draft.refuse([...at, 'reEvaluatePolicies'], 'NEVER_EVALUATED', message);
  }
  if (!present) {
    draft.change('CREATE', wanted, Object.keys(mentioned), {
      phase: 'placing',
      perform: async (editor) => {
        placeId = await editor.bindStage(flow.id, stageId, fields);
      },
    });
  } else {
    planUpdate(draft, wanted, present, mentioned);
  }
  const guarded = {
    object: wanted.object,
    present: present?.policyBindings ?? [],
    prune: flow.prune,
    target: () => {
      if (placeId === undefined) throw new Error('a place that was not made');
      return { type: 'stageBinding', stageBindingId: placeId } as const;
    },
  };
  planGuards(draft, symbols, guarded, policies, [...at, 'policies']);
}

function settingsOf(place: StageBindingDefinition): StageBindingFields {
  const { order, evaluateOnPlan, reEvaluatePolicies, invalidResponseAction, policyEngineMode } = place;
  return { order, evaluateOnPlan, reEvaluatePolicies, invalidResponseAction, policyEngineMode };
}

function planUpdate(
  draft: Draft,
  wanted: Wanted,
  present: StageBindingDefinition,
  mentioned: Partial<StageBindingFields>,
): void {
  const changed = changedFields(present, mentioned);
  if (changed.length === 0) return draft.unchanged(wanted);
  const { id } = present;
  const perform: Step['perform'] = (editor) => editor.updateStageBinding(id, mentioned);
  draft.change('UPDATE', wanted, changed, { phase: 'placing', perform });
}
