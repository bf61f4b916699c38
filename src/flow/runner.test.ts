import { catalogueOf, flow, placed, stage } from '../../test/support/definitions.js';
import { engineOf, fakeStage, visitOf } from '../../test/support/engine.js';
import { MemoryExecutionStore } from '../../test/support/memory-execution-store.js';
import { Secret } from '../kernel/secret.js';
import { ask, pass } from './outcome.js';
import { FlowRunner } from './runner.js';

const question = fakeStage('question', { present: async () => ask({}), answer: async () => pass() });
const under = flow([placed(stage('a', 'question'))]);
const visit = visitOf(catalogueOf(under));
const owner = new Secret('owner');

/** A node with these settings. */
function runnerOn(store: MemoryExecutionStore, allowedOrigins: readonly string[]): FlowRunner {
  return new FlowRunner({
    engine: engineOf({ stages: [question] }),
    store,
    flowTokens: { find: async () => undefined },
    hashOf: (secret) => secret.reveal(),
    macOf: (text) => text,
    patience: async () => false,
    publicUrl: 'https://login.example.com',
    allowedOrigins,
    lifetimeSeconds: 3600,
  });
}

describe('where the person was going', () => {
  const next = 'https://app.example.com/account';
  const input = {
    flow: { slug: under.slug },
    next,
    flowToken: null,
    invitationToken: null,
    loginHint: null,
    responses: [],
  };

  async function begun(store: MemoryExecutionStore): Promise<{ executionId: string; challengeId: string }> {
    const { execution, step } = await runnerOn(store, ['https://app.example.com']).start(visit, input, owner);
    if (step.type !== 'challenge') throw new Error('the stage has not asked');
    return { executionId: execution.id, challengeId: step.id };
  }
  const answer = { response: { kind: 'question', data: {} } };

  it.each([
    [next, ['https://app.example.com']],
    [null, []],
  ])('is told as %s at the end, where %j is allowed by then', async (redirectTo, allowed) => {
    const store = new MemoryExecutionStore();
    const place = await begun(store);
    const runner = runnerOn(store, allowed);
    const done = await runner.submit(visit, { ...place, ...answer }, owner);
    expect(done.step).toMatchObject({ type: 'completed', redirectTo });
    const again = await runner.submit(visit, { ...place, ...answer }, owner);
    expect(again.step).toMatchObject({ type: 'completed', redirectTo });
    expect((await runner.find(visit, place.executionId, owner))?.step).toMatchObject({ redirectTo });
  });

  it('is not told to somebody who cancels, where it is allowed no longer', async () => {
    const store = new MemoryExecutionStore();
    const { executionId } = await begun(store);
    const { step } = await runnerOn(store, []).cancel(visit, executionId, owner);
    expect(step).toEqual({ type: 'cancelled', redirectTo: null });
  });
});
