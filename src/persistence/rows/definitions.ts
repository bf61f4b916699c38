import { defineEntity, p } from '@mikro-orm/core';

import type { JsonObject } from '../../kernel/json.js';
import { languages } from '../../kernel/language.js';
import {
  authenticationRequirements,
  deniedActions,
  designations,
  invalidResponseActions,
  layouts,
  policyEngineModes,
} from '../../flow/definition.js';
import { flowVersionReasons } from '../../flow/flow-versions.js';
import { promptFieldTypes } from '../../flow/prompt-field.js';
import type { PromptChoice } from '../../flow/prompt-field.js';
import { GroupRow, UserRow } from './identity.js';

export const FlowRow = defineEntity({
  name: 'FlowRow',
  tableName: 'flow',
  properties: {
    id: p.uuid().primary(),
    slug: p.text().unique(),
    name: p.text(),
    title: p.text(),
    designation: p.enum(designations),
    authentication: p.enum(authenticationRequirements),
    deniedAction: p.enum(deniedActions),
    policyEngineMode: p.enum(policyEngineModes),
    layout: p.enum(layouts),
    backgroundUrl: p.text().nullable(),
    version: p.integer().default(1),
    /** The number of its newest version; 0 where there is none yet. */
    currentVersion: p.integer().default(0),
    /** From what the newest version was made: as long as that is the same, so is its document. */
    describedState: p.text().nullable(),
  },
});

/** What a flow was like once, with everything that it consists of. */
export const FlowVersionRow = defineEntity({
  name: 'FlowVersionRow',
  tableName: 'flow_version',
  properties: {
    flow: () => p.manyToOne(FlowRow).mapToPk().primary().deleteRule('cascade'),
    number: p.integer().primary(),
    reason: p.enum(flowVersionReasons),
    /**
     * JSON, in the order in which it is read. Groups and people stand in it by their ids, so that it stays the same
     * when they are called otherwise: what is shown has their names.
     */
    document: p.text(),
    /** By which two documents are the same. */
    fingerprint: p.text(),
    /** The ids of what it names, by `type:name`: what is called otherwise by now is the same all the same. */
    objects: p.json<Readonly<Record<string, string>>>(),
    /** No foreign key: the record outlives the account and the token. Null where the service itself did it. */
    author: p.uuid().nullable(),
    apiTokenId: p.uuid().nullable(),
    createdAt: p.datetime(),
  },
});

export const StageRow = defineEntity({
  name: 'StageRow',
  tableName: 'stage',
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique(),
    kind: p.text(),
    config: p.json<JsonObject>(),
    version: p.integer().default(1),
  },
});

export const PromptFieldRow = defineEntity({
  name: 'PromptFieldRow',
  tableName: 'prompt_field',
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique(),
    key: p.text(),
    label: p.text(),
    type: p.enum(promptFieldTypes),
    required: p.boolean(),
    placeholder: p.text(),
    initialValue: p.text(),
    order: p.integer(),
    helpText: p.text(),
    /** What can be chosen, each with its label; for types that have choices. */
    choices: p.json<readonly PromptChoice[]>().default('[]'),
    /** What computes the label, the placeholder, the initial value and the choices; null where they are literal. */
    labelExpression: p.text().nullable(),
    placeholderExpression: p.text().nullable(),
    initialValueExpression: p.text().nullable(),
    choicesExpression: p.text().nullable(),
    version: p.integer().default(1),
  },
});

/**
 * What a stage's configuration refers to. The configuration itself names these by id; the rows are here so that
 * the database refuses to let them vanish.
 */
export const StageReferenceRow = defineEntity({
  name: 'StageReferenceRow',
  tableName: 'stage_reference',
  properties: {
    id: p.bigint().primary(),
    stage: () => p.manyToOne(StageRow).mapToPk().deleteRule('cascade').index(),
    toStage: () => p.manyToOne(StageRow).mapToPk().nullable().deleteRule('no action').index(),
    toFlow: () => p.manyToOne(FlowRow).mapToPk().nullable().deleteRule('no action').index(),
    toGroup: () => p.manyToOne(GroupRow).mapToPk().nullable().deleteRule('no action').index(),
    toPromptField: () => p.manyToOne(PromptFieldRow).mapToPk().nullable().deleteRule('no action').index(),
    toPolicy: () => p.manyToOne(PolicyRow).mapToPk().nullable().deleteRule('no action').index(),
  },
});

