import type { Json, JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import type { ContextChange } from './context.js';
import type { FlowInfo, PolicyDefinition } from './definition.js';
import type { AuditLog } from './services/audit-log.js';
import type { Expressions } from './services/expressions.js';
import type { PasswordHistory } from './services/password-history.js';
import type { PasswordStrength } from './services/password-strength.js';
import type { Reputations } from './services/reputations.js';
import type { FlowUser } from './services/users.js';
import type { ClientFacts } from './stage-kind.js';
import type { Proof } from './proof.js';

/** What a policy decides on. */
export interface PolicyInput {
  readonly flow: FlowInfo;
  /** The pending user, else whoever is signed in, else nobody. */
  readonly user: FlowUser | null;
  /** Whoever is signed in. */
  readonly viewer: FlowUser | null;
  /** Whether they have signed in lately enough for what asks for a recent authentication. */
  readonly signedInRecently: boolean;
  readonly client: ClientFacts;
  readonly now: Date;
  /** The open part of the execution's context; secrets are never in it. */
  readonly context: JsonObject;
  /**
   * The passwords that have been typed into a form, by field key, on their way to being written. For kinds that
   * judge passwords; no view for authors, no message, finding or log line may hold one.
   */
  readonly newPasswords: Readonly<Record<string, Secret>>;
  /** What the execution has verified about the pending user. */
  readonly proofs: readonly Proof[];
  /** The slug of the flow that has led to this one. */
  readonly redirectedFrom: string | null;
  /** Whether the execution was opened with a flow token. */
  readonly restored: boolean;
  /** Whether what the policy writes into the context is kept: not where it is asked who may use a flow. */
  readonly mayWrite: boolean;
}

/** Something that a policy wants to have in the event log. Never holds a secret. */
export interface PolicyEvent {
  /** What the administrator calls it. */
  readonly name: string;
  readonly details: JsonObject;
}

/** What a policy has come to. Made by `verdict`. */
export interface PolicyVerdict {
  readonly passing: boolean;
  /** For the person, whether it passes or not. */
  readonly messages: readonly string[];
  /** The prompt field that the messages are about, by its key; null where they are about none. */
  readonly field: string | null;
  /** Whether it has judged whether a new password is good enough, so that the built-in rule need not. */
  readonly judgesPassword: boolean;
  /** What the execution is to remember. */
  readonly changes: readonly ContextChange[];
  readonly events: readonly PolicyEvent[];
  /** What it has looked at to decide, by name: for those who have to explain it. Never holds a secret. */
  readonly read: JsonObject;
  /** Where in its configuration it was decided, as paths; empty where a kind has only one place. */
  readonly decidedBy: readonly string[];
  /** What it came to before that was read as a verdict. */
  readonly rawResult: Json;
  /** What its author had it say to administrators. */
  readonly log: readonly string[];
}

export function verdict(
  passing: boolean,
  messages: readonly string[] = [],
  also: Partial<Omit<PolicyVerdict, 'passing' | 'messages'>> = {},
): PolicyVerdict {
  return {
    passing,
    messages,
    field: null,
    judgesPassword: false,
    changes: [],
    events: [],
    read: {},
    decidedBy: [],
    rawResult: passing,
    log: [],
    ...also,
  };
}

/** Everything that policies can ask for; a kind receives only what it declares. Nothing of it writes. */
export interface PolicyServices {
  readonly expressions: Expressions;
  readonly passwordStrength: PasswordStrength;
  readonly passwordHistory: PasswordHistory;
  readonly reputations: Reputations;
  readonly auditLog: AuditLog;
}

export interface PolicyRun {
  readonly policy: PolicyDefinition;
  readonly input: PolicyInput;
  readonly services: PolicyServices;
  /** How long the evaluation may take; it is abandoned past that in any case. */
  readonly timeoutSeconds: number;
  /**
   * Asks another policy, by its name, about the same. What that wants to be remembered and recorded is so
   * already: the caller need not hand it on, but has to write upon it. So `changes` are also those of the policies
   * that the called one has called. Throws where there is no such policy, where policies call each other
   * without end, and where the called one comes to no verdict.
   */
  call(name: string): Promise<PolicyVerdict>;
}

/** A policy kind as the engine sees it. It throws where it cannot decide; that is never a verdict. */
export interface PolicyKind {
  readonly name: string;
  /** For kinds that compare with earlier passwords: how many of these have to be kept for this configuration. */
  passwordsRemembered(config: JsonObject): number;
  evaluate(run: PolicyRun): Promise<PolicyVerdict>;
}
