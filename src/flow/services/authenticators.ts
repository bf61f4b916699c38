import type { Secret } from '../../kernel/secret.js';
import type { Authenticator, AuthenticatorKind, AuthenticatorTools } from '../authenticator-kind.js';
import type { AuthenticatorKindName } from '../authenticator-kind-names.js';

export type AttemptVerdict =
  | { readonly type: 'allowed' }
  /** Too many were wrong: nobody looks at it before then. */
  | { readonly type: 'throttled'; readonly retryAt: Date }
  /** It has to be set up anew. `now`: by this very attempt. */
  | { readonly type: 'disabled'; readonly now: boolean };

/** What people have set up to prove who they are. */
export interface Authenticators {
  readonly tools: AuthenticatorTools;
  /** Undefined where this installation has no such kind. */
  kind(name: AuthenticatorKindName): AuthenticatorKind | undefined;
  /** All of a person's, disabled ones too, the oldest first; recovery codes that are used up are not among them. */
  of(userId: string): Promise<readonly Authenticator[]>;
  /** The one with this key, whosever it is. */
  byKey(uniqueKey: string): Promise<Authenticator | undefined>;
  /**
   * Counts one attempt, atomically and across all processes, before anybody looks at it. What was right is taken back
   * with the effect `useAuthenticator`.
   */
  attempt(authenticatorId: string): Promise<AttemptVerdict>;
  /**
   * Whether this browser has lately shown a second factor of the person: since then, and while they had just these
   * authenticators.
   */
  isRemembered(browser: Secret, userId: string, authenticators: string, since: Date): Promise<boolean>;
}
