import type { PromptValue } from '../context-keys.js';
import type { Secret } from '../../kernel/secret.js';

/** An invitation that lets somebody in now. */
export interface GoodInvitation {
  readonly id: string;
  readonly name: string;
  readonly singleUse: boolean;
  /** What prompts need not ask for, by field key. */
  readonly fixedData: Readonly<Record<string, PromptValue>>;
}

/** Invitations, as stages look for them. */
export interface Invitations {
  /** The one with this secret, where it is good for this flow now. Looking uses nothing up. */
  find(token: Secret, flowId: string, now: Date): Promise<GoodInvitation | undefined>;
}
