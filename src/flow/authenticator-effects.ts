import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import type { AuthenticatorKindName } from './authenticator-kind-names.js';

/** What stages want to have happened to what somebody has set up. */
export type AuthenticatorEffect =
  | AddAuthenticator
  | UseAuthenticator
  | ExpectAuthenticators
  | RememberBrowser;

/** Gives a person an authenticator that they have shown to have. */
export interface AddAuthenticator {
  readonly type: 'addAuthenticator';
  readonly id: string;
  readonly userId: string;
  readonly kind: AuthenticatorKindName;
  /** By which the person tells it from others. */
  readonly name: string;
  /** What its kind has to know of it, and may be seen by administrators. */
  readonly data: JsonObject;
  /** What only its kind may know. */
  readonly secret: Secret | null;
  /** The last step or count that was used; each that follows has to be higher. */
  readonly counter: number;
  /** By which it is found, whosever it is; refused, and all else with it, where there is one already. */
  readonly uniqueKey: string | null;
  /** Hashes of codes that are each good once. */
  readonly codes: readonly string[];
  readonly verifiesUser: boolean;
  /** The stage that knows how to reach it; null where none has to. */
  readonly stageId: string | null;
  /** Whether it takes the place of all others of its kind that the person has. */
  readonly replaces: boolean;
  readonly createdAt: Date;
}

/**
 * Notes that an authenticator has proved its person: its failures are forgotten. Refused, and all else with it, where it is
 * gone or disabled by then, or where what was shown has been used in the meantime.
 */
export interface UseAuthenticator {
  readonly type: 'useAuthenticator';
  readonly id: string;
  readonly userId: string;
  readonly at: Date;
  /** The step or count that was used; null where it has none. */
  readonly counter: number | null;
  /** The hash of the code that is used up by this; null where it has none. */
  readonly code: string | null;
  /** What its kind has to know of it from now on; null for what it knew before. */
  readonly data: JsonObject | null;
}

/**
 * Refused, and all else with it, where the person has set something up by then that they had not when it was decided
 * that they need not show more: what takes the strongest proof that they have is not done by less.
 */
export interface ExpectAuthenticators {
  readonly type: 'expectAuthenticators';
  readonly userId: string;
  /** Ids of all that they had. */
  readonly known: readonly string[];
}

/** Lets a browser pass without a second factor for a while, where a stage is configured to. */
export interface RememberBrowser {
  readonly type: 'rememberBrowser';
  readonly id: string;
  readonly userId: string;
  /** New each time: nobody passes by a secret that they have given to somebody else's browser. */
  readonly token: Secret;
  /** What the browser had before, which is good no longer; whoever else is remembered there is so by the new one. */
  readonly replaces: Secret | null;
  /** Which authenticators the person had: with others it is good no longer. */
  readonly authenticators: string;
  readonly at: Date;
  readonly expiresAt: Date;
}
