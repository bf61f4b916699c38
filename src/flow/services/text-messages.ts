import type { Language } from '../../kernel/language.js';
import type { Secret } from '../../kernel/secret.js';

/** Who takes text messages over: Twilio, anybody who takes our JSON, or, for trying things out, the mailbox. */
export const textProviders = ['TWILIO', 'GENERIC', 'MAILBOX'] as const;
export type TextProvider = (typeof textProviders)[number];

/** How a provider of the kind GENERIC is shown who sends. */
export const textAuthTypes = ['BASIC', 'BEARER'] as const;
export type TextAuthType = (typeof textAuthTypes)[number];

/** With whom text messages are handed in, and as whose, as a stage is configured. */
export type TextSender =
  | {
      readonly provider: 'TWILIO';
      readonly fromNumber: string;
      readonly accountSid: string;
      /** Null for Twilio's own. */
      readonly apiUrl: string | null;
      readonly secret: Secret;
    }
  | {
      readonly provider: 'GENERIC';
      readonly fromNumber: string;
      readonly url: string;
      readonly authType: TextAuthType;
      /** For BASIC. */
      readonly username: string;
      readonly secret: Secret;
    }
  | { readonly provider: 'MAILBOX' };

/** Finds out who sends what a stage has asked for: at the moment of sending, as the stage is configured by then. */
export interface TextSenders {
  /** Undefined where the stage is gone, or cannot send anything: it is of another kind, or its secret cannot be opened. */
  of(stageId: string): Promise<TextSender | undefined>;
}

export interface OutgoingText {
  /** The same whenever the same message is sent, so that a repeat can be told. */
  readonly id: string;
  /** A number, in E.164. */
  readonly to: string;
  readonly text: string;
}

/** How text messages leave. */
export interface TextTransport {
  /**
   * Resolves once the provider has taken the message over, and rejects where it has not, or has not said so: in time,
   * whatever the other side does; with `Undeliverable` where trying again would change nothing. The error's message says
   * why, and nothing of the message, its number or the provider's secret.
   */
  send(message: OutgoingText, sender: TextSender): Promise<void>;
}

/** What text messages say. */
export interface TextWords {
  /** A code, on behalf of the product of this name. */
  say(message: { readonly language: Language; readonly brandName: string; readonly code: string }): string;
}
