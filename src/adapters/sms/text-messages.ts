import type { OutgoingText, TextSender, TextTransport } from '../../flow/services/text-messages.js';
import { Undeliverable } from '../../flow/services/undeliverable.js';
import { systemResolve } from '../web-service/address.js';
import { genericRequest } from './generic.js';
import { handIn } from './hand-in.js';
import type { HandInTerms } from './hand-in.js';
import { twilioRequest } from './twilio.js';

/** Much less than what a claim lasts: by then it is known whether somebody has taken the message, or nobody has. */
const LONGEST_MILLISECONDS = 10_000;

/** Where text messages are kept that go nowhere else. */
export interface TextMailbox {
  keep(message: OutgoingText): void;
}

/** What tests, and nothing else, put in place of the real thing. */
export type TextOverrides = Partial<Pick<HandInTerms, 'resolve' | 'timeoutMilliseconds'>>;

/** Hands text messages in with the provider that their stage names. */
export function openTextMessages(
  { production, mailbox }: { readonly production: boolean; readonly mailbox: TextMailbox | null },
  { resolve = systemResolve, timeoutMilliseconds = LONGEST_MILLISECONDS }: TextOverrides = {},
): TextTransport {
  const terms = { production, resolve, timeoutMilliseconds };
  return {
    async send(message: OutgoingText, sender: TextSender): Promise<void> {
      switch (sender.provider) {
        case 'TWILIO':
          return handIn(twilioRequest(message, sender), terms);
        case 'GENERIC':
          return handIn(genericRequest(message, sender), terms);
        case 'MAILBOX':
          if (!mailbox) throw new Undeliverable('There is no mailbox here: the stage needs a provider.');
          return mailbox.keep(message);
      }
    },
  };
}
