import type { Invitation } from './invitation.js';

/** A group as documents speak of it. */
export interface NamedGroup {
  readonly id: string;
  readonly name: string;
  readonly superuser: boolean;
  readonly parentIds: readonly string[];
}

/** Looks up what documents name, and what definitions name by id; whatever is not there is left out. */
export interface NamedObjects {
  groups(names: readonly string[]): Promise<ReadonlyMap<string, NamedGroup>>;
  /** Ids by username, as it was given. */
  users(usernames: readonly string[]): Promise<ReadonlyMap<string, string>>;
  invitations(names: readonly string[]): Promise<ReadonlyMap<string, Invitation>>;
  /** Names by id. */
  groupNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Usernames by id. */
  usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
