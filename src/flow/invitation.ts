import type { JsonObject } from '../kernel/json.js';

/** Lets somebody into a flow that asks for an invitation, and says things about them beforehand. */
export interface Invitation {
  readonly id: string;
  readonly name: string;
  /** The only flow that it is good for; null for any. */
  readonly flowId: string | null;
  readonly singleUse: boolean;
  /** What prompts need not ask for, by field key. */
  readonly fixedData: JsonObject;
  /** How many accounts have been made with it. */
  readonly uses: number;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  /** Null where it is good for ever. */
  readonly expiresAt: Date | null;
  readonly version: number;
}

/** What administrators decide of an invitation. */
export type InvitationSettings = Pick<
  Invitation,
  'name' | 'flowId' | 'singleUse' | 'fixedData' | 'expiresAt'
>;

export const invitationStates = ['OPEN', 'USED', 'EXPIRED'] as const;
export type InvitationState = (typeof invitationStates)[number];

export function stateOf(
  { singleUse, uses, expiresAt }: Pick<Invitation, 'singleUse' | 'uses' | 'expiresAt'>,
  now: Date,
): InvitationState {
  if (singleUse && uses > 0) return 'USED';
  return expiresAt !== null && expiresAt <= now ? 'EXPIRED' : 'OPEN';
}
