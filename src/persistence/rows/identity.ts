import { defineEntity, p } from '@mikro-orm/core';

export const UserRow = defineEntity({
  name: 'UserRow',
  tableName: 'user_account',
  properties: {
    id: p.uuid().primary(),
    username: p.text(),
    email: p.text().nullable(),
    name: p.text(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
});

/**
 * Every username and e-mail address in its canonical form. One table for both, so that no word names two people.
 */
export const UserIdentifierRow = defineEntity({
  name: 'UserIdentifierRow',
  tableName: 'user_identifier',
  properties: {
    canonical: p.text().primary(),
    user: () => p.manyToOne(UserRow).mapToPk().deleteRule('cascade').index(),
    isUsername: p.boolean(),
    isEmail: p.boolean(),
  },
});

export const PasswordRow = defineEntity({
  name: 'PasswordRow',
  tableName: 'password',
  properties: {
    user: () => p.manyToOne(UserRow).mapToPk().primary().deleteRule('cascade'),
    hash: p.text(),
    changedAt: p.datetime(),
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
    name: p.text().unique(),
    superuser: p.boolean(),
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
});
