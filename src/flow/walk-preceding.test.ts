import {
  INSTALLATION,
  bound,
  catalogueOf,
  flow,
  person,
  placed,
  policy,
  stage,
} from '../../test/support/definitions.js';
import {
  about,
  begin,
  engineOf,
  fakePolicies,
  fakeStage,
  says,
  sessionFor,
  visitOf,
} from '../../test/support/engine.js';
import { Catalogue } from './catalogue.js';
import type { StageBindingDefinition, StageDefinition } from './definition.js';
import type { EngineParts, Stepped, Visit } from './engine.js';
import { answerChallenge } from './executor.js';
import type { InsertedStage } from './inserted-stage.js';
import { ask, deny, pass, precede, responseError, retry } from './outcome.js';
import type { StageKind } from './stage-kind.js';

const wrong = responseError(null, 'WRONG', 'That was wrong.');
/** Which stages had their turn, in order. */
const turns: string[] = [];
beforeEach(() => turns.splice(0));

const builtIn = (kind: string): InsertedStage => ({
  builtIn: { id: `built-in-${kind}`, kind, name: kind, config: {} },
});
const stored = (name: string): InsertedStage => ({ stageId: `stage-${name}` });

/** Passed at once; proves what it is told. */
const silent = (name: string, proofs: readonly 'otp'[] = []): StageKind =>
  fakeStage(name, {
    present: async () => {
      turns.push(name);
      return pass({ proofs });
    },
  });
/** Asks, and is passed by `{ ok: true }`. */
const question = (name: string): StageKind =>
  fakeStage(name, {
    present: async () => {
      turns.push(name);
      return ask({});
    },
    answer: async (_run, { ok, refuse }) => {
      if (refuse === true) return deny('STAGE_DENIED', 'Enough.');
      return ok === true ? pass({ proofs: ['otp'] }) : retry([wrong]);
    },
  });
const refusing = fakeStage('refusing', { present: async () => deny('STAGE_DENIED', 'Not you.') });
const identify = fakeStage('identify', { present: async () => about('ada') });
const prove = fakeStage('prove', { present: async () => pass({ proofs: ['pwd'] }) });

/** Wants these stages before itself, as long as there is no second factor, and then signs in. */
const wants = (...stages: [InsertedStage, ...InsertedStage[]]): StageKind =>
  fakeStage('wants', {
    opensSession: true,
    present: async (run) => {
      turns.push('wants');
      return run.proofs.includes('otp') ? pass({ effects: [sessionFor(run, 'ada')] }) : precede(stages);
    },
  });

interface Scene {
  readonly parts: EngineParts;
  readonly visit: Visit;
  readonly begun: Stepped;
}

const place = (kind: string, also: Partial<StageBindingDefinition> = {}): StageBindingDefinition =>
  placed(stage(kind, kind), also);

/** A flow in which somebody proves who they are before a stage that wants others, and which may have stored stages besides. */
async function scene(
  kinds: readonly StageKind[],
  places = [place('identify'), place('prove'), place('wants')],
  unbound: readonly StageDefinition[] = [],
): Promise<Scene> {
  const parts = engineOf({
    stages: [identify, prove, ...kinds],
    policies: fakePolicies({ never: says(false) }),
    people: [person('ada')],
  });
  const visit = visitOf(known(places, unbound));
  return { parts, visit, begun: await begin(parts, visit) };
}

function known(
  places: readonly StageBindingDefinition[],
  unbound: readonly StageDefinition[] = [],
): Catalogue {
  const never = places.flatMap(({ policyBindings }) =>
    policyBindings.flatMap(({ subject }) => (subject.type === 'policy' ? [subject.policy] : [])),
  );
  return new Catalogue({
    ...{ version: 1, installation: INSTALLATION, promptFields: [], policies: never },
    ...{ defaultFlows: new Map(), referringStages: new Map() },
    flows: [flow(places)],
    stages: [...places.map((each) => each.stage), ...unbound],
  });
}

const answered = ({ parts, visit, begun }: Scene, response: object, at = visit) =>
  answerChallenge(parts, at, begun.execution, { ...response });

