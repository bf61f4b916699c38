import { z } from 'zod';

import { catalogueOf, flow, placed, stage } from '../../test/support/definitions.js';
import { begin, engineOf, fakeStage, visitOf } from '../../test/support/engine.js';
import { contextKey } from './context.js';
import { answerChallenge } from './executor.js';
import { ask, pass, responseError, retry, stay } from './outcome.js';
import type { RefusalEffect } from './outcome.js';
import type { StageKind } from './stage-kind.js';

const begun = contextKey('begun', z.int());
const effect = (key: string): RefusalEffect => ({ type: 'useOnce', key, expiresAt: new Date(0) });

/** Begins something when it asks, and begins it anew when somebody says `again`. */
const puzzle: StageKind = fakeStage('puzzle', {
  present: async ({ context }) => {
    const number = context.get(begun);
    if (number !== undefined) return ask({ number });
    return ask({ number: 1 }, { changes: [begun.to(1)], effects: [effect('1')] });
  },
  answer: async ({ context }, { again, ok }) => {
    if (ok === true) return pass();
    if (again !== true) return retry([responseError('text', 'WRONG', 'That was wrong.')]);
    const number = (context.get(begun) ?? 0) + 1;
    const messages = [{ level: 'INFO', text: 'Another one.' }] as const;
    return stay({ changes: [begun.to(number)], effects: [effect(String(number))], messages });
  },
});

const placeOf = (name: string, invalidResponseAction: 'RETRY' | 'RESTART') =>
  placed(stage(name, 'puzzle'), { invalidResponseAction });

async function started(invalidResponseAction: 'RETRY' | 'RESTART' = 'RETRY') {
  const under = flow([placeOf('a', invalidResponseAction)]);
  const parts = engineOf({ stages: [puzzle] });
  const visit = visitOf(catalogueOf(under));
  const first = await begin(parts, visit);
  return { first, answered: answerChallenge.bind(undefined, parts, visit) };
}

const used = (effects: readonly { readonly type: string }[]) =>
  effects.flatMap((each) => ('key' in each ? [each.key] : []));

describe('a stage that begins something when it asks', () => {
  it('has it done with the first challenge, and not again after a wrong answer', async () => {
    const { first, answered } = await started();
    expect(used(first.effects)).toEqual(['1']);
    const wrong = await answered(first.execution, {});
    expect(wrong.execution.step).toMatchObject({ type: 'challenge', data: { number: 1 } });
    expect(used(wrong.effects)).toEqual([]);
  });

  it.each(['RETRY', 'RESTART'] as const)(
    'may be asked for something else than to pass: that is no mistake, and %s is not what follows',
    async (invalidResponseAction) => {
      const { first, answered } = await started(invalidResponseAction);
      const again = await answered(first.execution, { again: true });
      expect(again).toMatchObject({
        fate: 'STAYED',
        execution: {
          plan: [{ bindingId: 'place-a' }],
          step: { type: 'challenge', errors: [], data: { number: 2 }, messages: [{ text: 'Another one.' }] },
        },
      });
      expect(used(again.effects)).toEqual(['2']);
      expect(again.trace).toContainEqual(expect.objectContaining({ type: 'stage', event: 'STAYED' }));
      expect((await answered(again.execution, { ok: true })).fate).toBe('PASSED');
    },
  );

  it('is given no more of the answers that came with the start once it stays', async () => {
    const under = flow([placeOf('a', 'RETRY'), placeOf('b', 'RETRY')]);
    const parts = engineOf({ stages: [puzzle] });
    const responses = [{ again: true }, { ok: true }].map((data) => ({ kind: 'puzzle', data }));
    const { execution } = await begin(parts, visitOf(catalogueOf(under)), { responses });
    expect(execution.plan.map(({ bindingId }) => bindingId)).toEqual(['place-a', 'place-b']);
  });
});
