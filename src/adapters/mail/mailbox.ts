import type { Clock } from '../../kernel/clock.js';
import type { MailTransport, OutgoingMail } from '../../flow/services/mail-transport.js';
import type { OutgoingText } from '../../flow/services/text-messages.js';

/** So many mails are kept; the oldest go first. */
const MOST_MAILS = 100;

type Kept = Omit<OutgoingMail, 'brandName'>;

/** A mail, or a text message, which has no subject and no HTML. */
export interface KeptMail extends Kept {
  readonly sentAt: Date;
}

/** A mailbox in memory, for everybody: where mails and text messages go in development that has nobody to send them. */
export class Mailbox implements MailTransport {
  #mails: readonly KeptMail[] = [];

  constructor(private readonly clock: Clock) {}

  /** The latest first. */
  get mails(): readonly KeptMail[] {
    return this.#mails;
  }

  async send(mail: OutgoingMail): Promise<void> {
    this.#keep(mail);
  }

  /** Keeps a text message. */
  keep(message: OutgoingText): void {
    this.#keep({ ...message, subject: '', html: '' });
  }

  async rehearse(): Promise<void> {
    // To keep a mail here takes no time to speak of.
  }

  async close(): Promise<void> {
    this.#mails = [];
  }

  #keep(mail: Kept): void {
    const others = this.#mails.filter(({ id }) => id !== mail.id);
    this.#mails = [{ ...mail, sentAt: this.clock.now() }, ...others].slice(0, MOST_MAILS);
  }
}
