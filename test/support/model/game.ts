import fc from 'fast-check';

import type { ModelBinding } from '../flow-model.js';
import { stageSorts } from './installation.js';
import type { Account, Mood, PlaceSettings, StageSort } from './installation.js';
import { ORDERS, POLICIES, binding, evaluation, intents, invalidResponseAction, mode } from './intent.js';
import type { Intent } from './intent.js';
import type { Answer } from './run.js';

/** Who has an account before a game begins. */
export const RESIDENT = 'ada';
/** Who may get one. */
const newcomers = ['bob', 'eve'];
export const names: readonly string[] = [RESIDENT, ...newcomers];

/** A stage's place as it is dealt. */
interface DealtPlace extends PlaceSettings {
  readonly sort: StageSort;
  readonly guards: readonly ModelBinding[];
}

/** What a game begins with. */
export interface Deal {
  readonly moods: readonly Mood[];
  readonly flowGuards: readonly ModelBinding[];
  readonly places: readonly DealtPlace[];
}

/** How somebody answers to whatever they are asked. */
export interface Taste {
  readonly name: string;
  readonly isGood: boolean;
}

/** What is done to an execution, on the node with this number. Other numbers count modulo what there is. */
export type RunCommand = { readonly run: number } & (
  | { readonly type: 'answer' | 'wrong kind' | 'foreign'; readonly node: number; readonly taste: Taste }
  /** To a challenge of before. */
  | { readonly type: 'late'; readonly node: number; readonly asked: number; readonly taste: Taste }
  /** What was answered before. */
  | { readonly type: 'repeat'; readonly node: number; readonly given: number }
  /** Something on one node, and at the same time something else or the same on the other. */
  | { readonly type: 'race'; readonly taste: Taste; readonly rival: Taste | 'same' | 'cancel' }
  | { readonly type: 'cancel' | 'look' | 'use session'; readonly node: number }
  | { readonly type: 'expire' }
);

export type Command =
  | RunCommand
  | { readonly type: 'start'; readonly node: number; readonly ahead: readonly Taste[] }
  | { readonly type: 'enable'; readonly account: number; readonly active: boolean }
  | { readonly type: 'edit'; readonly node: number; readonly intent: Intent };

const mood = fc.oneof(
  { weight: 5, arbitrary: fc.constant('yes' as const) },
  { weight: 3, arbitrary: fc.constant('no' as const) },
  { weight: 1, arbitrary: fc.constant('broken' as const) },
);
const guards = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(binding, { minLength: 1, maxLength: 2 }) },
);

function placeOf(...sorts: readonly StageSort[]): fc.Arbitrary<Omit<DealtPlace, 'order'>> {
  const sort = fc.constantFrom(...sorts);
  return fc
    .record({ sort, guards, mode, evaluation, invalidResponseAction })
    .map(({ evaluation: when, ...place }) => ({ ...place, ...when }));
}

// Without a push towards questions and logins, most random flows would end before they get interesting.
const anyPlaces = fc
  .tuple(placeOf('identification', 'prompt', 'dummy'), fc.array(placeOf(...stageSorts), { maxLength: 5 }))
  .map(([first, rest]) => [first, ...rest]);
const enrollment = fc
  .tuple(
    placeOf('prompt'),
    fc.array(placeOf('dummy', 'identification'), { maxLength: 1 }),
    placeOf('enroll', 'enroll', 'save'),
    fc.array(placeOf('dummy', 'identification', 'prompt', 'save'), { maxLength: 2 }),
    placeOf('login', 'remember'),
    fc.array(placeOf('dummy', 'deny', 'prompt'), { maxLength: 1 }),
  )
  .map(([prompt, before, write, between, login, after]) => [
    prompt,
    ...before,
    write,
    ...between,
    login,
    ...after,
  ]);

export const deals: fc.Arbitrary<Deal> = fc.record({
  moods: fc.array(mood, { minLength: POLICIES, maxLength: POLICIES }),
  flowGuards: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(binding, { minLength: 1, maxLength: 1 }) },
  ),
  // Two and two of them at the same order: which comes first has to be the same every time.
  places: fc
    .oneof({ weight: 1, arbitrary: anyPlaces }, { weight: 3, arbitrary: enrollment })
    .map((places) => places.map((place, index) => ({ ...place, order: ORDERS * Math.floor(index / 2) }))),
});

const taste: fc.Arbitrary<Taste> = fc.record({
  name: fc.constantFrom(...newcomers, ...newcomers, RESIDENT),
  isGood: fc.constantFrom(true, true, true, true, false),
});
const node = fc.nat(1);
// Mostly the first one, so that something comes of it.
const run = fc.constantFrom(0, 0, 0, 1);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 16, arbitrary: fc.record({ type: fc.constant('answer'), run, node, taste }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('wrong kind', 'foreign'), run, node, taste }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('late'), run, node, asked: fc.nat(5), taste }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('repeat'), run, node, given: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('race'),
      run,
      taste,
      rival: fc.oneof(fc.constantFrom('same', 'same', 'cancel'), taste),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('cancel', 'look', 'use session'), run, node }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expire'), run }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('start'), node, ahead: fc.array(taste, { maxLength: 2 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('enable'),
      account: fc.nat(2),
      active: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('edit'), node, intent: intents }) },
);

export const commands: fc.Arbitrary<Command[]> = fc.array(command, {
  minLength: 2,
  maxLength: 7,
  size: 'max',
});

/** The answer to a kind of challenge, by somebody's taste. */
export function answerOf(
  kind: Answer['kind'],
  { name, isGood }: Taste,
  accounts: readonly Account[],
  turn: number,
): Answer {
  switch (kind) {
    case 'identification': {
      // Each wrong name is another one: of one and the same only so many are let through.
      const isKnown = accounts.some((account) => account.name === name);
      return { kind, name: isGood && isKnown ? name : `nobody${turn}` };
    }
    case 'prompt':
      return { kind, name: isGood ? name : '' };
    case 'dummy':
      return { kind, acknowledge: isGood };
    case 'user-login':
      return { kind, rememberMe: isGood };
  }
}
