import type { InvalidResponseAction, PolicyEngineMode } from '../../src/flow/definition.js';

/** What a flow of the property tests can be made of, and what happens with it: the engine's rules told a second time. */
export const modelKinds = ['identify', 'password', 'dummy', 'silent', 'deny', 'login', 'reckless'] as const;
export type ModelKind = (typeof modelKinds)[number];

export const moods = ['yes', 'no', 'broken'] as const;
/** What each of the policies says at the moment. */
export type World = ('yes' | 'no' | 'broken')[];

export interface ModelBinding {
  readonly policy: number;
  readonly enabled: boolean;
  readonly negate: boolean;
  readonly failureResult: boolean;
}

export interface ModelPlace {
  readonly kind: ModelKind;
  readonly bindings: readonly ModelBinding[];
  readonly mode: PolicyEngineMode;
  readonly evaluateOnPlan: boolean;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
}

export type ModelAnswer =
  | { readonly user: 'ada' | 'eve' | 'ghost' }
  | { readonly password: string }
  | { readonly ok: boolean }
  | { readonly quit: true };

export interface ModelState {
  readonly planned: readonly number[];
  readonly settled: readonly { readonly place: number; readonly outcome: 'passed' | 'skipped' }[];
  /** Undefined before anybody was named, null for somebody who does not exist. */
  readonly pending: string | null | undefined;
  readonly proven: readonly string[];
  readonly blocked: boolean;
  readonly session: string | null;
  readonly step: 'challenge' | 'completed' | 'denied';
}

/** Where a stage would open a session that it may not: the request fails and changes nothing. */
export class ModelFault extends Error {}

const nowhere: ModelState = {
  planned: [],
  settled: [],
  pending: undefined,
  proven: [],
  blocked: false,
  session: null,
  step: 'denied',
};

export function modelStart(places: readonly ModelPlace[], world: World): ModelState {
  return plan(places, world, nowhere, false);
}

export function modelAnswer(
  places: readonly ModelPlace[],
  world: World,
  state: ModelState,
  answer: ModelAnswer,
): ModelState {
  const [index, place] = current(places, state);
  const verdict = place.reEvaluatePolicies ? decide(place, world) : 'pass';
  if (verdict === 'broken') return { ...state, step: 'denied' };
  if (verdict === 'fail') return advance(places, world, skip(state, index, place), false);
  const next = judge(place, state, answer);
  if (next !== 'wrong' && next !== 'refused')
    return advance(places, world, settle(next, index, 'passed'), false);
  if (place.invalidResponseAction !== 'RETRY') return restart(places, world, state, place);
  return next === 'wrong' ? state : { ...state, step: 'denied' };
}

export function currentKind(places: readonly ModelPlace[], state: ModelState): ModelKind {
  return current(places, state)[1].kind;
}

function plan(
  places: readonly ModelPlace[],
  world: World,
  before: ModelState,
  restarted: boolean,
): ModelState {
  const planned: number[] = [];
  let blocked = false;
  for (const [index, place] of places.entries()) {
    const verdict = place.evaluateOnPlan ? decide(place, world) : 'pass';
    if (verdict === 'broken') return { ...before, step: 'denied' };
    if (verdict === 'pass') planned.push(index);
    else blocked ||= signsIn(place);
  }
  const state: ModelState = { ...before, planned, settled: [], proven: [], blocked, step: 'challenge' };
  return planned.length === 0 && !blocked
    ? { ...state, step: 'denied' }
    : advance(places, world, state, restarted);
}

