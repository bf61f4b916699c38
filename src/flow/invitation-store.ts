import type { Secret } from '../kernel/secret.js';
import type { Actor } from './change.js';
import type { SendMail } from './effect.js';
import type { Invitation, InvitationState } from './invitation.js';
import type { InvitationFields } from './invitation-rules.js';

export interface InvitationFilter {
  /** With this in their name, whatever the case. */
  readonly search: string | null;
  /** Bound to this flow. */
  readonly flowId: string | null;
  readonly state: InvitationState | null;
}

export const invitationOrders = ['NAME_ASC', 'NAME_DESC', 'CREATED_AT_ASC', 'CREATED_AT_DESC'] as const;
export type InvitationOrder = (typeof invitationOrders)[number];

/** Where an invitation stands, whatever the order. */
export type InvitationPlace = Pick<Invitation, 'name' | 'createdAt' | 'id'>;

export interface InvitationPageRequest {
  readonly filter: InvitationFilter;
  readonly order: InvitationOrder;
  readonly size: number;
  /** The place after which to begin. */
  readonly after: InvitationPlace | null;
  readonly now: Date;
}

/** Reads invitations, for administrators; never their secrets. */
export interface InvitationList {
  byId(id: string): Promise<Invitation | undefined>;
  list(request: InvitationPageRequest): Promise<{ invitations: Invitation[]; hasMore: boolean }>;
  count(filter: InvitationFilter, now: Date): Promise<number>;
}

/**
 * Changes invitations; each call is one transaction that records what it has changed. A change to what is not there is
 * refused as NOT_FOUND; a name that is taken, a flow that is gone, and a change to another version than the present
 * one, as CONFLICT.
 */
export interface InvitationEditor {
  /** Sends the mails once it is there. */
  create(fields: InvitationFields, token: Secret, mails: readonly SendMail[], by: Actor): Promise<string>;
  /**
   * Gives an invitation, as it was read, another secret, and sends the mails that tell it. Refuses as CONFLICT also
   * where the invitation lets nobody in any more.
   */
  renew(
    invitation: Pick<Invitation, 'id' | 'version'>,
    token: Secret,
    mails: readonly SendMail[],
    by: Actor,
  ): Promise<void>;
  /** Without a version whichever there is. Changing nothing is no change. */
  update(id: string, changes: Partial<InvitationFields>, ifVersion: number | null, by: Actor): Promise<void>;
  delete(id: string, by: Actor): Promise<void>;
}
