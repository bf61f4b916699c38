import type { Chance } from '../kernel/chance.js';
import type { JsonObject } from '../kernel/json.js';
import type { Catalogue } from './catalogue.js';
import type { Effect } from './effect.js';
import type { Execution, IssuedToken } from './execution.js';
import type { PolicyEngineParts } from './policy-engine.js';
import type { ClientFacts, StageKind, StageServices, Viewer } from './stage-kind.js';
import type { TraceEntry } from './trace.js';

/** What the engine is made of. None of it changes from one request to the next. */
export interface EngineParts {
  readonly stageKinds: ReadonlyMap<string, StageKind>;
  readonly policies: PolicyEngineParts;
  readonly services: Omit<StageServices, 'definitions'>;
  readonly chance: Chance;
}

/** The circumstances of one request. */
export interface Visit {
  readonly catalogue: Catalogue;
  readonly now: Date;
  readonly client: ClientFacts;
  readonly viewer: Viewer | null;
}

/** An answer, and the stage kind that it is meant for. */
export interface FlowResponse {
  readonly kind: string;
  readonly data: JsonObject;
}

/** What one request has made of an execution: the new state, and what is to happen with it in one transaction. */
export interface Stepped {
  readonly execution: Execution;
  readonly effects: readonly Effect[];
  readonly issued: IssuedToken | null;
  /** What happened, in order, for those who have to explain it. */
  readonly trace: readonly TraceEntry[];
}

export const answerFates = ['UNUSED', 'PASSED', 'STAYED', 'REFUSED'] as const;
/** How an answer fared. Stayed: it was no attempt, but asked the stage for something else. Unused: a policy had taken the stage out, and nobody looked at it. */
export type AnswerFate = (typeof answerFates)[number];

export interface Answered extends Stepped {
  readonly fate: AnswerFate;
}
