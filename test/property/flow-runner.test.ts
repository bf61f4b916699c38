import fc from 'fast-check';

import { FlowRunner } from '../../src/flow/runner.js';
import type { FlowRun, SubmitInput } from '../../src/flow/runner.js';
import { pendingUserKey } from '../../src/flow/context-keys.js';
import type { Execution, FlowStep } from '../../src/flow/execution.js';
import { ask, deny, pass, responseError, retry } from '../../src/flow/outcome.js';
import type { StageKind } from '../../src/flow/stage-kind.js';
import { Secret } from '../../src/kernel/secret.js';
import { bound, catalogueOf, flow, person, placed, policy, stage } from '../support/definitions.js';
import {
  about,
  engineOf,
  fakePolicies,
  fakeStage,
  fails,
  says,
  sessionFor,
  visitOf,
} from '../support/engine.js';
import {
  currentKind,
  ModelFault,
  modelAnswer,
  modelKinds,
  modelStart,
  moods,
} from '../support/flow-model.js';
import type { ModelAnswer, ModelPlace, ModelState, World } from '../support/flow-model.js';
import { MemoryExecutionStore } from '../support/memory-execution-store.js';

const wrong = retry([responseError(null, 'WRONG', 'Wrong.')]);
const kinds: readonly StageKind[] = [
  fakeStage('identify', {
    present: async () => ask({}),
    async answer(_run, { user }) {
      return typeof user === 'string' ? about(user === 'ghost' ? null : user) : wrong;
    },
  }),
  fakeStage('password', {
    present: async ({ context }) => (context.get(pendingUserKey) ? ask({}) : deny('STAGE_DENIED', 'Whose?')),
    async answer(run, { password }) {
      const user = await run.user();
      return user && password === `of ${user.id}` ? pass({ proofs: ['pwd'] }) : wrong;
    },
  }),
  fakeStage('dummy', {
    present: async () => ask({}),
    async answer(_run, { ok, quit }) {
      if (quit === true) return deny('STAGE_DENIED', 'Quit.');
      return ok === true ? pass() : wrong;
    },
  }),
  fakeStage('silent'),
  fakeStage('deny', { present: async () => deny('STAGE_DENIED', 'No.') }),
  fakeStage('login', {
    opensSession: true,
    async present(run) {
      const user = await run.user();
      if (!user || run.proofs.length === 0) return deny('STAGE_DENIED', 'Not proven.');
      return pass({ effects: [sessionFor(run, user.id)] });
    },
  }),
  // Signs in whomever the flow is about, proven or not: the engine has to see to it that it cannot.
  fakeStage('reckless', {
    opensSession: true,
    present: async (run) => pass({ effects: [sessionFor(run, (await run.user())?.id ?? 'ada')] }),
  }),
];

type Action =
  | { readonly type: 'answer' | 'repeat' | 'late' | 'foreign' | 'wrongKind'; readonly answer: ModelAnswer }
  | { readonly type: 'mood'; readonly policy: number; readonly mood: World[number] };

const bindings = fc.array(
  fc.record({
    policy: fc.nat(2),
    enabled: fc.boolean(),
    negate: fc.boolean(),
    failureResult: fc.boolean(),
  }),
  { maxLength: 2 },
);
const place: fc.Arbitrary<ModelPlace> = fc.record({
  kind: fc.constantFrom(...modelKinds),
  bindings: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: bindings }),
  mode: fc.constantFrom('ANY', 'ALL'),
  evaluateOnPlan: fc.boolean(),
  reEvaluatePolicies: fc.boolean(),
  invalidResponseAction: fc.constantFrom('RETRY', 'RETRY', 'RESTART', 'RESTART_WITH_CONTEXT'),
});
// Without a push towards logins, most random flows would end before they get interesting.
const loginFlow = fc
  .tuple(fc.array(place, { maxLength: 2 }), fc.array(place, { maxLength: 2 }), place, place, place)
  .map(([before, after, a, b, c]): ModelPlace[] => [
    { ...a, kind: 'identify' },
    ...before,
    { ...b, kind: 'password' },
    ...after,
    { ...c, kind: 'login' },
  ]);
const places = fc.oneof(fc.array(place, { maxLength: 6 }), loginFlow);

