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
  fails,
  says,
  sessionFor,
  visitOf,
} from '../../test/support/engine.js';
import { Catalogue } from './catalogue.js';
import { contextKey } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { FlowDefinition } from './definition.js';
import type { EngineParts } from './engine.js';
import { answerChallenge } from './executor.js';
import { ask, deny, pass, responseError, retry } from './outcome.js';
import { verdict } from './policy-kind.js';
import type { PolicyInput } from './policy-kind.js';
import type { StageKind } from './stage-kind.js';
import { z } from 'zod';

const wrong = responseError('text', 'WRONG', 'That was wrong.');
const answers: unknown[] = [];
const note = contextKey('note', z.string());

/** Asks, and takes `{ ok: true }`; says `{ deny: true }` where it should be denied. */
const question: StageKind = fakeStage('question', {
  present: async () => ask({}),
  answer: async (_run, response) => {
    answers.push(response);
    if (response.deny === true) return deny('STAGE_DENIED', 'Enough.');
    return response.ok === true ? pass() : retry([wrong], { changes: [note.to('tried')] });
  },
});
const silent = fakeStage('silent');
const identify = fakeStage('identify', { present: async () => about('ada') });
const prove = fakeStage('prove', { present: async () => pass({ proofs: ['pwd'] }) });
const login = fakeStage('login', {
  opensSession: true,
  present: async (run) => pass({ effects: [sessionFor(run, (await run.user())?.id ?? 'nobody')] }),
});
const refuse = fakeStage('refuse', { present: async () => deny('STAGE_DENIED', 'Not you.') });
const stages = [question, silent, identify, prove, login, refuse];

const placeOf = (name: string, kind: string, also = {}) => placed(stage(name, kind), also);
const guarded = (name: string, kind: string, policyName: string, also = {}) =>
  placeOf(name, kind, { policyBindings: [bound(policy(policyName))], ...also });

const verdicts = { yes: says(true), no: says(false, 'not for you'), broken: fails('broken') };
function engine(more: Partial<Parameters<typeof engineOf>[0]> = {}): EngineParts {
  return engineOf({ stages, policies: fakePolicies(verdicts), people: [person('ada')], ...more });
}
function run(under: FlowDefinition, parts = engine()) {
  return begin(parts, visitOf(catalogueOf(under)));
}

beforeEach(() => answers.splice(0));

