import fc from 'fast-check';

import { moods } from '../flow-model.js';
import type { ModelBinding } from '../flow-model.js';
import { guardsOf, placeOf, stageSorts } from './installation.js';
import type { Edit, Installation, Mood, Place, PlaceSettings, StageSort, Target } from './installation.js';

export const POLICIES = 3;
/** So far apart are the orders of places, so that what is put between two of them is at the order of neither. */
export const ORDERS = 100;
const MOST_PLACES = 8;

/** What an administrator has in mind. Numbers of places and guards count modulo what there is. */
export type Intent =
  | { readonly type: 'mood'; readonly policy: number; readonly mood: Mood }
  | { readonly type: 'settings'; readonly place: number; readonly change: Partial<PlaceSettings> }
  | { readonly type: 'guard'; readonly target: Target; readonly binding: ModelBinding }
  | {
      readonly type: 'change guard';
      readonly target: Target;
      readonly guard: number;
      readonly change: Partial<Omit<ModelBinding, 'policy'>>;
    }
  | { readonly type: 'unguard'; readonly target: Target; readonly guard: number }
  | { readonly type: 'add stage'; readonly sort: StageSort; readonly order: number }
  | { readonly type: 'unbind' | 'delete stage'; readonly place: number };

const mood = fc.constantFrom<Mood>(...moods);
export const binding: fc.Arbitrary<ModelBinding> = fc.record({
  policy: fc.nat(POLICIES - 1),
  enabled: fc.constantFrom(true, true, true, false),
  negate: fc.constantFrom(false, false, true),
  failureResult: fc.boolean(),
});
export const mode = fc.constantFrom<PlaceSettings['mode']>('ANY', 'ALL');
/** Without either, policies would never be asked; that is refused. */
export const evaluation = fc.constantFrom(
  { evaluateOnPlan: false, reEvaluatePolicies: true },
  { evaluateOnPlan: true, reEvaluatePolicies: false },
  { evaluateOnPlan: true, reEvaluatePolicies: true },
);
export const invalidResponseAction = fc.constantFrom<PlaceSettings['invalidResponseAction']>(
  'RETRY',
  'RETRY',
  'RESTART',
  'RESTART_WITH_CONTEXT',
);

const place = fc.nat(MOST_PLACES - 1);
const target = fc.oneof(
  { weight: 1, arbitrary: fc.constant('flow' as const) },
  { weight: 5, arbitrary: place },
);
const order = fc.nat(3).map((steps) => steps * ORDERS);
const settings: fc.Arbitrary<Partial<PlaceSettings>> = fc.oneof(
  fc.record({ order }),
  fc.record({ mode }),
  fc.record({ invalidResponseAction }),
  { weight: 3, arbitrary: evaluation },
);
const guardChange: fc.Arbitrary<Partial<Omit<ModelBinding, 'policy'>>> = fc.oneof(
  fc.record({ enabled: fc.boolean() }),
  fc.record({ negate: fc.boolean() }),
  fc.record({ failureResult: fc.boolean() }),
);

export const intents: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('mood'), policy: fc.nat(POLICIES - 1), mood }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('settings'), place, change: settings }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('guard'), target, binding }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('change guard'),
      target,
      guard: fc.nat(2),
      change: guardChange,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unguard'), target, guard: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('add stage'), sort: fc.constantFrom(...stageSorts), order }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unbind'), place }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete stage'), place }) },
);

/** What an intent comes to; undefined where there is nothing to do it to. */
export function editOf(installation: Installation, intent: Intent): Edit | undefined {
  const { places } = installation;
  switch (intent.type) {
    case 'mood':
      return intent;
    case 'add stage': {
      const at = intent.order + places.length;
      return { type: 'add stage', place: addedPlace(intent.sort, at) };
    }
    case 'settings':
    case 'unbind':
    case 'delete stage': {
      const number = intent.place % places.length;
      const { fate } = placeOf(installation, number);
      const isThere = intent.type === 'delete stage' ? fate !== 'deleted' : fate === 'bound';
      return isThere ? { ...intent, place: number } : undefined;
    }
    case 'guard':
    case 'change guard':
    case 'unguard': {
      const number = intent.target === 'flow' ? 'flow' : intent.target % places.length;
      if (number !== 'flow' && placeOf(installation, number).fate !== 'bound') return undefined;
      if (intent.type === 'guard') return { ...intent, target: number, guard: { ...intent.binding, id: '' } };
      const guards = guardsOf(installation, number);
      const guard = guards[intent.guard % guards.length];
      if (!guard) return undefined;
      return intent.type === 'unguard'
        ? { type: 'unguard', target: number, guard }
        : { type: 'change guard', target: number, guard: { ...guard, ...intent.change } };
    }
  }
}

/** A place as it is where nothing else is said. Its ids are known once it is there. */
function addedPlace(sort: StageSort, at: number): Place {
  return {
    id: '',
    stageId: '',
    sort,
    order: at,
    mode: 'ANY',
    evaluateOnPlan: false,
    reEvaluatePolicies: true,
    invalidResponseAction: 'RETRY',
    guards: [],
    fate: 'bound',
  };
}