const answer: fc.Arbitrary<ModelAnswer> = fc.oneof(
  fc.constantFrom<ModelAnswer>({ user: 'ada' }, { user: 'ada' }, { user: 'eve' }, { user: 'ghost' }),
  fc.constantFrom<ModelAnswer>(
    { password: 'of ada' },
    { password: 'of ada' },
    { password: 'of eve' },
    { password: '' },
  ),
  fc.constantFrom<ModelAnswer>({ ok: true }, { ok: true }, { ok: false }, { quit: true }),
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('answer' as const), answer }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('repeat', 'late', 'foreign', 'wrongKind'), answer }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('mood' as const),
      policy: fc.nat(2),
      mood: fc.constantFrom(...moods),
    }),
  },
);

/** The answers that fit a challenge are the interesting ones: of those that do not, one is like another. */
function fitting(kind: string, given: ModelAnswer, index: number): ModelAnswer {
  if (index % 4 === 3) return given;
  switch (kind) {
    case 'identify':
      return 'user' in given ? given : { user: 'ada' };
    case 'password':
      return 'password' in given ? given : { password: 'of ada' };
    default:
      return 'ok' in given || 'quit' in given ? given : { ok: true };
  }
}

const OWNER = new Secret('owner');
const stranger = new Secret('stranger');

class Harness {
  readonly store = new MemoryExecutionStore();
  readonly #runner: FlowRunner;
  readonly #visit;
  execution: Execution | undefined;

  constructor(
    readonly places: readonly ModelPlace[],
    readonly world: World,
  ) {
    const mood = (index: number) => () =>
      world[index] === 'broken' ? fails('broken')() : says(world[index] === 'yes')();
    const engine = engineOf({
      stages: kinds,
      people: [person('ada'), person('eve')],
      policies: fakePolicies({ p0: mood(0), p1: mood(1), p2: mood(2) }),
    });
    const definition = flow(
      places.map(({ kind, bindings, mode, ...rest }, index) =>
        placed(stage(String(index), kind), {
          ...rest,
          policyEngineMode: mode,
          policyBindings: bindings.map(({ policy: number, ...binding }) =>
            bound(policy(`p${number}`), binding),
          ),
        }),
      ),
    );
    this.#visit = visitOf(catalogueOf(definition));
    this.#runner = new FlowRunner({
      engine,
      store: this.store,
      flowTokens: { find: async () => undefined },
      hashOf: (secret) => `hash of ${secret.reveal()}`,
      macOf: (text) => text,
      patience: async () => false,
      publicUrl: 'http://localhost',
      allowedOrigins: [],
      lifetimeSeconds: 3600,
    });
  }

  async start(): Promise<FlowRun> {
    const run = await this.#runner.start(
      this.#visit,
      {
        flow: { slug: 'under-test' },
        next: null,
        flowToken: null,
        invitationToken: null,
        loginHint: null,
        responses: [],
      },
      OWNER,
    );
    await this.look(run.execution.id);
    return run;
  }

  async submit(input: Omit<SubmitInput, 'executionId'>, owner = OWNER): Promise<FlowRun> {
    const executionId = this.execution?.id ?? '';
    try {
      return await this.#runner.submit(this.#visit, { executionId, ...input }, owner);
    } finally {
      await this.look(executionId);
    }
  }

  async look(executionId: string): Promise<void> {
    this.execution = await this.store.find({
      executionId,
      ownerHash: 'hash of owner',
      client: 'NATIVE',
    });
  }

  sessions(): string[] {
    return this.store.effects.flatMap((effect) => (effect.type === 'openSession' ? [effect.userId] : []));
  }
}

/** What the engine has come to, in the model's words. */
function seen({ planned, trail, context, session, step }: Execution) {
  const indexOf = (bindingId: string) => Number(bindingId.replace('place-', ''));
  return {
    step: step.type,
    planned: planned.map(indexOf),
    settled: trail.map(({ bindingId, outcome }) => ({ place: indexOf(bindingId), outcome })),
    pending: context.get(pendingUserKey)?.id,
    hasSession: session !== null,
  };
}
function expected({ step, planned, settled, pending, session }: ModelState) {
  return { step, planned, settled, pending, hasSession: session !== null };
}

const tally = { completed: 0, denied: 0, challenge: 0, sessions: 0, faults: 0, repeats: 0 };