describe('stages that another one wants before itself', () => {
  it('have their turn in their order, and then that one again', async () => {
    const { begun } = await scene([
      wants(builtIn('first'), builtIn('second')),
      silent('first'),
      silent('second', ['otp']),
    ]);
    expect(turns).toEqual(['wants', 'first', 'second', 'wants']);
    expect(begun.execution.step).toMatchObject({
      type: 'completed',
      session: { amr: ['pwd', 'otp'] },
    });
  });

  it('stand in the plan and among what was planned, each at a place of its own', async () => {
    const { begun } = await scene([
      wants(builtIn('ask'), builtIn('after')),
      question('ask'),
      silent('after'),
    ]);
    const { plan, planned, trail } = begun.execution;
    expect(plan.map(({ stageId }) => stageId)).toEqual(['built-in-ask', 'built-in-after', 'stage-wants']);
    expect(planned).toEqual(['place-identify', 'place-prove', ...plan.map(({ bindingId }) => bindingId)]);
    expect(new Set(planned).size).toBe(5);
    expect(trail.map(({ bindingId }) => bindingId)).toEqual(['place-identify', 'place-prove']);
    expect(begun.execution.session).toBeNull();
  });

  it('have left their trail once they were passed, before the one that wanted them', async () => {
    const waiting = await scene([wants(builtIn('ask')), question('ask')]);
    const { execution } = await answered(waiting, { ok: true });
    expect(execution.trail.map(({ bindingId }) => bindingId)).toEqual(execution.planned);
    expect(execution.trail.map(({ proofs }) => proofs)).toEqual([[], ['pwd'], ['otp'], []]);
    expect(execution).toMatchObject({
      plan: [],
      step: { type: 'completed', session: { amr: ['pwd', 'otp'] } },
    });
  });

  it('are told in the trace, with the stage that wanted them', async () => {
    const { begun } = await scene([wants(builtIn('ask')), question('ask')]);
    const told = begun.trace.flatMap((entry) => (entry.type === 'stage' ? [[entry.event, entry.stage]] : []));
    expect(told.slice(-2)).toEqual([
      ['PRECEDED', 'wants'],
      ['ASKED', 'ask'],
    ]);
  });

  it('are not taken out by any policy, not even one at a place of the same stage', async () => {
    const guarded = place('ask', { policyBindings: [bound(policy('never'))] });
    const places = [place('identify'), place('prove'), guarded, place('wants')];
    const { begun } = await scene([wants(stored('ask')), question('ask')], places);
    expect(begun.execution.trail.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'skipped']);
    expect(begun.execution.step).toMatchObject({ type: 'challenge', stageName: 'ask' });
  });

  it('ask again after a wrong answer, and open nothing', async () => {
    const waiting = await scene([wants(builtIn('ask')), question('ask')]);
    const again = await answered(waiting, {});
    expect(again).toMatchObject({
      fate: 'REFUSED',
      effects: [],
      execution: { session: null, step: { type: 'challenge', stageName: 'ask', errors: [wrong] } },
    });
  });

  it('can be wanted by an answer, which is then asked for again', async () => {
    const login = fakeStage('wants', {
      present: async () => ask({}),
      answer: async ({ proofs }) => (proofs.includes('otp') ? pass() : precede([builtIn('ask')])),
    });
    const waiting = await scene([login, question('ask')]);
    const asked = await answered(waiting, {});
    expect(asked).toMatchObject({ fate: 'STAYED', execution: { step: { stageName: 'ask' } } });
    const { execution } = await answered({ ...waiting, begun: asked }, { ok: true });
    expect(execution.step).toMatchObject({ type: 'challenge', stageName: 'wants' });
  });
});

describe('a session', () => {
  it('is not opened where an inserted stage is planned that nobody has passed', async () => {
    const hasty = fakeStage('wants', {
      opensSession: true,
      present: async () => precede([builtIn('ask')]),
      answer: async (run) => pass({ effects: [sessionFor(run, 'ada')] }),
    });
    const { parts, visit, begun } = await scene([hasty, question('ask')]);
    const [, ...withoutIt] = begun.execution.plan;
    const leftOut = { ...begun.execution, plan: withoutIt };
    await expect(answerChallenge(parts, visit, leftOut, {})).rejects.toThrow('may not open a session here');
    const neverPlanned = begun.execution.planned.filter((id) => id.startsWith('place-'));
    const { execution } = await answerChallenge(parts, visit, { ...leftOut, planned: neverPlanned }, {});
    expect(execution.session).not.toBeNull();
  });
});

