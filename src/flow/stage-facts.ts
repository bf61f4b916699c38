import type { JsonObject } from '../kernel/json.js';
import type { FlowInfo, StageDefinition } from './definition.js';

/**
 * What must have come before a stage that works: it is known whom the flow is about; they are signed in, or have proved
 * who they are; they have proved it in this very execution.
 */
export type Standing = 'NAMED' | 'SIGNED_IN' | 'PROVED';

/** What can be told of a stage without running it, by its kind and its configuration. */
export interface StageFacts {
  /** Without that, it gets nobody any further. */
  readonly takes?: Standing;
  /** What comes of it, at its best. */
  readonly gives?: 'NAMED' | 'PROVED';
  /** Whether everybody is asked by it who has set up a second factor, or not where that is remembered. */
  readonly secondFactor?: 'ASKED' | 'REMEMBERED';
  /** It signs people in, and does not ask for the second factor itself. */
  readonly waivesSecondFactor?: boolean;
  /** The stages that it shows within itself, by their ids: what they give, it gives. */
  readonly shows?: readonly string[];
  /** The flow that it leads to. */
  readonly leadsTo?: LeadsTo;
  /** The flow does not go on after it. */
  readonly ends?: boolean;
}

export interface LeadsTo {
  readonly flowId: string;
  readonly keepContext: boolean;
  readonly returns: boolean;
}

/** A kind, as far as it tells something of its stages. */
export interface TellingKind {
  facts(config: JsonObject, flow: FlowInfo): StageFacts;
}

/** Finds out what a kind tells of a stage: nothing where there is no such kind. */
export function factsOf(
  kinds: ReadonlyMap<string, TellingKind>,
  { kind, config }: StageDefinition,
  flow: FlowInfo,
): StageFacts {
  return kinds.get(kind)?.facts(config, flow) ?? {};
}
