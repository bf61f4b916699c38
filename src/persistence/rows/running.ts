import { defineEntity, p } from '@mikro-orm/core';

import type { Json, JsonObject } from '../../kernel/json.js';
import { languages } from '../../kernel/language.js';
import { clientKinds } from '../../flow/stage-kind.js';
import { executionStatuses } from '../../flow/inspection.js';
import { mailStatuses, messageChannels } from '../../flow/mail.js';
import { FlowRow, StageRow } from './definitions.js';
import { UserRow } from './identity.js';

export const ExecutionRow = defineEntity({
  name: 'ExecutionRow',
  tableName: 'execution',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    supportId: p.uuid().unique(),
    /** No foreign key: a flow may be deleted while it runs, and the run then ends with a denial. */
    flowId: p.uuid(),
    /** Of which version of the flow the plan is; null where it is older than versions. */
    flowVersion: p.integer().nullable(),
    client: p.enum(clientKinds),
    ownerHash: p.text(),
    /** The current challenge; null once the execution has ended. */
    challengeId: p.uuid().nullable(),
    /** Plan, trail, open context and messages. */
    state: p.json<JsonObject>(),
    /** The secret part of the context and the current step, encrypted. */
    sealed: p.text(),
    claim: p.uuid().nullable(),
    claimedUntil: p.datetime().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    /** Where it stands and whom it is about, for administrators to find it by. */
    status: p.enum(executionStatuses),
    /** No foreign key: the record outlives the account. */
    userId: p.uuid().nullable().index(),
  },
  indexes: [{ properties: ['createdAt', 'id'] }],
});

/** What happened in one request; its number is the version that the request made of the execution. */
export const ExecutionTraceRow = defineEntity({
  name: 'ExecutionTraceRow',
  tableName: 'execution_trace',
  properties: {
    execution: () => p.manyToOne(ExecutionRow).mapToPk().primary().deleteRule('cascade'),
    version: p.integer().primary(),
    entries: p.json<readonly Json[]>(),
    address: p.text(),
    createdAt: p.datetime(),
  },
});

/** What was answered to a challenge, as a keyed hash, and what the client was given for it, encrypted. */
export const ExecutionAnswerRow = defineEntity({
  name: 'ExecutionAnswerRow',
  tableName: 'execution_answer',
  properties: {
    execution: () => p.manyToOne(ExecutionRow).mapToPk().primary().deleteRule('cascade'),
    challengeId: p.uuid().primary(),
    mac: p.text(),
    given: p.text(),
    createdAt: p.datetime(),
  },
});

/** How many guesses in a row were wrong for one account or address, as a keyed hash. */
export const GuessRow = defineEntity({
  name: 'GuessRow',
  tableName: 'guess',
  properties: {
    key: p.text().primary(),
    failures: p.integer(),
    /** No further guess is looked at before this moment. */
    notBefore: p.datetime(),
    /** When the counter starts again from nothing. */
    forgottenAt: p.datetime().index(),
  },
});

export const FlowTokenRow = defineEntity({
  name: 'FlowTokenRow',
  tableName: 'flow_token',
  properties: {
    id: p.uuid().primary(),
    tokenHash: p.text().unique(),
    flow: () => p.manyToOne(FlowRow).mapToPk().deleteRule('cascade').index(),
    purpose: p.enum(['INITIAL_SETUP', 'RECOVERY', 'MAIL_LINK'] as const),
    /** Whom it was made for. */
    user: () => p.manyToOne(UserRow).mapToPk().nullable().deleteRule('cascade').index(),
    /** Where the flow goes on, encrypted; null where it is to be begun. */
    suspension: p.text().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    usedAt: p.datetime().nullable(),
    /** The execution that waits for the link in a mail to be confirmed. */
    execution: () => p.manyToOne(ExecutionRow).mapToPk().nullable().deleteRule('cascade').index(),
    /** When somebody who had opened the link has confirmed that it was theirs. */
    confirmedAt: p.datetime().nullable(),
  },
});

