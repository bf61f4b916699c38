import type { Chance } from '../kernel/chance.js';
import type { JsonObject } from '../kernel/json.js';
import type { Language } from '../kernel/language.js';
import type { Secret } from '../kernel/secret.js';
import type { AuthenticatorKindName } from './authenticator-kind-names.js';
import type { AddAuthenticator } from './authenticator-effects.js';
import type { ResponseError, RefusalEffect } from './outcome.js';
import type { Proof } from './proof.js';
import type { Rates } from './services/rates.js';
import type { FlowUser } from './services/users.js';

/** Something that a person has set up to prove who they are. */
export interface Authenticator {
  readonly id: string;
  readonly userId: string;
  readonly kind: AuthenticatorKindName;
  /** By which the person tells it from others. */
  readonly name: string;
  /** What its kind notes of it. */
  readonly data: JsonObject;
  /** What only its kind may know; null where it has none, or none that can be opened. */
  readonly secret: Secret | null;
  /** The last step or count that was used. */
  readonly counter: number;
  /** Hashes of codes that have not been used. */
  readonly codes: readonly string[];
  /** The stage that knows how to reach it; null where none has to, or where it is gone. */
  readonly stageId: string | null;
  readonly verifiesUser: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Since when it has to be set up anew, for it was wrong too often; null where it is good. */
  readonly disabledAt: Date | null;
}

/** What a kind says of an authenticator that has been set up; the rest is the same for all kinds. */
export type NewAuthenticator = Pick<
  AddAuthenticator,
  'data' | 'secret' | 'counter' | 'uniqueKey' | 'codes' | 'verifiesUser' | 'stageId' | 'replaces'
> & {
  /** What it is called at first, where its person does not say. */
  readonly name: string;
};

/** For whom passkeys are made, and from where they may be used (WebAuthn, section 5.1.2). */
export interface RelyingParty {
  /** A domain. */
  readonly id: string;
  /** Web origins, and those of native apps (`android:apk-key-hash:…`). */
  readonly origins: readonly string[];
}

/** What kinds work with, besides what they are told. */
export interface AuthenticatorTools {
  readonly chance: Chance;
  readonly rates: Rates;
  readonly relyingParty: RelyingParty;
  /** Whether mails get anywhere. */
  readonly mailsAreSent: boolean;
  /** A keyed hash of a code, good for one place only (`bond`, such as an authenticator's id). */
  hash(code: string, bond: string): string;
  /** Whether this is the code, in a time that does not tell how much of it is right. */
  isHashOf(hash: string, code: string, bond: string): boolean;
  /** Whether a chain of certificates (DER, each vouched for by the next) leads to one of these roots (PEM). */
  isCertified(chain: readonly Uint8Array[], roots: readonly string[], at: Date): boolean;
}

/** One encounter of an authenticator kind with a person. */
export interface AuthenticatorRun {
  /** Null where it is not known yet: whoever has the passkey is it. */
  readonly person: FlowUser | null;
  /** From where it is answered. */
  readonly clientAddress: string;
  readonly language: Language;
  readonly brandName: string;
  /** The stage that asks. */
  readonly stageId: string;
  readonly now: Date;
  readonly tools: AuthenticatorTools;
}

/** A setting-up: always somebody's. */
export interface SetupRun extends AuthenticatorRun {
  readonly person: FlowUser;
  /** Those of the same kind that they have. */
  readonly existing: readonly Authenticator[];
}

/** What is shown to the person, and what has to be known when they answer. */
export interface SetupStep {
  readonly shown: JsonObject;
  /** Kept encrypted until then. */
  readonly kept: JsonObject;
  readonly effects: readonly RefusalEffect[];
}

/** How setting up begins, or why it cannot. */
export type SetupBeginning =
  | { readonly type: 'step'; readonly step: SetupStep }
  | { readonly type: 'denied'; readonly message: string };

