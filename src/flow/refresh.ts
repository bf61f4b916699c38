import { isDeepStrictEqual } from 'node:util';

import type { EngineParts, Visit } from './engine.js';
import type { Execution, FlowStep } from './execution.js';

/** The current step as it looks now, and whether it shows something else than when it was put before the person. */
export async function refreshedStep(
  { stageKinds, services }: EngineParts,
  { catalogue }: Visit,
  { step, context }: Execution,
): Promise<{ readonly step: FlowStep; readonly refreshed: boolean }> {
  const refresh = step.type === 'challenge' ? stageKinds.get(step.kind)?.refresh : null;
  if (step.type !== 'challenge' || !refresh) return { step, refreshed: false };
  const data = await refresh(step.data, { context, services: { ...services, definitions: catalogue } });
  return { step: { ...step, data }, refreshed: !isDeepStrictEqual(data, step.data) };
}
