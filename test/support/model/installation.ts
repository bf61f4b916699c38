import type { InvalidResponseAction, PolicyEngineMode } from '../../../src/flow/definition.js';
import type { ModelBinding, World } from '../flow-model.js';

/** What a policy says at the moment. */
export type Mood = World[number];

/** Kinds of stages, as they are configured for the games. */
export const stageSorts = [
  'identification',
  'prompt',
  'dummy',
  'deny',
  /** user-write that always makes an account. */
  'enroll',
  /** user-write that makes an account only where the flow is about nobody yet. */
  'save',
  'login',
  /** user-login that asks whether to stay signed in. */
  'remember',
] as const;
export type StageSort = (typeof stageSorts)[number];

/** A binding of a policy. */
export interface Guard extends ModelBinding {
  readonly id: string;
}

/** What of a stage's place administrators change while people are on their way. */
export interface PlaceSettings {
  readonly order: number;
  readonly mode: PolicyEngineMode;
  readonly evaluateOnPlan: boolean;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
}

/** A stage's place in the one flow of a game. Each place has a stage of its own. */
export interface Place extends PlaceSettings {
  /** Of the binding. */
  readonly id: string;
  readonly stageId: string;
  readonly sort: StageSort;
  readonly guards: readonly Guard[];
  readonly fate: 'bound' | 'unbound' | 'deleted';
}

export interface Account {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
}

/** Everything outside of executions that decides what becomes of them. */
export interface Installation {
  readonly moods: readonly Mood[];
  /** Who may use the flow at all. */
  readonly flowGuards: readonly Guard[];
  /** All that there ever were; runs refer to them by their number here. */
  readonly places: readonly Place[];
  readonly accounts: readonly Account[];
}

/** What a guard stands before: the flow, or the place with this number. */
export type Target = 'flow' | number;

/** Something that an administrator does. */
export type Edit =
  | { readonly type: 'mood'; readonly policy: number; readonly mood: Mood }
  | { readonly type: 'settings'; readonly place: number; readonly change: Partial<PlaceSettings> }
  | { readonly type: 'guard'; readonly target: Target; readonly guard: Guard }
  | { readonly type: 'change guard'; readonly target: Target; readonly guard: Guard }
  | { readonly type: 'unguard'; readonly target: Target; readonly guard: Guard }
  | { readonly type: 'add stage'; readonly place: Place }
  | { readonly type: 'unbind'; readonly place: number }
  | { readonly type: 'delete stage'; readonly place: number };

export function edited(installation: Installation, edit: Edit): Installation {
  switch (edit.type) {
    case 'mood':
      return { ...installation, moods: installation.moods.with(edit.policy, edit.mood) };
    case 'settings':
      return withPlace(installation, edit.place, edit.change);
    case 'guard':
      return withGuards(installation, edit.target, (guards) => [...guards, edit.guard]);
    case 'change guard':
      return withGuards(installation, edit.target, (guards) =>
        guards.map((guard) => (guard.id === edit.guard.id ? edit.guard : guard)),
      );
    case 'unguard':
      return withGuards(installation, edit.target, (guards) =>
        guards.filter((guard) => guard.id !== edit.guard.id),
      );
    case 'add stage':
      return { ...installation, places: [...installation.places, edit.place] };
    case 'unbind':
      return withPlace(installation, edit.place, { fate: 'unbound' });
    case 'delete stage':
      return withPlace(installation, edit.place, { fate: 'deleted' });
  }
}

export function placeOf({ places }: Installation, number: number): Place {
  const place = places[number];
  if (!place) throw new Error(`there is no place ${number}`);
  return place;
}

export function guardsOf(installation: Installation, target: Target): readonly Guard[] {
  return target === 'flow' ? installation.flowGuards : placeOf(installation, target).guards;
}

function withPlace(installation: Installation, number: number, change: Partial<Place>): Installation {
  const place = { ...placeOf(installation, number), ...change };
  return { ...installation, places: installation.places.with(number, place) };
}

function withGuards(
  installation: Installation,
  target: Target,
  change: (guards: readonly Guard[]) => readonly Guard[],
): Installation {
  const guards = change(guardsOf(installation, target));
  return target === 'flow'
    ? { ...installation, flowGuards: guards }
    : withPlace(installation, target, { guards });
}