function advance(
  places: readonly ModelPlace[],
  world: World,
  from: ModelState,
  restarted: boolean,
): ModelState {
  let state = from;
  while (state.settled.length < state.planned.length) {
    const [index, place] = current(places, state);
    const verdict = place.reEvaluatePolicies ? decide(place, world) : 'pass';
    if (verdict === 'broken') return { ...state, step: 'denied' };
    if (verdict === 'fail') {
      state = skip(state, index, place);
      continue;
    }
    const shown = show(place, state);
    if (shown === 'asks') return { ...state, step: 'challenge' };
    if (shown === 'refused') {
      const again = place.invalidResponseAction !== 'RETRY' && !restarted;
      return again ? restart(places, world, state, place) : { ...state, step: 'denied' };
    }
    state = settle(shown, index, 'passed');
  }
  return { ...state, step: state.blocked && state.session === null ? 'denied' : 'completed' };
}

function restart(
  places: readonly ModelPlace[],
  world: World,
  state: ModelState,
  place: ModelPlace,
): ModelState {
  const pending = place.invalidResponseAction === 'RESTART' ? undefined : state.pending;
  return plan(places, world, { ...state, pending, planned: [], settled: [], proven: [] }, true);
}

/** What a stage does when its turn comes. */
function show(place: ModelPlace, state: ModelState): ModelState | 'asks' | 'refused' {
  const { pending, proven } = state;
  const isProven = typeof pending === 'string' && proven.includes(pending);
  switch (place.kind) {
    case 'identify':
    case 'dummy':
      return 'asks';
    case 'password':
      return pending === undefined ? 'refused' : 'asks';
    case 'silent':
      return state;
    case 'deny':
      return 'refused';
    case 'login':
      return isProven ? { ...state, session: pending } : 'refused';
    case 'reckless':
      if (!isProven) throw new ModelFault();
      return { ...state, session: pending };
  }
}

function judge(place: ModelPlace, state: ModelState, answer: ModelAnswer): ModelState | 'wrong' | 'refused' {
  const { pending, proven } = state;
  switch (place.kind) {
    case 'identify':
      return 'user' in answer ? { ...state, pending: answer.user === 'ghost' ? null : answer.user } : 'wrong';
    case 'password': {
      const right =
        'password' in answer && typeof pending === 'string' && answer.password === `of ${pending}`;
      return right ? { ...state, proven: [...proven, pending] } : 'wrong';
    }
    case 'dummy':
      if ('quit' in answer) return 'refused';
      return 'ok' in answer && answer.ok ? state : 'wrong';
    case 'silent':
    case 'deny':
    case 'login':
    case 'reckless':
      throw new Error(`${place.kind} never asks`);
  }
}

/** What bindings decide together. Broken: they do not pass, and an error is among the reasons. */
export function decide(
  { bindings, mode }: Pick<ModelPlace, 'bindings' | 'mode'>,
  world: Readonly<World>,
): 'pass' | 'fail' | 'broken' {
  const counted = bindings
    .filter((binding) => binding.enabled)
    .map(({ policy, negate, failureResult }) => {
      const mood = world[policy];
      return mood === 'broken'
        ? { passes: failureResult, broken: true }
        : { passes: (mood === 'yes') !== negate, broken: false };
    });
  if (counted.length === 0) return 'pass';
  const passing = counted.filter(({ passes }) => passes).length;
  if (mode === 'ANY' ? passing > 0 : passing === counted.length) return 'pass';
  return counted.some(({ broken, passes }) => broken && !passes) ? 'broken' : 'fail';
}

function current(places: readonly ModelPlace[], { planned, settled }: ModelState): [number, ModelPlace] {
  const index = planned[settled.length] ?? -1;
  const place = places[index];
  if (!place) throw new Error('the model has no current stage');
  return [index, place];
}

function skip(state: ModelState, index: number, place: ModelPlace): ModelState {
  const skipped = settle(state, index, 'skipped');
  return signsIn(place) ? { ...skipped, blocked: true } : skipped;
}

function settle(state: ModelState, place: number, outcome: 'passed' | 'skipped'): ModelState {
  return { ...state, settled: [...state.settled, { place, outcome }] };
}

function signsIn({ kind }: ModelPlace): boolean {
  return kind === 'login' || kind === 'reckless';
}
