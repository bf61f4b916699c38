import type { Secret } from '../kernel/secret.js';
import type { FlowInfo as FlowFacts } from '../flow/definition.js';
import type { Visit } from '../flow/engine.js';
import type { FlowRun } from '../flow/runner.js';
import { displayName, titleFor } from '../flow/title.js';
import { stepView } from './step-view.js';
import type { FlowExecutionView } from './types/execution.js';

/** The secrets that a native client is given with an execution, each of them once. */
export interface HandedOut {
  /** What continues the execution. */
  readonly token: Secret | null;
  /** That of the session which the execution has opened. */
  readonly sessionToken: Secret | null;
}

const nothing: HandedOut = { token: null, sessionToken: null };

/** An execution as its client sees it at this visit. */
export function executionView(
  { execution, step, responsesUsed }: FlowRun,
  { catalogue, viewer }: Visit,
  { token, sessionToken }: HandedOut = nothing,
): FlowExecutionView {
  const { id, flowVersion, expiresAt, context } = execution;
  const flow = catalogue.flow(execution.flowId) ?? removedFlow;
  return {
    id,
    token: token?.reveal() ?? null,
    flow: { ...flow, title: titleFor(flow.title, displayName(context, viewer)) },
    flowVersion,
    step: stepView(step, sessionToken?.reveal() ?? null),
    expiresAt,
    responsesUsed,
  };
}

/** What is left to say of a flow that was deleted while somebody was in it. */
const removedFlow: FlowFacts = {
  slug: '',
  title: '',
  designation: 'STAGE_CONFIGURATION',
  layout: 'STACKED',
  backgroundUrl: null,
};