describe('walking', () => {
  it('passes all that needs no answer, in order, until a stage asks', async () => {
    const { execution } = await run(
      flow([placeOf('a', 'silent'), placeOf('b', 'question'), placeOf('c', 'silent')]),
    );
    expect(execution.trail.map(({ bindingId, outcome }) => [bindingId, outcome])).toEqual([
      ['place-a', 'passed'],
    ]);
    expect(execution.plan.map(({ bindingId }) => bindingId)).toEqual(['place-b', 'place-c']);
    expect(execution.step).toMatchObject({ type: 'challenge', kind: 'question', stageName: 'b', errors: [] });
  });

  it('completes once the last stage is passed', async () => {
    const under = flow([placeOf('a', 'question'), placeOf('b', 'silent')]);
    const parts = engine();
    const { execution } = await run(under, parts);
    const done = await answerChallenge(parts, visitOf(catalogueOf(under)), execution, { ok: true });
    expect(done).toMatchObject({ fate: 'PASSED', execution: { plan: [], step: { type: 'completed' } } });
  });

  it('puts a new challenge with the errors where an answer was wrong, and keeps what the stage noted', async () => {
    const under = flow([placeOf('a', 'question')]);
    const parts = engine();
    const { execution } = await run(under, parts);
    const again = await answerChallenge(parts, visitOf(catalogueOf(under)), execution, {});
    expect(again.fate).toBe('REFUSED');
    expect(again.execution.step).toMatchObject({ type: 'challenge', stageName: 'a', errors: [wrong] });
    expect(again.execution.step).not.toMatchObject({
      id: execution.step.type === 'challenge' && execution.step.id,
    });
    expect(again.execution.context.get(note)).toBe('tried');
  });

  it('is denied where a stage denies', async () => {
    const { execution } = await run(
      flow([placeOf('a', 'silent'), placeOf('b', 'refuse'), placeOf('c', 'silent')]),
    );
    expect(execution).toMatchObject({
      plan: [],
      step: { type: 'denied', code: 'STAGE_DENIED', message: 'Not you.' },
    });
  });

  it('gathers the effects of all stages on the way, in order', async () => {
    const writer = (name: string) =>
      fakeStage(name, { present: async () => pass({ effects: [{ type: 'endSession', sessionId: name }] }) });
    const under = flow([placeOf('a', 'first'), placeOf('b', 'second'), placeOf('c', 'question')]);
    const { effects } = await run(under, engine({ stages: [...stages, writer('first'), writer('second')] }));
    expect(effects).toEqual([
      { type: 'endSession', sessionId: 'first' },
      { type: 'endSession', sessionId: 'second' },
    ]);
  });

  it('delivers what stages say with the next step, and once', async () => {
    const talker = fakeStage('talker', {
      present: async () => pass({ messages: [{ level: 'INFO', text: 'hello' }] }),
    });
    const under = flow([placeOf('a', 'talker'), placeOf('b', 'question')]);
    const parts = engine({ stages: [...stages, talker] });
    const { execution } = await run(under, parts);
    expect(execution.step).toMatchObject({ messages: [{ level: 'INFO', text: 'hello' }] });
    const { execution: later } = await answerChallenge(parts, visitOf(catalogueOf(under)), execution, {});
    expect(later.step).toMatchObject({ type: 'challenge', messages: [] });
  });

  it('lets a fault of a stage through: nothing was decided', async () => {
    const faulty = fakeStage('faulty', { present: () => Promise.reject(new Error('boom')) });
    await expect(run(flow([placeOf('a', 'faulty')]), engine({ stages: [faulty] }))).rejects.toThrow('boom');
  });
});

describe('a stage whose policies say no when its turn comes', () => {
  it('is skipped, and leaves a trace and a message', async () => {
    const { execution } = await run(flow([guarded('a', 'refuse', 'no'), placeOf('b', 'question')]));
    expect(execution.trail).toEqual([{ bindingId: 'place-a', outcome: 'skipped', userId: null, proofs: [] }]);
    expect(execution.step).toMatchObject({
      stageName: 'b',
      messages: [{ level: 'INFO', text: 'not for you' }],
    });
  });

  it('is skipped only where the binding asks them then', async () => {
    const { execution } = await run(flow([guarded('a', 'question', 'no', { reEvaluatePolicies: false })]));
    expect(execution.step).toMatchObject({ type: 'challenge', stageName: 'a' });
  });

  it('never gets the answer, nor does any other stage', async () => {
    let open = true;
    const parts = engine({ policies: fakePolicies({ door: () => verdict(open) }) });
    const under = flow([guarded('a', 'question', 'door'), placeOf('b', 'question')]);
    const { execution } = await run(under, parts);
    open = false;
    const moved = await answerChallenge(parts, visitOf(catalogueOf(under)), execution, { ok: true });
    expect(moved).toMatchObject({
      fate: 'UNUSED',
      execution: { step: { type: 'challenge', stageName: 'b' } },
    });
    expect(answers).toEqual([]);
  });

  it('denies the flow where it would have signed the person in', async () => {
    const under = flow([placeOf('i', 'identify'), placeOf('p', 'prove'), guarded('l', 'login', 'no')]);
    const { execution, effects } = await run(under);
    expect(execution.step).toMatchObject({ type: 'denied', code: 'LOGIN_BLOCKED', message: 'not for you' });
    expect(effects).toEqual([]);
  });

  it('denies it as well where the policy was asked for the plan', async () => {
    const onPlan = { evaluateOnPlan: true, reEvaluatePolicies: false };
    const { execution } = await run(flow([guarded('l', 'login', 'no', onPlan)]));
    expect(execution.step).toMatchObject({ type: 'denied', code: 'LOGIN_BLOCKED' });
  });
});

