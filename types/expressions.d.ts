/**
 * The environment of Stagedoor's expression policies, for editors.
 *
 * An expression is strict JavaScript (ES2023). It is either one expression or the body of a function, whose result is
 * an `ExpressionResult`; editors check it as `(): ExpressionResult => { … }`. It is a function of its input: nothing
 * is awaited, and there are no `Date`, `Math.random`, `Proxy`, `Function`, `eval`, `Intl`, typed arrays or weak references, although
 * TypeScript's own library declares them. It has a second, and 32 MiB.
 *
 * Expressions of prompt fields are written in the same way, and see the same. They only compute: their result is text, a
 * number, true, false, or null for nothing; of choices it is an array of such values, or of `{ value, label }`. They have half a
 * second. `message`, `setContext`, `createEvent` and `callPolicy` are not for them.
 */

/** What an expression may come to. Anything else is an error, and decides nothing. */
type ExpressionResult =
  | boolean
  | ExpressionVerdict
  | {
      passing: boolean;
      /** For the person, after those of `message`; 20 together, of at most 1000 characters each. */
      messages?: string[];
    };

type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What people set up: apps that show codes, recovery codes, passkeys, addresses and telephones that codes are sent to. */
type ExpressionAuthenticatorKind = 'TOTP' | 'STATIC' | 'WEBAUTHN' | 'EMAIL' | 'SMS';

interface ExpressionPerson {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  /** Whether somebody has shown that mail to the address reaches them. */
  readonly emailVerified: boolean;
  readonly name: string;
  readonly isActive: boolean;
  readonly isSuperuser: boolean;
  readonly kind: 'INTERNAL' | 'EXTERNAL' | 'SERVICE_ACCOUNT';
  /** Where the account stands among others, such as `users/external`. */
  readonly path: string;
  /** When the account was made: ISO 8601, in UTC. */
  readonly createdAt: string;
  /** The names of the groups that they are in, also by way of other groups. */
  readonly groups: readonly string[];
  /** The kinds of what they have set up besides a password, each once. */
  readonly authenticators: readonly ExpressionAuthenticatorKind[];
  /** What administrators have noted about them. */
  readonly attributes: Readonly<Record<string, JsonValue>>;
}

interface ExpressionRequest {
  readonly clientIp: string;
  readonly userAgent: string;
  readonly client: 'BROWSER' | 'NATIVE';
  /** Whether somebody is signed in. */
  readonly signedIn: boolean;
  /** Whether that was lately enough for what asks for a recent authentication. */
  readonly signedInRecently: boolean;
  /** The moment of the request: ISO 8601, in UTC. */
  readonly time: string;
  /** Where the address is; null where nobody knows. */
  readonly geo: {
    /** Two capital letters, as of ISO 3166-1. */
    readonly country: string | null;
    readonly continent: string | null;
    readonly city: string | null;
    readonly latitude: number | null;
    readonly longitude: number | null;
  } | null;
  /** Whose network the address belongs to; null where nobody knows. */
  readonly asn: { readonly number: number | null; readonly organization: string | null } | null;
}

interface ExpressionFlow {
  readonly slug: string;
  readonly designation: string;
}

interface ExpressionExecution {
  /** Whether this run has verified anything about the user. */
  readonly authenticated: boolean;
  /** What it has verified, such as `pwd`. */
  readonly methods: readonly string[];
  /**
   * How sure that makes it of the user: 0, 1, or 2 where it was a password and something that they have, or a passkey that
   * they have unlocked.
   */
  readonly level: 0 | 1 | 2;
  /** The slug of the flow that has led to this one. */
  readonly redirectedFrom: string | null;
  /** Whether it was opened with a link that was made for somebody. */
  readonly restored: boolean;
}

interface ExpressionContext {
  /** Whom the flow is about; without an id it is somebody who only pretends to exist. */
  readonly pendingUser?: { readonly id: string | null; readonly identifier: string };
  readonly loginHint?: string;
  /** What prompts have collected, by field key; never a password. */
  readonly promptData?: Readonly<Record<string, string | number | boolean>>;
  readonly denyMessage?: string;
  readonly redirectTarget?: string;
  /** What policies have noted. */
  readonly notes?: Readonly<Record<string, JsonValue>>;
  readonly [key: string]: unknown;
}

/** What another policy has come to. */
interface ExpressionVerdict {
  passing: boolean;
  messages: string[];
  /** What it came to before that was read as a verdict. */
  rawResult: JsonValue;
}

/** Where policies may write. */
type ExpressionTarget = 'denyMessage' | 'redirectTarget' | `promptData.${string}` | `notes.${string}`;

/** Whom the flow is about, else whoever is signed in, else nobody. */
declare const user: ExpressionPerson | null;

/** Whoever is signed in. */
declare const viewer: ExpressionPerson | null;

declare const request: ExpressionRequest;

declare const flow: ExpressionFlow;

/** The run of the flow. */
declare const execution: ExpressionExecution;

/** What stages and policies have noted, as it was when the expression began; never a secret. */
declare const context: ExpressionContext;

/** Says something to the person, whether the policy passes or not: 20 times, at most 1000 characters each. */
declare function message(text: string): void;

/** Tells administrators something where they try the policy out: 100 lines, cut to 500 characters each. */
declare function log(...values: unknown[]): void;

/**
 * Writes into the context once the expression has ended well, for policies and stages that come after it:
 * `context` itself, and what is called from here, do not see it. Of two values for one target the last one counts. It is an
 * error where the target may not be written, where the value does not fit it, and where it is asked who may use a flow.
 */
declare function setContext(target: `notes.${string}`, value: JsonValue): void;
declare function setContext(target: `promptData.${string}`, value: string | number | boolean): void;
declare function setContext(target: ExpressionTarget, value: string): void;

/**
 * Records an event of this name, of at most 50 small letters, digits and `_`. The details are a plain object of at most
 * 5000 characters of JSON; ten events at most.
 */
declare function createEvent(name: string, details?: Readonly<Record<string, JsonValue | undefined>>): void;

/**
 * Asks another policy about the same: ten different ones at most. The name has to be written out as a text, so that the
 * policy cannot be deleted or renamed meanwhile. Where that comes to no verdict, neither does this one.
 */
declare function callPolicy(name: string): ExpressionVerdict;

/** Whether the user is in the group of this name, also by way of other groups. Nobody is in any. */
declare function isMember(groupName: string): boolean;

/**
 * Whether the user has set up an authenticator of this kind; without a kind, of any. Used up recovery codes are none. Nobody
 * has any. An error where there is no such kind.
 */
declare function hasAuthenticator(kind?: ExpressionAuthenticatorKind): boolean;

/** Whether the pattern, a regular expression with the flag `u`, is found anywhere in the value. */
declare function regexMatch(value: string, pattern: string): boolean;

/** The value with everything replaced that the pattern finds; `$1` is the first group of it. */
declare function regexReplace(value: string, pattern: string, replacement: string): string;

/** Whether an IPv4 or IPv6 address is in a network such as `10.0.0.0/8`. An error where either is none. */
declare function inNetwork(ip: string, cidr: string): boolean;

/** Whether an address is private, shared, of this machine or of this link: not one of the internet. */
declare function isPrivateAddress(ip: string): boolean;

/** The text in small letters and digits of ASCII, with `-` between words. */
declare function slugify(text: string): string;

/** Thrown by the sandbox itself, such as where functions call each other without end. */
declare const InternalError: ErrorConstructor;