/** The outbox. What has been sent is kept for a while without what it said. */
export const MailRow = defineEntity({
  name: 'MailRow',
  tableName: 'mail',
  properties: {
    id: p.uuid().primary(),
    /** By what it is sent: text messages go the same way. */
    channel: p.enum(messageChannels).default('MAIL'),
    /** The stage that says who sends text messages. */
    stageId: p.uuid().nullable(),
    template: p.text(),
    /** Null where it only had to look as if there was a mail; nothing is sent then. */
    recipient: p.text().nullable(),
    /** No foreign key: a mail outlives the account that it tells of. */
    userId: p.uuid().nullable(),
    language: p.enum(languages),
    /** What it says, encrypted; null once that is of no use any more. */
    sealed: p.text().nullable(),
    status: p.enum(mailStatuses),
    attempts: p.integer().default(0),
    /** When to try again, or to try first. */
    nextAttemptAt: p.datetime(),
    /** By whom it is being sent, and when others may take it that they have died over it. */
    claim: p.uuid().nullable(),
    claimedUntil: p.datetime().nullable(),
    /** Why the last attempt failed; never what the mail says. */
    lastError: p.text().nullable(),
    createdAt: p.datetime(),
    /** After which it is not worth sending any more. */
    expiresAt: p.datetime(),
    /** When it was sent, given up or found to be nobody's. */
    settledAt: p.datetime().nullable().index(),
  },
  indexes: [{ properties: ['nextAttemptAt'], name: 'mail_queued_index', where: "status = 'QUEUED'" }],
});

/** How often something was done in a window of time, under a keyed hash of who or what it was. */
export const RateRow = defineEntity({
  name: 'RateRow',
  tableName: 'rate',
  properties: {
    key: p.text().primary(),
    count: p.integer(),
    /** When the window ends, and the next begins with nothing. */
    expiresAt: p.datetime().index(),
  },
});

/** What was good only once, and has been used. */
export const UsedOnceRow = defineEntity({
  name: 'UsedOnceRow',
  tableName: 'used_once',
  properties: {
    key: p.text().primary(),
    /** After which it is good no longer anyway. */
    expiresAt: p.datetime().index(),
  },
});

/** What somebody has agreed to, when a consent stage asked. */
export const ConsentRow = defineEntity({
  name: 'ConsentRow',
  tableName: 'consent',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade'),
    stage: () => p.manyToOne(StageRow).mapToPk().deleteRule('cascade').index(),
    permissions: p.json<readonly string[]>(),
    grantedAt: p.datetime(),
    /** Null for good. */
    expiresAt: p.datetime().nullable().index(),
  },
  uniques: [{ properties: ['user', 'stage'] }],
});

/** Facts about this installation, such as that its first administrator has been made. */
export const SettingRow = defineEntity({
  name: 'SettingRow',
  tableName: 'setting',
  properties: {
    name: p.text().primary(),
    value: p.text(),
  },
});

export const EventRow = defineEntity({
  name: 'EventRow',
  tableName: 'event',
  properties: {
    id: p.uuid().primary(),
    action: p.text(),
    /** No foreign key: the record outlives the account. */
    userId: p.uuid().nullable(),
    /** Who did it, and by which API token; null where nobody but a flow or the service itself has. */
    actorId: p.uuid().nullable(),
    apiTokenId: p.uuid().nullable(),
    /** What was changed. */
    objectType: p.text().nullable(),
    objectId: p.uuid().nullable(),
    objectName: p.text().nullable(),
    executionId: p.uuid().nullable().index(),
    details: p.json<JsonObject>(),
    address: p.text(),
    userAgent: p.text(),
    /** Where the address was then, as far as that was known. */
    location: p.json<JsonObject>().nullable(),
    createdAt: p.datetime(),
    /** After which it is no longer kept. */
    expiresAt: p.datetime().index(),
  },
  indexes: [
    { properties: ['createdAt', 'id'] },
    { properties: ['action', 'createdAt', 'id'] },
    { properties: ['userId', 'action', 'createdAt'] },
    { properties: ['address', 'createdAt'] },
    // What has none of these does not pay for it.
    { properties: ['userId', 'createdAt', 'id'], where: 'user_id is not null' },
    { properties: ['actorId', 'createdAt', 'id'], where: 'actor_id is not null' },
    { properties: ['objectType', 'createdAt', 'id'], where: 'object_type is not null' },
    { properties: ['objectId', 'createdAt', 'id'], where: 'object_id is not null' },
  ],
});

/** How well an address has behaved towards a name. */
export const ReputationRow = defineEntity({
  name: 'ReputationRow',
  tableName: 'reputation',
  properties: {
    identifier: p.text().primary(),
    address: p.text().primary().index(),
    score: p.integer(),
    updatedAt: p.datetime(),
    /** When it is forgotten. */
    expiresAt: p.datetime().index(),
  },
});
