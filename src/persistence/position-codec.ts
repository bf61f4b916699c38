import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { invalidResponseActions } from '../flow/definition.js';
import type { FlowPosition, PlannedStage } from '../flow/execution.js';
import { proofKinds } from '../flow/proof.js';

const proofs = z.array(z.enum(proofKinds));

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const builtIn = z.strictObject({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  config: jsonObject,
});
const plannedStage = z.tuple([
  z.string(),
  z.string(),
  z.boolean(),
  z.enum(invalidResponseActions),
  builtIn.optional(),
]);

/**
 * How far a flow has been walked, as it is kept. A long plan is most of an execution and is written with each request:
 * so its stages are kept without the names of their fields, and what was planned only where it cannot be told from
 * what has been passed and what is still to come.
 */
export const storedPosition = {
  flowId: z.string(),
  // What was planned before flows had versions has none.
  flowVersion: z.int().nullable().default(null),
  plan: z.array(plannedStage),
  planned: z.array(z.string()).nullable(),
  trail: z.array(
    z.strictObject({
      bindingId: z.string(),
      outcome: z.enum(['passed', 'skipped']),
      userId: z.string().nullable(),
      proofs,
    }),
  ),
  loginBlocked: z.array(z.string()).nullable(),
  origin: z.strictObject({
    redirectedFrom: z.string().nullable(),
    proven: z.array(z.strictObject({ userId: z.string(), proofs })),
    loginBlocked: z.array(z.string()).nullable(),
  }),
};

export type StoredPosition = Omit<FlowPosition, 'plan' | 'planned'> & {
  readonly plan: readonly Readonly<z.infer<typeof plannedStage>>[];
  readonly planned: readonly string[] | null;
};

export function encodePosition(position: FlowPosition): StoredPosition {
  const { flowId, flowVersion, plan, planned, trail, loginBlocked, origin } = position;
  const evident = planned.length === trail.length + plan.length && isSettled(planned, position);
  return {
    ...{ flowId, flowVersion, trail, loginBlocked, origin },
    plan: plan.map(encodePlace),
    planned: evident ? null : planned,
  };
}

/** What hardly any stage has is left out of the others: nothing in a list would be kept as null. */
function encodePlace(place: PlannedStage): z.infer<typeof plannedStage> {
  const { bindingId, stageId, reEvaluatePolicies, invalidResponseAction } = place;
  const kept = [bindingId, stageId, reEvaluatePolicies, invalidResponseAction] as const;
  return place.builtIn ? [...kept, place.builtIn] : [...kept];
}

export function decodePosition({ plan: stages, planned, ...rest }: StoredPosition): FlowPosition {
  const plan = stages.map(
    ([bindingId, stageId, reEvaluatePolicies, invalidResponseAction, own]): PlannedStage => ({
      bindingId,
      stageId,
      reEvaluatePolicies,
      invalidResponseAction,
      builtIn: own ?? null,
    }),
  );
  return { ...rest, plan, planned: planned ?? settled({ ...rest, plan }) };
}

function isSettled(planned: readonly string[], position: FlowPosition): boolean {
  return settled(position).every((bindingId, index) => bindingId === planned[index]);
}

/** What has been passed or skipped, and what is still to come. */
function settled({ trail, plan }: Pick<FlowPosition, 'trail' | 'plan'>): string[] {
  return [...trail, ...plan].map(({ bindingId }) => bindingId);
}
