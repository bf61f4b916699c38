import type { JsonObject } from '../kernel/json.js';
import type { Catalogue } from './catalogue.js';
import type { Actor } from './change.js';
import type {
  FlowDefinition,
  FlowDesignation,
  PolicyBindingDefinition,
  PolicyTarget,
  StageBindingDefinition,
} from './definition.js';
import type { FlowVersionReason } from './flow-versions.js';
import type { GroupFields } from './group-store.js';
import type { ImportRecorder } from './imports.js';
import type { InvitationSettings } from './invitation.js';
import type { NamedObjects } from './named-objects.js';
import type { PromptFieldDefinition } from './prompt-field.js';

export type FlowFields = Omit<
  FlowDefinition,
  'id' | 'version' | 'currentVersion' | 'policyBindings' | 'stageBindings'
>;
export type PromptFieldFields = Omit<PromptFieldDefinition, 'id' | 'version'>;

/** Something that a stage's configuration names by id. */
export interface Reference {
  readonly to: 'stage' | 'flow' | 'group' | 'promptField' | 'policy';
  readonly id: string;
}

export interface StageFields {
  readonly name: string;
  readonly kind: string;
  readonly config: JsonObject;
  /** Everything that the configuration refers to: none of it can be deleted as long as the stage is there. */
  readonly references: readonly Reference[];
  /** The fields of the configuration that hold secrets: they are kept encrypted. */
  readonly secrets: readonly string[];
}

export type StageBindingFields = Omit<
  StageBindingDefinition,
  'id' | 'version' | 'flowId' | 'stage' | 'policyBindings'
>;

/** A policy that another one's configuration names. */
export interface PolicyReference {
  readonly id: string;
  readonly name: string;
}

export interface PolicyFields {
  readonly name: string;
  readonly kind: string;
  readonly config: JsonObject;
  readonly executionLogging: boolean;
  /** The policies that the configuration names: none can be deleted, or called otherwise, as long as this one is there. */
  readonly calls: readonly PolicyReference[];
}

export type PolicyBindingFields = Pick<
  PolicyBindingDefinition,
  'order' | 'enabled' | 'negate' | 'timeoutSeconds' | 'failureResult' | 'expiresAt'
>;

export type SubjectReference =
  | { readonly type: 'policy'; readonly policyId: string }
  | { readonly type: 'group'; readonly groupId: string }
  | { readonly type: 'user'; readonly userId: string };

/** The version of an object that its change is meant for: another one is refused. Without it, any will do. */
export type ExpectedVersion = number | null | undefined;

/** Edits flows, what stands in them, and which of them are the defaults. */
export interface FlowEditor {
  createFlow(fields: FlowFields, id?: string): Promise<string>;
  updateFlow(id: string, changes: Partial<FlowFields>, expected?: ExpectedVersion): Promise<void>;
  deleteFlow(id: string): Promise<void>;
  /** Records that the flow was made what it had been in a version, where this edit has changed anything. */
  noteRollBack(id: string, number: number): Promise<void>;

  /** Makes a flow the default of a designation; with null, there is none any more. */
  setDefaultFlow(designation: FlowDesignation, flowId: string | null): Promise<void>;

  bindStage(flowId: string, stageId: string, fields: StageBindingFields): Promise<string>;
  updateStageBinding(
    id: string,
    changes: Partial<StageBindingFields>,
    expected?: ExpectedVersion,
  ): Promise<void>;
  unbindStage(id: string): Promise<void>;
  /**
   * Puts the places of a flow into this order. Refused as BAD_USER_INPUT, at `bindingIds`, where they are not exactly
   * those that the flow has. The expected version is the flow's.
   */
  reorderStageBindings(
    flowId: string,
    bindingIds: readonly string[],
    expected?: ExpectedVersion,
  ): Promise<void>;
}

/** Edits stages, and the fields of forms. */
export interface StageEditor {
  /**
   * Where it is made after another stage, that one's id goes along as `originalId`: its secrets are sealed for it, and
   * sealed anew.
   */
  createStage(
    fields: StageFields,
    ids?: { readonly id?: string; readonly originalId?: string },
  ): Promise<string>;
  updateStage(id: string, changes: Partial<StageFields>, expected?: ExpectedVersion): Promise<void>;
  deleteStage(id: string): Promise<void>;

  createPromptField(fields: PromptFieldFields, id?: string): Promise<string>;
  updatePromptField(
    id: string,
    changes: Partial<PromptFieldFields>,
    expected?: ExpectedVersion,
  ): Promise<void>;
  deletePromptField(id: string): Promise<void>;
}

/** Edits policies, and where they are asked. */
export interface PolicyEditor {
  createPolicy(fields: PolicyFields, id?: string): Promise<string>;
  updatePolicy(id: string, changes: Partial<PolicyFields>, expected?: ExpectedVersion): Promise<void>;
  deletePolicy(id: string): Promise<void>;

  bindPolicy(target: PolicyTarget, subject: SubjectReference, fields: PolicyBindingFields): Promise<string>;
  updatePolicyBinding(
    id: string,
    changes: Partial<PolicyBindingFields>,
    expected?: ExpectedVersion,
  ): Promise<void>;
  unbindPolicy(id: string): Promise<void>;
}

/** Edits groups and invitations along with what names them. */
export interface CompanionEditor {
  createGroup(fields: GroupFields, id: string): Promise<void>;
  updateGroup(id: string, changes: Partial<GroupFields>): Promise<void>;
  deleteGroup(id: string): Promise<void>;

  /** Nobody knows its secret: whoever wants to send it gives it a new one. */
  createInvitation(settings: InvitationSettings): Promise<void>;
  updateInvitation(id: string, changes: Partial<InvitationSettings>): Promise<void>;
  deleteInvitation(id: string): Promise<void>;
}

/**
 * Changes definitions, within one transaction, and records each change in the event log; what changes nothing is not
 * recorded. A change to what is not there is refused as NOT_FOUND; a name that is taken, an object that is still needed
 * and another version than the expected one as CONFLICT; and as FORBIDDEN what would put people into groups that can do
 * more than whoever makes the change.
 */
export type DefinitionEditor = FlowEditor & StageEditor & PolicyEditor & CompanionEditor & ImportRecorder;

/** What an edit finds. Definitions stay so until it ends, but for what it changes itself. */
export interface EditScene {
  /** The definitions as they are at this moment. */
  catalogue(): Promise<Catalogue>;
  readonly named: NamedObjects;
  /** What whoever makes the edit may do at this moment, by the names of permissions. */
  rights(): Promise<{ readonly superuser: boolean; readonly permissions: ReadonlySet<string> }>;
}

export interface DefinitionStore {
  /**
   * All changes or none; edits wait for one another. Every node sees them with its next request. Of each flow that is
   * another one afterwards there is a new version, for this reason: by default because it was changed.
   */
  edit<T>(
    work: (editor: DefinitionEditor, scene: EditScene) => Promise<T>,
    by: Actor,
    reason?: FlowVersionReason,
  ): Promise<T>;
  /** The same, but nothing of it is kept: for knowing what would come of an edit. */
  rehearse<T extends object>(
    work: (editor: DefinitionEditor, scene: EditScene) => Promise<T>,
    by: Actor,
  ): Promise<T>;
}
