import type { Secret } from '../../kernel/secret.js';

/** What stages may know of the links and codes that they have mailed. */
export interface MailLinks {
  /** What a mail holds for opening this flow with this token. */
  addressOf(slug: string, token: Secret): Secret;
  /** Under which a code is kept: it is of no use for finding the code out, nor with another link. */
  hashOf(linkId: string, code: string): string;
  /** Whether this is the code that was hashed. */
  isCode(linkId: string, hash: string, code: string): boolean;
  /** Whether somebody who has opened the link has confirmed that it was theirs. */
  isConfirmed(linkId: string): Promise<boolean>;
  /** Whether an execution waits for the link now, at the stage that mailed it, and nobody has confirmed it yet. */
  isAwaited(linkId: string, now: Date): Promise<boolean>;
}
