import type { Secret } from '../../kernel/secret.js';
import type { Catalogue } from '../../flow/catalogue.js';
import type { Invitation } from '../../flow/invitation.js';
import type { NamedGroup } from '../../flow/named-objects.js';
import type { PolicyServices } from '../../flow/policy-kind.js';
import type { StageSecrets } from '../../flow/sealed-secret.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import type { StageKindDefinition } from '../../stages/define.js';

/** What documents are understood with, whatever they say. */
export interface BlueprintParts {
  readonly stageKinds: readonly StageKindDefinition[];
  readonly policyKinds: readonly PolicyKindDefinition[];
  readonly policyServices: PolicyServices;
  readonly stageSecrets: StageSecrets;
  newId(): string;
}

/** What a named secret is: there is none, or the importer may not use it. */
export type FoundSecret = Secret | 'MISSING' | 'FORBIDDEN';

/** What a plan is made from: everything as it is at one moment. */
export interface Scene {
  readonly parts: BlueprintParts;
  readonly catalogue: Catalogue;
  /** Those that the document names, by name. */
  readonly groups: ReadonlyMap<string, NamedGroup>;
  /** Ids of those that the document names, by username. */
  readonly users: ReadonlyMap<string, string>;
  /** Those that the document names, by name. */
  readonly invitations: ReadonlyMap<string, Invitation>;
  /** Names of the groups and people, by id, that guard the flows that the document names. */
  readonly subjectNames: ReadonlyMap<string, string>;
  readonly rights: { readonly superuser: boolean; readonly permissions: ReadonlySet<string> };
  readonly now: Date;
  /** Whether to warn of stages that stay in a flow beside those that the document puts there. */
  readonly tellsWhatStays: boolean;
  secret(name: string): FoundSecret;
  /** Whether secrets that stages have are left alone, also where others are configured. */
  readonly keepsSecrets: boolean;
}
