import { defineEntity, p } from '@mikro-orm/core';

import type { JsonObject } from '../../kernel/json.js';
import { authenticatorKindNames } from '../../flow/authenticator-kind-names.js';
import { userKinds } from '../../flow/services/users.js';

export const UserRow = defineEntity({
  name: 'UserRow',
  tableName: 'user_account',
  properties: {
    id: p.uuid().primary(),
    username: p.text(),
    email: p.text().nullable(),
    name: p.text(),
    active: p.boolean(),
    /** Not active only because it has yet to be confirmed, by mail. */
    awaitsVerification: p.boolean().default(false),
    emailVerifiedAt: p.datetime().nullable(),
    kind: p.enum(userKinds).default('INTERNAL'),
    path: p.text().default('users'),
    createdAt: p.datetime(),
    /** What administrators and flows have noted about the person. */
    attributes: p.json<JsonObject>().default('{}'),
    version: p.integer().default(1),
  },
  indexes: [
    { properties: ['createdAt', 'id'] },
    { properties: ['createdAt'], name: 'user_account_unverified_index', where: 'awaits_verification' },
    // Few are disabled, and they are looked for among all.
    { name: 'user_account_disabled_index', properties: ['createdAt', 'id'], where: 'not active' },
  ],
});

/**
 * Every username and e-mail address in its canonical form. One table for both, so that no word names two people. In
 * an order that is the same on every server, and by which words that begin alike lie together.
 */
export const UserIdentifierRow = defineEntity({
  name: 'UserIdentifierRow',
  tableName: 'user_identifier',
  properties: {
    canonical: p.text().collation('C').primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    isUsername: p.boolean(),
    isEmail: p.boolean(),
  },
  indexes: [{ properties: ['isUsername', 'canonical'] }],
});

export const PasswordRow = defineEntity({
  name: 'PasswordRow',
  tableName: 'password',
  properties: {
    user: () => p.manyToOne(UserRow).mapToPk().primary().deleteRule('cascade'),
    hash: p.text(),
    changedAt: p.datetime(),
    /** Since when it is known that others know it: it proves nothing any more. */
    compromisedAt: p.datetime().nullable(),
  },
});

/** The hashes of passwords that have been replaced, as many as some policy compares with. */
export const PasswordHistoryRow = defineEntity({
  name: 'PasswordHistoryRow',
  tableName: 'password_history',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade'),
    hash: p.text(),
    replacedAt: p.datetime(),
  },
  indexes: [{ properties: ['user', 'replacedAt'] }],
});

export const GroupRow = defineEntity({
  name: 'GroupRow',
  tableName: 'user_group',
  properties: {
    id: p.uuid().primary(),
    name: p.text().collation('C').unique(),
    superuser: p.boolean(),
    version: p.integer().default(1),
  },
});

/** What members of a group may do. */
export const GroupPermissionRow = defineEntity({
  name: 'GroupPermissionRow',
  tableName: 'group_permission',
  properties: {
    group: () => p.manyToOne(GroupRow).mapToPk().primary().deleteRule('cascade'),
    permission: p.text().primary(),
  },
});

/** A group that lies within another: its members are members of that one too. The arrows never lead in a circle. */
export const GroupParentRow = defineEntity({
  name: 'GroupParentRow',
  tableName: 'group_parent',
  properties: {
    group: () => p.manyToOne(GroupRow).mapToPk().primary().deleteRule('cascade'),
    parent: () => p.manyToOne(GroupRow).mapToPk().primary().deleteRule('cascade').index(),
  },
});

export const GroupMemberRow = defineEntity({
  name: 'GroupMemberRow',
  tableName: 'group_member',
  properties: {
    group: () => p.manyToOne(GroupRow).mapToPk().primary().deleteRule('cascade'),
    user: () => p.manyToOne(UserRow).mapToPk().primary().deleteRule('cascade').index(),
  },
});

export const SessionRow = defineEntity({
  name: 'SessionRow',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    tokenHash: p.text().unique(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    executionId: p.uuid(),
    amr: p.text(),
    aal: p.integer(),
    address: p.text(),
    userAgent: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
  indexes: [{ properties: ['createdAt', 'id'] }],
});

/** A secret by which a script acts for somebody, within these permissions and no others. */
export const ApiTokenRow = defineEntity({
  name: 'ApiTokenRow',
  tableName: 'api_token',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    name: p.text(),
    tokenHash: p.text().unique(),
    /** Names of permissions, with spaces between. */
    permissions: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    lastUsedAt: p.datetime().nullable(),
    version: p.integer().default(1),
  },
});

/** Something that a person has set up to prove who they are. */
export const AuthenticatorRow = defineEntity({
  name: 'AuthenticatorRow',
  tableName: 'authenticator',
  properties: {
    id: p.uuid().primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    kind: p.enum(authenticatorKindNames),
    name: p.text(),
    /** What its kind notes of it: no secret. */
    data: p.json<JsonObject>(),
    /** What only its kind may know, encrypted. */
    sealed: p.text().nullable(),
    /** The last step or count that was used. */
    counter: p.bigint('number'),
    /** By which it is found, whosever it is. */
    uniqueKey: p.text().nullable().unique(),
    verifiesUser: p.boolean(),
    /** No foreign key: it outlives the stage that knows how to reach it. */
    stageId: p.uuid().nullable(),
    /** How often in a row it was wrong, and before when no further attempt is looked at. */
    failures: p.integer().default(0),
    notBefore: p.datetime().nullable(),
    /** Since when it has to be set up anew. */
    disabledAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    version: p.integer().default(1),
  },
});

/** A code that is good once, as a keyed hash. */
export const AuthenticatorCodeRow = defineEntity({
  name: 'AuthenticatorCodeRow',
  tableName: 'authenticator_code',
  properties: {
    authenticator: () => p.manyToOne(AuthenticatorRow).mapToPk().primary().deleteRule('cascade'),
    hash: p.text().primary(),
  },
});

/** A browser that has shown a second factor of somebody. */
export const RememberedBrowserRow = defineEntity({
  name: 'RememberedBrowserRow',
  tableName: 'remembered_browser',
  properties: {
    id: p.uuid().primary(),
    /** The browser's secret, as it has it for everybody who is remembered there. */
    tokenHash: p.text(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    /** Which authenticators they had then. */
    authenticators: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
  },
  uniques: [{ properties: ['tokenHash', 'user'] }],
});
