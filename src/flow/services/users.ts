import type { JsonObject } from '../../kernel/json.js';
import type { AuthenticatorKindName } from '../authenticator-kind-names.js';

/** An id that is nobody's: by it nobody is looked for like anybody, so that the two take the same time. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

export const userKinds = ['INTERNAL', 'EXTERNAL', 'SERVICE_ACCOUNT'] as const;
/** Somebody of one's own house, somebody from outside, or no person at all. */
export type UserKind = (typeof userKinds)[number];

/** A person as flows see one: no hash, no secret. */
export interface FlowUser {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  /** Not active only because it has yet to be confirmed, by mail. */
  readonly awaitsVerification: boolean;
  /** When somebody has shown that mail to the address reaches them; null where nobody has. */
  readonly emailVerifiedAt: Date | null;
  readonly kind: UserKind;
  /** Where the account stands among others, such as `users/external`. */
  readonly path: string;
  readonly createdAt: Date;
  /** What administrators have noted about the person. */
  readonly attributes: JsonObject;
  /** Whether any of the groups makes superusers. */
  readonly superuser: boolean;
  /** Every group that the person is a member of, by itself or through one that lies within it. */
  readonly groups: readonly UserGroup[];
  /** Whether there is a password that proves who they are: none that others know. */
  readonly hasPassword: boolean;
  /** What they have set up besides, the oldest first. Recovery codes that are used up are not among it. */
  readonly authenticators: readonly OwnedAuthenticator[];
}

/** One of somebody's authenticators, as far as flows and policies have to know. */
export interface OwnedAuthenticator {
  readonly id: string;
  readonly kind: AuthenticatorKindName;
  /** False where it was wrong so often that it has to be set up anew. */
  readonly usable: boolean;
  /** Whether it is unlocked by something that the person knows or is. */
  readonly verifiesUser: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly name: string;
  readonly superuser: boolean;
}

/** A group, and those that it lies within, itself included. */
export interface GroupWithParents {
  readonly group: UserGroup;
  readonly all: readonly UserGroup[];
}

export type UserField = 'USERNAME' | 'EMAIL';

export interface Users {
  byId(id: string): Promise<FlowUser | undefined>;
  /** The group, and those around it: whoever is in it is in all of them. Undefined where there is no such group. */
  groupWithParents(id: string): Promise<GroupWithParents | undefined>;
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
