import type { Execution, FlowPosition, FlowStep } from './execution.js';
import type {
  ExecutionState,
  ExecutionStatus,
  InspectedExecution,
  InspectedStage,
  InspectedStep,
  StageOutcome,
} from './inspection.js';

/** What is kept about an execution besides itself. */
export interface ExecutionRecord {
  readonly userId: string | null;
  readonly createdAt: Date;
  readonly requests: number;
}

/** An execution as it may be shown at this moment. */
export function inspected(execution: Execution, record: ExecutionRecord, now: Date): InspectedExecution {
  const { id, supportId, client, flowId, flowVersion, expiresAt } = execution;
  const { step, context, origin, outer } = execution;
  return {
    ...{ id, supportId, client, flowId, flowVersion, expiresAt },
    ...record,
    state: stateOf(step, expiresAt, now),
    step: inspectedStep(step),
    stages: inspectedStages(execution),
    outerFlows: outer.map(({ flowId: waiting, flowVersion: planned, plan }) => ({
      flowId: waiting,
      flowVersion: planned,
      stageId: plan[0]?.stageId ?? null,
    })),
    redirectedFrom: origin.redirectedFrom,
    context: context.open,
  };
}

/** What a step amounts to, whatever the clock says. */
export function statusOf(step: FlowStep): ExecutionStatus {
  switch (step.type) {
    case 'challenge':
      return 'RUNNING';
    case 'completed':
      return 'COMPLETED';
    case 'denied':
      return 'DENIED';
    case 'cancelled':
      return 'CANCELLED';
  }
}

function stateOf(step: FlowStep, expiresAt: Date, now: Date): ExecutionState {
  const status = statusOf(step);
  return status === 'RUNNING' && expiresAt <= now ? 'EXPIRED' : status;
}

function inspectedStep(step: FlowStep): InspectedStep {
  const nothing = { stageName: null, stageKind: null, codes: [], message: null };
  switch (step.type) {
    case 'challenge': {
      const { stageName, kind: stageKind, errors } = step;
      const message = errors.map((error) => error.message).join('\n') || null;
      return { kind: 'CHALLENGE', stageName, stageKind, codes: errors.map(({ code }) => code), message };
    }
    case 'completed':
      return { ...nothing, kind: 'COMPLETED' };
    case 'denied':
      return { ...nothing, kind: 'DENIED', codes: [step.code], message: step.message };
    case 'cancelled':
      return { ...nothing, kind: 'CANCELLED' };
  }
}

/** The trail says what has become of the first of the planned stages; what is left of the plan are the last. */
function inspectedStages({ planned, trail, plan }: FlowPosition): InspectedStage[] {
  return planned.map((bindingId, index) => {
    const left = plan[index - trail.length];
    const outcome = outcomeOf(trail[index]?.outcome, left !== undefined && index === trail.length);
    return { bindingId, stageId: left?.stageId ?? null, outcome };
  });
}

function outcomeOf(outcome: 'passed' | 'skipped' | undefined, current: boolean): StageOutcome {
  switch (outcome) {
    case 'passed':
      return 'PASSED';
    case 'skipped':
      return 'SKIPPED';
    case undefined:
      return current ? 'CURRENT' : 'AHEAD';
  }
}