describe('a policy that fails', () => {
  it.each([
    ['when the turn comes', {}],
    ['on the plan', { evaluateOnPlan: true }],
  ])('denies the flow %s, and never skips the stage', async (_name, also) => {
    const { execution, effects } = await run(
      flow([guarded('a', 'question', 'broken', also), placeOf('b', 'silent')]),
    );
    expect(execution.step).toMatchObject({ type: 'denied', code: 'POLICY_DENIED' });
    expect(JSON.stringify(execution.step)).not.toContain('broken');
    expect(effects).toMatchObject([
      { type: 'recordEvent', action: 'POLICY_ERROR', details: { reason: 'broken' } },
    ]);
  });

  it('runs the stage where its failure result says so', async () => {
    const policyBindings = [bound(policy('broken'), { failureResult: true })];
    const { execution } = await run(flow([placeOf('a', 'question', { policyBindings })]));
    expect(execution.step).toMatchObject({ type: 'challenge', stageName: 'a' });
  });

  it('on the flow itself denies the entry', async () => {
    const { execution } = await run(
      flow([placeOf('a', 'silent')], { policyBindings: [bound(policy('broken'))] }),
    );
    expect(execution).toMatchObject({ trail: [], step: { type: 'denied', code: 'POLICY_DENIED' } });
  });
});

describe('what policies see', () => {
  it('is the pending user as of now, with what was proved, and no secret', async () => {
    const seen: PolicyInput[] = [];
    const witness = (input: PolicyInput) => {
      seen.push(input);
      return verdict(true);
    };
    const under = flow([
      guarded('i', 'identify', 'witness'),
      guarded('p', 'prove', 'witness'),
      guarded('q', 'question', 'witness'),
    ]);
    await run(under, engine({ policies: fakePolicies({ witness }) }));
    expect(seen.map(({ user, proofs }) => [user?.id ?? null, proofs])).toEqual([
      [null, []],
      ['ada', []],
      ['ada', ['pwd']],
    ]);
  });
});

describe('definitions that change under a running flow', () => {
  const under = flow([placeOf('a', 'question'), placeOf('b', 'question')]);
  const empty = {
    version: 2,
    installation: INSTALLATION,
    policies: [],
    promptFields: [],
    defaultFlows: new Map(),
    referringStages: new Map(),
  };

  it.each([
    ['a deleted stage', new Catalogue({ ...empty, flows: [under], stages: [] })],
    [
      'a deleted flow',
      new Catalogue({ ...empty, flows: [], stages: under.stageBindings.map((place) => place.stage) }),
    ],
    ['a stage of a kind that is gone', catalogueOf(flow([placeOf('a', 'gone')]))],
  ])('deny at %s; nothing is skipped', async (_name, changed) => {
    const parts = engine();
    const { execution } = await run(under, parts);
    const after = await answerChallenge(parts, visitOf(changed), execution, { ok: true });
    expect(after).toMatchObject({
      fate: 'UNUSED',
      execution: { step: { type: 'denied', code: 'CONFIGURATION_ERROR' } },
    });
    expect(answers).toEqual([]);
  });

  it('do not take a stage out by taking its binding out', async () => {
    const parts = engine();
    const { execution } = await run(under, parts);
    const [first] = under.stageBindings;
    const stages = under.stageBindings.map((place) => place.stage);
    const unbound = new Catalogue({ ...empty, flows: [flow(first ? [first] : [])], stages });
    const after = await answerChallenge(parts, visitOf(unbound), execution, { ok: true });
    expect(after.execution.step).toMatchObject({ type: 'challenge', stageName: 'b' });
  });
});

