import type { JsonObject } from '../kernel/json.js';
import type { FlowInfo, PolicyDefinition } from './definition.js';
import type { Proof } from './outcome.js';
import type { Expressions } from './services/expressions.js';
import type { FlowUser } from './services/users.js';
import type { ClientFacts } from './stage-kind.js';

/** What a policy decides on. */
export interface PolicyInput {
  readonly flow: FlowInfo;
  /** The pending user, else whoever is signed in, else nobody. */
  readonly user: FlowUser | null;
  readonly client: ClientFacts;
  /** The open part of the execution's context; secrets are never in it. */
  readonly context: JsonObject;
  /** What the execution has verified about the pending user. */
  readonly proofs: readonly Proof[];
  readonly signedIn: boolean;
  /** The slug of the flow that has led to this one. */
  readonly redirectedFrom: string | null;
}

export interface PolicyVerdict {
  readonly passing: boolean;
  /** For the person, whether it passes or not. */
  readonly messages: readonly string[];
}

/** Everything that policies can ask for; a kind receives only what it declares. */
export interface PolicyServices {
  readonly expressions: Expressions;
}

export interface PolicyRun {
  readonly policy: PolicyDefinition;
  readonly input: PolicyInput;
  readonly services: PolicyServices;
  /** How long the evaluation may take; it is abandoned past that in any case. */
  readonly timeoutSeconds: number;
}

/** A policy kind as the engine sees it. It throws where it cannot decide; that is never a verdict. */
export interface PolicyKind {
  readonly name: string;
  evaluate(run: PolicyRun): Promise<PolicyVerdict>;
}
