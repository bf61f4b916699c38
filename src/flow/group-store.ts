import type { Actor } from './change.js';
import type { UserGroup } from './services/users.js';

export interface GroupFields {
  readonly name: string;
  readonly superuser: boolean;
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
}

/**
 * Changes groups; each call is one transaction that records what it has changed, and edits wait for one another. A
 * change to what is not there is refused as NOT_FOUND; a name that is taken, a group that is still needed, and
 * what would leave no active person who is a superuser, as CONFLICT; groups that would lie within each other in a
 * circle as BAD_USER_INPUT.
 */
export interface GroupEditor {
  create(fields: GroupFields, by: Actor): Promise<string>;
  update(id: string, changes: Partial<GroupFields>, by: Actor): Promise<void>;
  delete(id: string, by: Actor): Promise<void>;
  /** Those who are in it already stay in it. */
  addMembers(id: string, userIds: readonly string[], by: Actor): Promise<void>;
  /** Nothing happens to those who are not in it. */
  removeMembers(id: string, userIds: readonly string[], by: Actor): Promise<void>;
}