describe('an inserted stage that', () => {
  it('denies ends the flow, without a session', async () => {
    const { begun } = await scene([wants(builtIn('refusing')), refusing]);
    expect(begun.execution).toMatchObject({
      ...{ plan: [], session: null },
      step: { type: 'denied', code: 'STAGE_DENIED', message: 'Not you.' },
    });
    expect(begun.effects).toEqual([]);
  });

  it('denies an answer ends the flow, even where its place’s wrong answers would plan anew', async () => {
    const places = [place('identify'), place('prove'), place('wants', { invalidResponseAction: 'RESTART' })];
    const waiting = await scene([wants(builtIn('ask')), question('ask')], places);
    const { execution } = await answered(waiting, { refuse: true });
    expect(execution.step).toMatchObject({ type: 'denied', code: 'STAGE_DENIED', message: 'Enough.' });
  });

  it('is deleted meanwhile is not skipped: the flow is denied', async () => {
    const { begun, ...rest } = await scene([wants(stored('ask')), question('ask')], undefined, [
      stage('ask', 'ask'),
    ]);
    expect(begun.execution.step).toMatchObject({ type: 'challenge', stageName: 'ask' });
    const without = visitOf(known([place('identify'), place('prove'), place('wants')]));
    const after = await answered({ ...rest, begun }, { ok: true }, without);
    expect(after).toMatchObject({
      fate: 'UNUSED',
      execution: { session: null, step: { type: 'denied', code: 'CONFIGURATION_ERROR' } },
    });
    expect(turns).toEqual(['wants', 'ask']);
  });

  it.each([
    ['never was', [wants(stored('nowhere'))]],
    ['is of a kind that is gone', [wants(builtIn('gone'))]],
  ])('%s denies at once', async (_how, kinds) => {
    const { begun } = await scene(kinds);
    expect(begun.execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
    expect(turns).toEqual(['wants']);
  });
});

describe('wanting stages without end', () => {
  it('is denied where each time one is passed that settles nothing', async () => {
    const { begun } = await scene([wants(builtIn('idle')), silent('idle')]);
    expect(begun.execution).toMatchObject({ plan: [], session: null });
    expect(begun.execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
    expect(turns.filter((name) => name === 'idle')).toHaveLength(20);
  });

  it('is denied where what is wanted wants more itself', async () => {
    const nested = fakeStage('nested', { present: async () => precede([builtIn('nested')]) });
    const { begun } = await scene([wants(builtIn('nested')), nested]);
    expect(begun.execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
  });

  it('is denied where many are wanted at once', async () => {
    const more = Array.from({ length: 20 }, () => builtIn('idle'));
    const { begun } = await scene([wants(builtIn('idle'), ...more), silent('idle')]);
    expect(begun.execution.step).toMatchObject({ type: 'denied', code: 'CONFIGURATION_ERROR' });
    expect(turns).toEqual(['wants']);
  });
});

describe('planning anew', () => {
  it('forgets the stages that were put in, and what they proved: they are wanted again', async () => {
    const places = [
      place('identify'),
      place('prove'),
      place('wants'),
      place('last', { invalidResponseAction: 'RESTART' }),
    ];
    const wanting = fakeStage('wants', {
      present: async ({ proofs }) => (proofs.includes('otp') ? pass() : precede([builtIn('ask')])),
    });
    const waiting = await scene([wanting, question('ask'), question('last')], places);
    const last = await answered(waiting, { ok: true });
    expect(last.execution.step).toMatchObject({ type: 'challenge', stageName: 'last' });
    const anew = await answered({ ...waiting, begun: last }, {});
    expect(anew.execution.step).toMatchObject({ type: 'challenge', stageName: 'ask' });
    expect(anew.execution.trail.map(({ proofs }) => proofs)).toEqual([[], ['pwd']]);
    expect(anew.execution.planned).toHaveLength(5);
  });
});

describe('several answers in one request', () => {
  const kinds = [wants(builtIn('ask')), question('ask')];
  const places = [place('identify'), place('prove'), place('wants')];
  const parts = engineOf({ stages: [identify, prove, ...kinds], people: [person('ada')] });
  const visit = visitOf(catalogueOf(flow(places)));
  const given = (...responses: { kind: string; data: { ok: boolean } }[]) =>
    begin(parts, visit, { responses });

  it('reach inserted stages as well', async () => {
    const { execution } = await given({ kind: 'ask', data: { ok: true } });
    expect(execution.step).toMatchObject({ type: 'completed', session: { amr: ['pwd', 'otp'] } });
  });

  it('end at an inserted stage that they do not fit', async () => {
    const { execution } = await given(
      { kind: 'wants', data: { ok: true } },
      { kind: 'ask', data: { ok: true } },
    );
    expect(execution).toMatchObject({
      session: null,
      step: { type: 'challenge', stageName: 'ask', errors: [] },
    });
  });

  it('end at an inserted stage that finds one wrong', async () => {
    const { execution } = await given(
      { kind: 'ask', data: { ok: false } },
      { kind: 'ask', data: { ok: true } },
    );
    expect(execution).toMatchObject({ session: null, step: { stageName: 'ask', errors: [wrong] } });
  });
});
