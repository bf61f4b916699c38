import { permissionNames } from './permissions.js';
import type { Permission } from './permissions.js';

/** What somebody may do, or would be able to do by being in a group. */
export interface Rights {
  /** Everything is allowed, also what no permission stands for. */
  readonly superuser: boolean;
  /** With those that they imply. */
  readonly permissions: ReadonlySet<Permission>;
}

/** What whoever sent a request may do. */
export interface Access extends Rights {
  readonly userId: string;
  /** The API token that the request came with; null where it came with a session. No token makes a superuser. */
  readonly apiTokenId: string | null;
  /** When the person proved last who they are; null for API tokens, which cannot. */
  readonly authenticatedAt: Date | null;
  /** Whether they proved it as strongly as they can; true for API tokens, which prove nothing. */
  readonly isStrongest: boolean;
}

/** All that these rights allow, by name. */
export function allowedBy({ superuser, permissions }: Rights): Permission[] {
  return (superuser ? permissionNames : [...permissions]).toSorted();
}

export function may({ superuser, permissions }: Rights, permission: Permission): boolean {
  return superuser || permissions.has(permission);
}

/** Whether these rights include those: nobody hands out, or takes over, what they do not have. */
export function covers(rights: Rights, others: Rights): boolean {
  return missingFrom(rights, others).length === 0;
}

/** What of the others' rights these do not include. */
export function missingFrom(rights: Rights, others: Rights): (Permission | 'everything')[] {
  if (rights.superuser) return [];
  if (others.superuser) return ['everything'];
  return [...others.permissions].filter((one) => !rights.permissions.has(one)).toSorted();
}
