import type { JsonObject } from '../../kernel/json.js';
import type { Secret } from '../../kernel/secret.js';

export const captchaProviders = ['ALTCHA', 'TURNSTILE', 'HCAPTCHA', 'RECAPTCHA_V2', 'RECAPTCHA_V3'] as const;
export type CaptchaProvider = (typeof captchaProviders)[number];
/** Those that somebody else runs, and that are asked over the network. */
export type RemoteCaptchaProvider = Exclude<CaptchaProvider, 'ALTCHA'>;

/** What a provider is to be asked. */
export interface CaptchaQuestion {
  readonly provider: RemoteCaptchaProvider;
  readonly secret: Secret;
  /** Null for the provider's own address. */
  readonly verifyUrl: string | null;
  /** What the widget has given the client. */
  readonly token: string;
  readonly clientAddress: string;
  /** From which hosts a solution may come; where there are none, from those of the installation. */
  readonly hostnames: readonly string[];
  /** What the widget has to have been shown for; null for anything. */
  readonly action: string | null;
}

/** Unavailable: whoever had to be asked has given no answer that can be relied on. Nothing passes by that. */
export type CaptchaVerdict =
  | {
      readonly type: 'right';
      /** A hash by which the same solution is known again. */
      readonly useKey: string;
      /** How sure the provider is, where it says so. */
      readonly score: number | null;
    }
  | { readonly type: 'wrong'; readonly expired: boolean }
  | { readonly type: 'unavailable' };

/** Tells people from programs, or at least makes it dear to be one. */
export interface Captchas {
  /** A puzzle of our own for the client to spend time on; never twice the same. */
  puzzle(difficulty: number): Promise<JsonObject>;
  /** Whether the token is a solution of just this puzzle. */
  solution(puzzle: JsonObject, token: string): Promise<CaptchaVerdict>;
  /** Asks the provider about a token. Never rejects. */
  verify(question: CaptchaQuestion): Promise<CaptchaVerdict>;
}
