import type { Clock } from '../../kernel/clock.js';
import type { MailTransport, OutgoingMail } from '../../flow/services/mail-transport.js';

/** So many mails are kept; the oldest go first. */
const MOST_MAILS = 100;

export interface KeptMail extends OutgoingMail {
  readonly sentAt: Date;
}

/** A mailbox in memory, for everybody: where mails go in development that has no mail server. */
export class Mailbox implements MailTransport {
  #mails: readonly KeptMail[] = [];

  constructor(private readonly clock: Clock) {}

  /** The latest first. */
  get mails(): readonly KeptMail[] {
    return this.#mails;
  }

  async send(mail: OutgoingMail): Promise<void> {
    const others = this.#mails.filter(({ id }) => id !== mail.id);
    this.#mails = [{ ...mail, sentAt: this.clock.now() }, ...others].slice(0, MOST_MAILS);
  }

  async rehearse(): Promise<void> {
    // To keep a mail here takes no time to speak of.
  }

  async close(): Promise<void> {
    this.#mails = [];
  }
}
