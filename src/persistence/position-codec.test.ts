import fc from 'fast-check';

import { invalidResponseActions } from '../flow/definition.js';
import type { FlowPosition } from '../flow/execution.js';
import { decodePosition, encodePosition } from './position-codec.js';
import { proofKinds } from '../flow/proof.js';

const ids = fc.array(fc.string({ maxLength: 3 }), { maxLength: 4 });
const proofs = fc.subarray([...proofKinds]);
const place = fc.record({
  bindingId: fc.string({ maxLength: 3 }),
  stageId: fc.string(),
  reEvaluatePolicies: fc.boolean(),
  invalidResponseAction: fc.constantFrom(...invalidResponseActions),
  builtIn: fc.option(
    fc.record({ id: fc.string(), kind: fc.string(), name: fc.string(), config: fc.constant({ a: [1] }) }),
  ),
});
const entry = fc.record({
  bindingId: fc.string({ maxLength: 3 }),
  outcome: fc.constantFrom('passed' as const, 'skipped' as const),
  userId: fc.option(fc.string()),
  proofs,
});
const position: fc.Arbitrary<FlowPosition> = fc.record({
  flowId: fc.string(),
  flowVersion: fc.option(fc.nat()),
  plan: fc.array(place, { maxLength: 4 }),
  planned: ids,
  trail: fc.array(entry, { maxLength: 4 }),
  loginBlocked: fc.option(ids),
  origin: fc.record({
    redirectedFrom: fc.option(fc.string()),
    proven: fc.array(fc.record({ userId: fc.string(), proofs })),
    loginBlocked: fc.option(ids),
  }),
});

/** A position as walking makes them: what was planned has been passed, or is still to come. */
const walked = position.map((any) => ({
  ...any,
  planned: [...any.trail, ...any.plan].map(({ bindingId }) => bindingId),
}));

describe('a position', () => {
  it('is read as it was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(position, walked), (before) => {
        const stored: ReturnType<typeof encodePosition> = JSON.parse(JSON.stringify(encodePosition(before)));
        expect(decodePosition(stored)).toEqual(before);
      }),
    );
  });

  it('does not say twice what was planned, while that can be told from the rest', () => {
    fc.assert(fc.property(walked, (before) => expect(encodePosition(before).planned).toBeNull()));
  });
});