async function play(
  flowPlaces: readonly ModelPlace[],
  world: World,
  actions: readonly Action[],
): Promise<void> {
  const harness = new Harness(flowPlaces, [...world]);
  const given = new Map<string, FlowStep>();
  let state: ModelState;
  try {
    state = modelStart(flowPlaces, harness.world);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    await expect(harness.start()).rejects.toThrow('may not open a session here');
    expect(harness.sessions()).toEqual([]);
    tally.faults += 1;
    return;
  }
  await harness.start();
  let lastChallenge = 'none';
  let lastAnswer: ModelAnswer = { ok: true };

  for (const [index, act] of actions.entries()) {
    const before = harness.execution;
    if (!before) throw new Error('the execution is gone');
    expect(seen(before)).toEqual(expected(state));
    if (act.type === 'mood') {
      harness.world[act.policy] = act.mood;
      continue;
    }
    const sessionsBefore = harness.sessions();
    const isOpen = before.step.type === 'challenge';
    const challengeId =
      before.step.type === 'challenge' && act.type !== 'late' ? before.step.id : lastChallenge;
    const kind = isOpen ? currentKind(flowPlaces, state) : 'dummy';
    const data: ModelAnswer = act.type === 'repeat' ? lastAnswer : fitting(kind, act.answer, index);
    const input = {
      challengeId: act.type === 'repeat' ? lastChallenge : challengeId,
      response: { kind, data },
    };
    const key = JSON.stringify(input);
    const unchanged = () => {
      expect(harness.execution).toEqual(before);
      expect(harness.sessions()).toEqual(sessionsBefore);
    };

    if (act.type === 'foreign') {
      await expect(harness.submit(input, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      unchanged();
    } else if (act.type === 'wrongKind' && isOpen) {
      const other = { challengeId, response: { kind: kind === 'dummy' ? 'password' : 'dummy', data } };
      await expect(harness.submit(other)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      unchanged();
    } else if (given.has(key)) {
      expect((await harness.submit(input)).step).toEqual(given.get(key));
      unchanged();
      tally.repeats += 1;
    } else if (!isOpen) {
      await expect(harness.submit(input)).rejects.toMatchObject({ code: 'STALE_CHALLENGE' });
      unchanged();
    } else if (before.step.id !== input.challengeId) {
      const { step } = await harness.submit(input);
      expect(step).toMatchObject({
        type: 'challenge',
        id: before.step.id,
        errors: [{ code: 'STALE_CHALLENGE' }],
      });
      unchanged();
    } else {
      let next: ModelState;
      try {
        next = modelAnswer(flowPlaces, harness.world, state, data);
      } catch (error) {
        if (!(error instanceof ModelFault)) throw error;
        await expect(harness.submit(input)).rejects.toThrow('may not open a session here');
        unchanged();
        tally.faults += 1;
        continue;
      }
      const { step } = await harness.submit(input);
      state = next;
      lastChallenge = challengeId;
      lastAnswer = data;
      given.set(JSON.stringify({ challengeId, response: { kind, data } }), step);
    }
  }

  const last = harness.execution;
  if (!last) throw new Error('the execution is gone');
  expect(seen(last)).toEqual(expected(state));
  tally[state.step] += 1;
  tally.sessions += harness.sessions().length;
  // In words of its own, whatever the model says: the end is reached through every stage, in order.
  if (last.step.type === 'completed') {
    expect(last.trail.map(({ bindingId }) => bindingId)).toEqual(last.planned);
    for (const { bindingId, outcome } of last.trail) {
      if (outcome === 'skipped')
        expect(flowPlaces[Number(bindingId.replace('place-', ''))]?.reEvaluatePolicies).toBe(true);
    }
  }
  const passwords = [...given.keys()].filter((key) => key.includes('"password":"of '));
  for (const user of harness.sessions())
    expect(passwords.some((key) => key.includes(`of ${user}`))).toBe(true);
}

describe('running any flow, with any policies, answered in any way', () => {
  it('comes to what the model says: no stage is left out, and nobody is signed in without proof', async () => {
    const world = fc.tuple(...Array.from({ length: 3 }, () => fc.constantFrom(...moods)));
    await fc.assert(fc.asyncProperty(places, world, fc.array(action, { maxLength: 16 }), play), {
      // More of them by a variable: a night's worth finds what a minute does not.
      numRuns: Number(process.env.STAGEDOOR_PROPERTY_RUNS ?? 10_000),
    });
    // A test that never gets anywhere proves nothing.
    expect(Object.entries(tally).filter(([, count]) => count < 50)).toEqual([]);
  }, 600_000);
});
