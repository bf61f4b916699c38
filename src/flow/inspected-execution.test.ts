import { NOW } from '../../test/support/engine.js';
import { secondsAfter } from '../kernel/clock.js';
import { Secret } from '../kernel/secret.js';
import { Context } from './context.js';
import { loginHintKey, promptPasswordsKey } from './context-keys.js';
import type { Execution, FlowPosition, FlowStep, PlannedStage, TrailEntry } from './execution.js';
import { inspected } from './inspected-execution.js';

const CANARY = 'canary7Qx8';

const place = (name: string): PlannedStage => ({
  bindingId: `place-${name}`,
  stageId: `stage-${name}`,
  reEvaluatePolicies: true,
  invalidResponseAction: 'RETRY',
  builtIn: null,
});
const left = (name: string, outcome: TrailEntry['outcome']): TrailEntry => ({
  bindingId: `place-${name}`,
  outcome,
  userId: null,
  proofs: [],
});

const challenge: FlowStep = {
  type: 'challenge',
  id: 'c1',
  kind: 'password',
  stageName: 'their password',
  errors: [],
  messages: [],
  user: null,
  data: { shown: CANARY },
};

const position: FlowPosition = {
  flowId: 'f1',
  flowVersion: 3,
  plan: [place('a')],
  planned: ['place-a'],
  trail: [],
  loginBlocked: null,
  origin: { redirectedFrom: null, proven: [], loginBlocked: null },
};

function execution(also: Partial<Execution> = {}): Execution {
  return {
    ...position,
    id: 'e1',
    supportId: 'support-1',
    client: 'NATIVE',
    startedBy: null,
    outer: [],
    context: Context.empty,
    messages: [],
    next: null,
    session: null,
    undelivered: null,
    step: challenge,
    expiresAt: secondsAfter(NOW, 60),
    ...also,
  };
}

const record = { userId: 'u1', createdAt: NOW, requests: 3 };
const view = (also: Partial<Execution> = {}, now = NOW) => inspected(execution(also), record, now);

const denied: FlowStep = {
  type: 'denied',
  code: 'POLICY_DENIED',
  message: 'No.',
  redirectTo: null,
  supportId: 'support-1',
};

describe('an execution as administrators see it', () => {
  it('holds nothing that is secret, and nothing of what a challenge shows', () => {
    const context = Context.empty.with([loginHintKey.to('ada'), promptPasswordsKey.to({ password: CANARY })]);
    const undelivered = { token: new Secret(CANARY), expiresAt: NOW, persistent: false };
    const waiting = { ...position, context };
    const seen = view({ context, undelivered, outer: [waiting] });
    expect(JSON.stringify(seen)).not.toContain(CANARY);
    expect(seen.context).toEqual({ loginHint: 'ada' });
  });

  it.each<[string, FlowStep, string]>([
    ['RUNNING', challenge, 'EXPIRED'],
    ['COMPLETED', { type: 'completed', redirectTo: null, messages: [], session: null }, 'COMPLETED'],
    ['DENIED', denied, 'DENIED'],
    ['CANCELLED', { type: 'cancelled', redirectTo: null }, 'CANCELLED'],
  ])('is %s until it expires, if it can', (state, step, afterwards) => {
    expect(view({ step }).state).toBe(state);
    expect(view({ step }, secondsAfter(NOW, 59)).state).toBe(state);
    expect(view({ step }, secondsAfter(NOW, 60)).state).toBe(afterwards);
  });

  it('tells what is wrong with the last answer', () => {
    const errors = [
      { field: 'a', code: 'REQUIRED', message: 'Missing.', retryAt: null },
      { field: null, code: 'INVALID', message: 'Wrong.', retryAt: null },
    ];
    expect(view({ step: { ...challenge, errors } }).step).toEqual({
      kind: 'CHALLENGE',
      stageName: 'their password',
      stageKind: 'password',
      codes: ['REQUIRED', 'INVALID'],
      message: 'Missing.\nWrong.',
    });
    expect(view().step).toMatchObject({ codes: [], message: null });
  });

  it('tells why it was denied', () => {
    expect(view({ step: denied }).step).toEqual({
      kind: 'DENIED',
      stageName: null,
      stageKind: null,
      codes: ['POLICY_DENIED'],
      message: 'No.',
    });
  });

  it('tells of each planned stage how far it has come', () => {
    const planned = ['place-a', 'place-b', 'place-c', 'place-d'];
    const trail = [left('a', 'passed'), left('b', 'skipped')];
    const { stages } = view({ planned, trail, plan: [place('c'), place('d')] });
    expect(stages).toEqual([
      { bindingId: 'place-a', stageId: null, outcome: 'PASSED' },
      { bindingId: 'place-b', stageId: null, outcome: 'SKIPPED' },
      { bindingId: 'place-c', stageId: 'stage-c', outcome: 'CURRENT' },
      { bindingId: 'place-d', stageId: 'stage-d', outcome: 'AHEAD' },
    ]);
  });

  it('waits at no stage once it has ended, though not all were passed', () => {
    const planned = ['place-a', 'place-b'];
    const { stages } = view({ planned, trail: [left('a', 'passed')], plan: [], step: denied });
    expect(stages.map(({ outcome }) => outcome)).toEqual(['PASSED', 'AHEAD']);
  });

  it('tells which flows wait, and at which stage', () => {
    const outer = [
      { ...position, flowId: 'f2', plan: [place('x'), place('y')], context: null },
      { ...position, flowId: 'f3', flowVersion: null, plan: [place('z')], context: null },
    ];
    expect(view({ outer }).outerFlows).toEqual([
      { flowId: 'f2', flowVersion: 3, stageId: 'stage-x' },
      { flowId: 'f3', flowVersion: null, stageId: 'stage-z' },
    ]);
  });
});
