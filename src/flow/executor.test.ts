import { catalogueOf, flow, person, placed, stage } from '../../test/support/definitions.js';
import { about, begin, engineOf, fakeStage, sessionFor, visitOf } from '../../test/support/engine.js';
import { cancelExecution } from './executor.js';
import { ask, pass } from './outcome.js';

describe('cancelling', () => {
  const under = flow([
    placed(stage('name', 'name')),
    placed(stage('login', 'login')),
    placed(stage('question', 'question')),
  ]);
  const parts = engineOf({
    people: [person('ada')],
    stages: [
      fakeStage('name', { present: async () => ({ ...about('ada'), proofs: ['pwd'] }) }),
      fakeStage('login', {
        opensSession: true,
        present: async (run) => pass({ effects: [sessionFor(run, 'ada')] }),
      }),
      fakeStage('question', { present: async () => ask({}) }),
    ],
  });

  it('ends a session whose secret the client has not been given, and keeps nothing', async () => {
    const { execution, issued } = await begin(parts, visitOf(catalogueOf(under)));
    expect(issued).toBeNull();
    const cancelled = cancelExecution(execution, under);
    expect(cancelled.effects).toEqual([{ type: 'endSession', sessionId: execution.session?.id }]);
    expect(cancelled.execution).toMatchObject({ plan: [], undelivered: null, step: { type: 'cancelled' } });
    expect(cancelled.execution.context.open).toEqual({});
    expect(cancelled.trace.map((entry) => ('event' in entry ? entry.event : entry.type))).toEqual([
      'CANCELLED',
      'effect',
    ]);
  });
});
