import { z } from 'zod';

import { invalidResponseActions } from '../flow/definition.js';
import type { FlowPosition, PlannedStage } from '../flow/execution.js';
import { proofKinds } from '../flow/outcome.js';

const proofs = z.array(z.enum(proofKinds));

const plannedStage = z.tuple([z.string(), z.string(), z.boolean(), z.enum(invalidResponseActions)]);

/**
 * How far a flow has been walked, as it is kept. A long plan is most of an execution and is written with each request:
 * so its stages are kept without the names of their fields, and what was planned only where it cannot be told from
 * what has been passed and what is still to come.
 */
export const storedPosition = {
  flowId: z.string(),
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
  const { flowId, plan, planned, trail, loginBlocked, origin } = position;
  const evident = planned.length === trail.length + plan.length && isSettled(planned, position);
  return {
    ...{ flowId, trail, loginBlocked, origin },
    plan: plan.map((place) => [
      place.bindingId,
      place.stageId,
      place.reEvaluatePolicies,
      place.invalidResponseAction,
    ]),
    planned: evident ? null : planned,
  };
}

export function decodePosition({ plan: stages, planned, ...rest }: StoredPosition): FlowPosition {
  const plan = stages.map(
    ([bindingId, stageId, reEvaluatePolicies, invalidResponseAction]): PlannedStage => ({
      bindingId,
      stageId,
      reEvaluatePolicies,
      invalidResponseAction,
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
