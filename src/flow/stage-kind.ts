import type { Chance } from '../kernel/chance.js';
import type { JsonObject } from '../kernel/json.js';
import type { Secret } from '../kernel/secret.js';
import type { Authenticator, AuthenticatorDemand } from './authenticator-kind.js';
import type { Compute } from './compute.js';
import type { Context, ContextChange } from './context.js';
import type { Location } from './location.js';
import type { FlowDefinition, FlowInfo, StageDefinition } from './definition.js';
import type { AnswerOutcome, PresentOutcome } from './outcome.js';
import type { StageSecrets } from './sealed-secret.js';
import type { Authenticators } from './services/authenticators.js';
import type { Captchas } from './services/captchas.js';
import type { Consents } from './services/consents.js';
import type { Definitions } from './services/definitions.js';
import type { Destinations } from './services/destinations.js';
import type { Guesses } from './services/guesses.js';
import type { Invitations } from './services/invitations.js';
import type { MailLinks } from './services/mail-links.js';
import type { Mailing } from './services/mailing.js';
import type { Passwords } from './services/passwords.js';
import type { Rates } from './services/rates.js';
import type { FlowUser, Users } from './services/users.js';
import type { Proof } from './proof.js';

export const clientKinds = ['BROWSER', 'NATIVE'] as const;
export type ClientKind = (typeof clientKinds)[number];

/** From where an execution is being continued. */
export interface ClientFacts {
  readonly kind: ClientKind;
  readonly address: string;
  readonly userAgent: string;
  /** Which languages the client asks for, the dearest first. */
  readonly languages: readonly string[];
  /** What the browser was given when somebody has shown a second factor there; null where it was not. */
  readonly browser: Secret | null;
  /** Where the address is, as far as that is known. */
  readonly location: Location | null;
}

/** Who is signed in on the client, and by what session. */
export interface Viewer {
  readonly sessionId: string;
  readonly user: FlowUser;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Authentication methods (RFC 8176) that the session rests on. */
  readonly amr: readonly string[];
  /** How sure the session is of its person, from 1. */
  readonly aal: number;
}

/** Everything that stages can ask for; a kind receives only what it declares. */
export interface StageServices {
  readonly users: Users;
  readonly passwords: Passwords;
  readonly guesses: Guesses;
  readonly invitations: Invitations;
  readonly consents: Consents;
  readonly definitions: Definitions;
  readonly destinations: Destinations;
  readonly mailing: Mailing;
  readonly captchas: Captchas;
  readonly stageSecrets: StageSecrets;
  readonly mailLinks: MailLinks;
  readonly rates: Rates;
  readonly authenticators: Authenticators;
}

/** A stage that another one shows within itself. */
export interface EmbeddedStage {
  readonly kind: string;
  /** What it shows, and what it has begun for that. */
  present(): Promise<PresentOutcome>;
  answer(response: JsonObject, changes: readonly ContextChange[]): Promise<AnswerOutcome>;
}

/** What policies have to say about an answer. */
export interface Judgement {
  readonly passing: boolean;
  /** Some of them came to no verdict. */
  readonly broken: boolean;
  /** What those said that did not pass, with the prompt field that it is about; where all pass, what all said. */
  readonly messages: readonly { readonly text: string; readonly field: string | null }[];
  /** The prompt fields, by their key, whose new passwords those that pass have judged, and found good enough. */
  readonly judgedPasswords: readonly string[];
}

/** One encounter of a stage with the execution that it is part of. */
export interface StageRun {
  readonly stage: StageDefinition;
  readonly flow: FlowInfo & Pick<FlowDefinition, 'id'>;
  /** The stage's place in the flow. */
  readonly bindingId: string;
  readonly context: Context;
  readonly services: StageServices;
  readonly client: ClientFacts;
  readonly viewer: Viewer | null;
  readonly now: Date;
  readonly chance: Chance;
  /** What this execution has verified so far about the pending user. */
  readonly proofs: readonly Proof[];
  /** How many passwords before a new one have to be remembered, for the policies that compare with them. */
  passwordsRemembered(): number;
  /** The pending user as of now, including what earlier stages of this submit will create. */
  user(): Promise<FlowUser | undefined>;
  /** What the pending user has set up, likewise: the oldest first, disabled ones too. */
  authenticators(): Promise<readonly Authenticator[]>;
  /**
   * Whether these policies find an answer good enough that would change the context like this. All of them are asked, in
   * order; what they say is in the trace.
   */
  judge(policyIds: readonly string[], changes: readonly ContextChange[]): Promise<Judgement>;
  /** Works out an expression of an administrator, who finds in the event log why it has failed. */
  readonly compute: Compute;
  /** The stage with this id, for showing within this one; undefined where it is gone. */
  embed(stageId: string): EmbeddedStage | undefined;
}

/** What a stage may know when it is only looked at. */
export type StageGlance = Pick<StageRun, 'context' | 'services'>;

/** A stage kind as the engine sees it. Configuration and answers are checked behind this face. */
export interface StageKind {
  readonly name: string;
  /** Whether passing this stage signs the person in. */
  readonly opensSession: boolean;
  present(run: StageRun): Promise<PresentOutcome>;
  /** Null where the kind never asks for anything. */
  readonly answer: ((run: StageRun, response: JsonObject) => Promise<AnswerOutcome>) | null;
  /** What somebody has to have set up to pass a stage of this configuration; null where it asks for nothing like that. */
  demands(config: JsonObject): AuthenticatorDemand | null;
  /** A challenge as it looks now, where what it shows depends on what happens elsewhere; null where it does not. */
  readonly refresh: ((challenge: JsonObject, glance: StageGlance) => Promise<JsonObject>) | null;
}