describe('a session', () => {
  it('is opened where everything before was passed and something proves the person', async () => {
    const { execution, effects, issued } = await run(
      flow([placeOf('i', 'identify'), placeOf('p', 'prove'), placeOf('l', 'login')]),
    );
    expect(execution.step).toMatchObject({ type: 'completed', session: { amr: ['pwd'], aal: 1 } });
    expect(effects).toMatchObject([{ type: 'openSession', userId: 'ada' }]);
    expect(issued).not.toBeNull();
  });

  it.each([
    ['without any proof', [placeOf('i', 'identify'), placeOf('l', 'login')]],
    [
      'by a proof about somebody else',
      [placeOf('i', 'identify'), placeOf('p', 'prove'), placeOf('e', 'becomeEve'), placeOf('l', 'login')],
    ],
    [
      'by a proof before it was known whose',
      [placeOf('p', 'prove'), placeOf('i', 'identify'), placeOf('l', 'login')],
    ],
    ['by a kind that may not', [placeOf('i', 'identify'), placeOf('p', 'prove'), placeOf('s', 'sneaky')]],
    [
      'for somebody proven whom the flow is no longer about',
      [placeOf('i', 'identify'), placeOf('p', 'prove'), placeOf('e', 'becomeEve'), placeOf('f', 'forAda')],
    ],
  ])('is a fault %s', async (_name, places) => {
    const becomeEve = fakeStage('becomeEve', { present: async () => about('eve') });
    const sneaky = fakeStage('sneaky', {
      present: async (run) => pass({ effects: [sessionFor(run, 'ada')] }),
    });
    const forAda = fakeStage('forAda', {
      opensSession: true,
      present: async (run) => pass({ effects: [sessionFor(run, 'ada')] }),
    });
    const people = [person('ada'), person('eve')];
    await expect(
      run(flow(places), engine({ stages: [...stages, becomeEve, sneaky, forAda], people })),
    ).rejects.toThrow('may not open a session here');
  });
});

describe('starting over after a wrong answer', () => {
  const remember = fakeStage('remember', { present: async () => about('ada') });

  it.each([
    ['RESTART', undefined],
    ['RESTART_WITH_CONTEXT', 'tried'],
  ] as const)('%s plans anew and says why', async (invalidResponseAction, kept) => {
    const under = flow([placeOf('a', 'question'), placeOf('b', 'question', { invalidResponseAction })]);
    const parts = engine({ stages: [...stages, remember] });
    const visit = visitOf(catalogueOf(under));
    const { execution } = await run(under, parts);
    const second = await answerChallenge(parts, visit, execution, { ok: true });
    const again = await answerChallenge(parts, visit, second.execution, {});
    const messages = [{ level: 'ERROR', text: 'That was wrong.' }];
    expect(again.execution.step).toMatchObject({ type: 'challenge', stageName: 'a', messages });
    expect(again.execution.trail).toEqual([]);
    expect(again.execution.context.get(note)).toBe(kept);
  });

  it('forgets proofs, so that they cannot be carried into a new round', async () => {
    const under = flow([
      placeOf('i', 'identify'),
      guarded('p', 'prove', 'once'),
      placeOf('q', 'question', { invalidResponseAction: 'RESTART_WITH_CONTEXT' }),
      placeOf('l', 'login'),
    ]);
    let asked = 0;
    const once = () => verdict((asked += 1) === 1);
    const parts = engine({ policies: fakePolicies({ once }) });
    const visit = visitOf(catalogueOf(under));
    const { execution } = await run(under, parts);
    const again = await answerChallenge(parts, visit, execution, {});
    expect(again.execution.context.get(pendingUserKey)).toMatchObject({ id: 'ada' });
    await expect(answerChallenge(parts, visit, again.execution, { ok: true })).rejects.toThrow(
      'may not open a session here',
    );
  });

  it('happens once in a request: what refuses again has meant it', async () => {
    const under = flow([placeOf('a', 'refuse', { invalidResponseAction: 'RESTART' })]);
    const { execution } = await run(under);
    expect(execution.step).toMatchObject({ type: 'denied', code: 'STAGE_DENIED', message: 'Not you.' });
  });
});
