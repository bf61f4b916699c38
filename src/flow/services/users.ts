/** A person as flows see one: no hash, no secret. */
export interface FlowUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  /** Whether any of the groups makes superusers. */
  readonly superuser: boolean;
  /** Every group that the person is a member of. */
  readonly groups: readonly UserGroup[];
}

export interface UserGroup {
  readonly id: string;
  readonly name: string;
  readonly superuser: boolean;
}

export type UserField = 'USERNAME' | 'EMAIL';

export interface Users {
  byId(id: string): Promise<FlowUser | undefined>;
  groupById(id: string): Promise<UserGroup | undefined>;
  /** The person whom this identifier names in one of the fields, whatever its case or Unicode form. */
  byIdentifier(identifier: string, fields: readonly UserField[]): Promise<FlowUser | undefined>;
  /**
   * Which of the two somebody else already has. A username may not be another's e-mail address either, nor
   * the reverse: otherwise one identifier would name two people.
   */
  taken(
    names: { username?: string; email?: string },
    exceptUserId: string | null,
  ): Promise<readonly UserField[]>;
}