export type SetupOutcome =
  | {
      readonly type: 'done';
      readonly authenticator: NewAuthenticator;
      /** What the person has shown by setting it up; none where they have only been told something. */
      readonly proofs: readonly Proof[];
    }
  /** No attempt: something else was asked for, such as a code to be sent. */
  | { readonly type: 'step'; readonly step: SetupStep }
  | {
      readonly type: 'refused';
      readonly errors: readonly [ResponseError, ...ResponseError[]];
      /** What is shown and known from now on; the same as before, or begun anew. */
      readonly step: Omit<SetupStep, 'effects'> | 'same' | 'anew';
    }
  /** It cannot be set up, whatever is answered. */
  | { readonly type: 'denied'; readonly message: string };

/** What an authenticator is asked, and what has to be known when it answers. */
export type CheckRequest =
  | {
      readonly type: 'requested';
      readonly shown: JsonObject;
      /** Kept encrypted until then. */
      readonly kept: JsonObject;
      readonly effects: readonly RefusalEffect[];
    }
  /** Too many codes were sent. */
  | { readonly type: 'limited'; readonly retryAt: Date }
  /** Nothing can be sent: who would send it is gone, or configured wrongly. */
  | { readonly type: 'unavailable' };

export type CheckOutcome =
  | {
      readonly type: 'right';
      readonly proofs: readonly Proof[];
      readonly counter: number | null;
      /** The hash of the code that is used up by it. */
      readonly code: string | null;
      readonly data: JsonObject | null;
    }
  | { readonly type: 'wrong'; readonly code: 'INVALID_CODE' | 'CODE_EXPIRED' | 'INVALID_PASSKEY' };

/** What was typed, or what the passkey has signed. */
export type CheckAnswer = { readonly code: string } | { readonly passkey: JsonObject };

/** How strictly a passkey has to be unlocked by its person. */
export const userVerifications = ['REQUIRED', 'PREFERRED', 'DISCOURAGED'] as const;
export type UserVerification = (typeof userVerifications)[number];

/** In what form passkeys are to be looked for, the dearest first. */
export const passkeyHints = ['SECURITY_KEY', 'CLIENT_DEVICE', 'HYBRID'] as const;
export type PasskeyHint = (typeof passkeyHints)[number];

/** What a stage may demand of passkeys. */
export interface PasskeyDemands {
  readonly userVerification: UserVerification;
  readonly hints: readonly PasskeyHint[];
  /** The models that count, by AAGUID; empty for any. */
  readonly allowedModels: readonly string[];
}

/** An authenticator kind as the engine sees it. What it has noted is checked behind this face. */
export interface AuthenticatorKind {
  readonly name: AuthenticatorKindName;
  /** For administrators: what it is. */
  readonly description: string;
  /** A typed code, one that has to be sent first, or a passkey, of which all are asked at once. */
  readonly answeredBy: 'CODE' | 'SENT_CODE' | 'PASSKEY';
  /** What may be shown of it to its person, to tell it from others, such as a masked address; null for nothing. */
  hint(authenticator: Authenticator): string | null;
  /** Begins to set one up, as a stage is configured to (`options`). */
  begin(run: SetupRun, options: JsonObject): Promise<SetupBeginning>;
  /** What becomes of an answer. */
  setUp(run: SetupRun, options: JsonObject, kept: JsonObject, response: JsonObject): Promise<SetupOutcome>;
  /** Whether it would do where this is demanded, and can still be used at all. */
  meets(authenticator: Authenticator, demands: PasskeyDemands, tools: AuthenticatorTools): boolean;
  /** Asks these: one that a code is sent to, or all passkeys, of which there are none where the person is not known yet. */
  request(
    run: AuthenticatorRun,
    authenticators: readonly Authenticator[],
    demands: PasskeyDemands,
  ): Promise<CheckRequest>;
  /** By which the authenticator is found that has answered; undefined where the answer does not say. */
  keyOf(answer: CheckAnswer): string | undefined;
  /** Whether the answer is right. Whoever asks has counted it before. `kept` is null where nothing was requested. */
  check(
    run: AuthenticatorRun,
    authenticator: Authenticator,
    answer: CheckAnswer,
    kept: JsonObject | null,
    demands: PasskeyDemands,
  ): Promise<CheckOutcome>;
}
