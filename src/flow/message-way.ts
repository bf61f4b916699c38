import type { ClaimedMail } from './outbox.js';
import type { MailTexts } from './services/mail-texts.js';
import type { MailTransport } from './services/mail-transport.js';
import type { TextSenders, TextTransport, TextWords } from './services/text-messages.js';
import { Undeliverable } from './services/undeliverable.js';

/** The way that messages of one channel take. */
export interface MessageWay {
  /**
   * Resolves once somebody else has taken it over; for one that is for nobody, once as much was done in vain. Rejects
   * where nobody has: with `Undeliverable` where nobody ever will.
   */
  send(message: ClaimedMail): Promise<void>;
  close(): Promise<void>;
}

export function mailWay(texts: MailTexts, transport: MailTransport): MessageWay {
  return {
    async send(mail) {
      const { id, to, brandName, template, language } = mail;
      const rendered = await texts.render({ template, language, brandName, values: mail.values() });
      if (to === null) await transport.rehearse({ ...rendered, id, brandName });
      else await transport.send({ ...rendered, id, to, brandName });
    },
    close: () => transport.close(),
  };
}

interface TextParts {
  readonly words: TextWords;
  readonly senders: TextSenders;
  readonly transport: TextTransport;
  /** Of the pages where codes are typed. */
  readonly hostname: string;
}

/**
 * Text messages: with whom they are handed in is what their stage says by then. The last line binds the code to our
 * pages, so that phones offer it there and nowhere else (origin-bound one-time codes, https://wicg.github.io/sms-one-time-codes/).
 */
export function textWay({ words, senders, transport, hostname }: TextParts): MessageWay {
  return {
    async send(message) {
      const { id, stageId, brandName, language } = message;
      const sender = stageId === null ? undefined : await senders.of(stageId);
      if (!sender)
        throw new Undeliverable('The stage that sends it is gone, or its secret cannot be opened.');
      const { code, number: to } = message.values();
      if (to === undefined || code === undefined) throw new Undeliverable('It has no number, or no code.');
      const said = words.say({ language, brandName, code });
      await transport.send({ id, to, text: `${said}\n\n@${hostname} #${code}` }, sender);
    },
    close: async () => undefined,
  };
}
