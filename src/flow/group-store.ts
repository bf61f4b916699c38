import type { Actor } from './change.js';
import type { UserGroup } from './services/users.js';

export interface GroupFields {
  readonly name: string;
  readonly superuser: boolean;
  /** What its members may do, by the names of permissions. */
  readonly permissions: readonly string[];
  /** The groups that it lies within: whoever is in it is in them as well. */
  readonly parentIds: readonly string[];
}

export interface GroupPageRequest {
  /** Only groups with this in their name, whatever the case. */
  readonly search: string | null;
  readonly size: number;
  /** The name after which to begin. */
  readonly after: string | null;
  readonly descending: boolean;
}

export interface GroupPage {
  readonly groups: readonly UserGroup[];
  readonly hasMore: boolean;
}

/** What is seldom asked of a group. */
export interface GroupDetails {
  /** Goes up with each change of its fields. */
  readonly version: number;
  /** Its own, by name. */
  readonly permissions: readonly string[];
}

export interface MemberPageRequest {
  readonly groupId: string;
  readonly size: number;
  /** The canonical username after which to begin. */
  readonly after: string | null;
}

export interface Member {
  readonly userId: string;
  /** By which members are in order. */
  readonly canonicalUsername: string;
}

export interface MemberPage {
  readonly members: readonly Member[];
  readonly hasMore: boolean;
}

/** Reads groups, for administrators. */
export interface Groups {
  byName(name: string): Promise<UserGroup | undefined>;
  /** In the order of their names. */
  list(request: GroupPageRequest): Promise<GroupPage>;
  count(search: string | null): Promise<number>;
  /** For each id the groups that this one lies within directly, by name. */
  parentsOf(ids: readonly string[]): Promise<UserGroup[][]>;
  /** For each id the groups that lie within this one directly, by name. */
  childrenOf(ids: readonly string[]): Promise<UserGroup[][]>;
  /** For each id what else there is to know of the group; undefined where there is none. */
  detailsOf(ids: readonly string[]): Promise<(GroupDetails | undefined)[]>;
  /** For each request a page of those who are in a group directly, by canonical username. */
  membersOf(requests: readonly MemberPageRequest[]): Promise<MemberPage[]>;
  /** For each id how many are in the group directly. */
  memberCountsOf(ids: readonly string[]): Promise<number[]>;
}

/**
 * Changes groups; each call is one transaction that records what it has changed, and edits wait for one another. A
 * change to what is not there is refused as NOT_FOUND; a name that is taken, a group that is still needed, and
 * what would leave no active person who is a superuser, as CONFLICT; groups that would lie within each other in a
 * circle as BAD_USER_INPUT. Nobody hands out what they do not have, and only superusers touch groups that make
 * superusers: else it is FORBIDDEN.
 */
export interface GroupEditor {
  create(fields: GroupFields, by: Actor): Promise<string>;
  /** Refused as CONFLICT where a version is given and the group has another one. */
  update(id: string, changes: Partial<GroupFields>, ifVersion: number | null, by: Actor): Promise<void>;
  delete(id: string, by: Actor): Promise<void>;
  /** Those who are in it already stay in it. */
  addMembers(id: string, userIds: readonly string[], by: Actor): Promise<void>;
  /** Nothing happens to those who are not in it. */
  removeMembers(id: string, userIds: readonly string[], by: Actor): Promise<void>;
}