export const StageBindingRow = defineEntity({
  name: 'StageBindingRow',
  tableName: 'flow_stage_binding',
  uniques: [{ properties: ['flow', 'stage', 'order'] }],
  properties: {
    id: p.uuid().primary(),
    flow: () => p.manyToOne(FlowRow).mapToPk().deleteRule('cascade').index(),
    stage: () => p.manyToOne(StageRow).mapToPk().deleteRule('no action').index(),
    order: p.integer(),
    evaluateOnPlan: p.boolean(),
    reEvaluatePolicies: p.boolean(),
    invalidResponseAction: p.enum(invalidResponseActions),
    policyEngineMode: p.enum(policyEngineModes),
    version: p.integer().default(1),
  },
});

export const PolicyRow = defineEntity({
  name: 'PolicyRow',
  tableName: 'policy',
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique(),
    kind: p.text(),
    config: p.json<JsonObject>(),
    executionLogging: p.boolean(),
    version: p.integer().default(1),
  },
});

/** Which policies a policy's configuration names, so that the database refuses to let them vanish. */
export const PolicyCallRow = defineEntity({
  name: 'PolicyCallRow',
  tableName: 'policy_call',
  properties: {
    policy: () => p.manyToOne(PolicyRow).mapToPk().primary().deleteRule('cascade'),
    called: () => p.manyToOne(PolicyRow).mapToPk().primary().deleteRule('no action').index(),
  },
});

export const PolicyBindingRow = defineEntity({
  name: 'PolicyBindingRow',
  tableName: 'policy_binding',
  checks: [
    { name: 'policy_binding_one_target', expression: 'num_nonnulls(flow_id, stage_binding_id) = 1' },
    { name: 'policy_binding_one_subject', expression: 'num_nonnulls(policy_id, group_id, user_id) = 1' },
  ],
  properties: {
    id: p.uuid().primary(),
    flow: () => p.manyToOne(FlowRow).mapToPk().nullable().deleteRule('cascade').index(),
    stageBinding: () => p.manyToOne(StageBindingRow).mapToPk().nullable().deleteRule('cascade').index(),
    policy: () => p.manyToOne(PolicyRow).mapToPk().nullable().deleteRule('no action').index(),
    group: () => p.manyToOne(GroupRow).mapToPk().nullable().deleteRule('no action').index(),
    user: () => p.manyToOne(UserRow).mapToPk().nullable().deleteRule('no action').index(),
    order: p.integer(),
    enabled: p.boolean(),
    negate: p.boolean(),
    timeoutSeconds: p.integer(),
    failureResult: p.boolean(),
    expiresAt: p.datetime().nullable(),
    version: p.integer().default(1),
  },
});

/** Which flow a designation means, where administrators have said so. */
export const DefaultFlowRow = defineEntity({
  name: 'DefaultFlowRow',
  tableName: 'default_flow',
  properties: {
    designation: p.enum(designations).primary(),
    flow: () => p.manyToOne(FlowRow).mapToPk().deleteRule('cascade').index(),
  },
});

/** One row: how often the definitions have changed. Whoever holds an older number reads them again. */
export const CatalogueVersionRow = defineEntity({
  name: 'CatalogueVersionRow',
  tableName: 'catalogue_version',
  properties: {
    id: p.integer().primary().autoincrement(false),
    version: p.integer(),
  },
});

/** One row: what holds for the whole installation. */
export const InstallationRow = defineEntity({
  name: 'InstallationRow',
  tableName: 'installation',
  properties: {
    id: p.integer().primary().autoincrement(false),
    /** How long events are kept. */
    eventRetentionDays: p.integer(),
    /** How long ago somebody may have signed in to do what asks for a recent authentication. */
    recentAuthenticationSeconds: p.integer(),
    brandName: p.text().default('Stagedoor'),
    language: p.enum(languages).default('EN'),
    version: p.integer().default(1),
  },
});

/** Lets somebody into a flow that asks for an invitation, and says things about them beforehand. */
export const InvitationRow = defineEntity({
  name: 'InvitationRow',
  tableName: 'invitation',
  properties: {
    id: p.uuid().primary(),
    name: p.text().collation('C').unique(),
    tokenHash: p.text().unique(),
    /** The only flow that it is good for; null for any. */
    flow: () => p.manyToOne(FlowRow).mapToPk().nullable().deleteRule('cascade').index(),
    singleUse: p.boolean(),
    /** What prompts would ask for, decided beforehand. */
    fixedData: p.json<JsonObject>(),
    /** How many accounts have been made with it. */
    uses: p.integer(),
    /** No foreign key: the record outlives the account. */
    createdBy: p.uuid().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().nullable().index(),
    version: p.integer().default(1),
  },
});
