import { effectKinds, isEffectKind } from '../flow/effect-kinds.js';
import { flowEvents, policyMoments, stageEvents } from '../flow/trace.js';
import type { PolicyTrace, TraceEntry } from '../flow/trace.js';
import { readEntries, storedEntry } from './trace-codec.js';

const evaluation: PolicyTrace = {
  type: 'policy',
  moment: 'RUN',
  flow: 'login',
  stage: 'their password',
  bindingId: 'b1',
  policy: 'not on Sundays',
  passing: false,
  messages: ['Not on Sundays.'],
  error: null,
  milliseconds: 1.23456,
  read: { 'user.email': null },
  decidedBy: ['actions.0'],
  calls: [{ policy: 'weekdays', passing: true, messages: ['Fine.'], error: null, read: {}, decidedBy: [] }],
  input: { user: null },
};

/** An entry of every type with every word that it can say. */
const entries: TraceEntry[] = [
  ...policyMoments.map((moment): TraceEntry => ({ ...evaluation, moment, stage: null, error: 'It broke.' })),
  ...stageEvents.map(
    (event): TraceEntry => ({
      ...{ type: 'stage', event, flow: 'login', stage: 'who', kind: 'identification', bindingId: 'b2' },
      codes: ['REQUIRED'],
    }),
  ),
  ...flowEvents.map(
    (event): TraceEntry => ({ type: 'flow', event, flow: null, code: 'EMPTY_FLOW', message: null }),
  ),
  ...Object.keys(effectKinds)
    .filter(isEffectKind)
    .map((effect): TraceEntry => ({ type: 'effect', effect, details: { userId: 'u1', amr: ['pwd'] } })),
];

/** As the database hands it back. */
const kept = (written: unknown): unknown => JSON.parse(JSON.stringify(written));

describe('a kept trace', () => {
  it('is read as it was written', () => {
    const stored = entries.map(storedEntry);
    expect(readEntries(kept(stored))).toEqual(stored);
    expect(stored.slice(policyMoments.length)).toEqual(entries.slice(policyMoments.length));
  });

  it('leaves out what policies could read, and what is finer than a microsecond', () => {
    const { input: _input, ...rest } = evaluation;
    expect(storedEntry(evaluation)).toEqual({ ...rest, milliseconds: 1.235 });
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['an entry of an unknown type', [{ ...evaluation, type: 'surprise' }]],
    ['an entry with more than it may have', [evaluation]],
    ['an unknown event', [{ ...storedEntry(evaluation), moment: 'LATER' }]],
    ['an unknown effect', [{ type: 'effect', effect: 'launch', details: {} }]],
  ])('is a fault where it is %s', (_what, stored) => {
    expect(() => readEntries(stored)).toThrow();
  });
});
