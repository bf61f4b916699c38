import type { RenderedMail } from './mail-texts.js';

export interface OutgoingMail extends RenderedMail {
  /** The same whenever the same mail is sent, so that a repeat can be told. */
  readonly id: string;
  readonly to: string;
  /** What the product is called. */
  readonly brandName: string;
}

/** How mails leave. */
export interface MailTransport {
  /**
   * Resolves once somebody else has taken the mail over, and rejects where nobody has, or nobody has said so: in time,
   * whatever the other side does. The error's message says why and nothing of what the mail says.
   */
  send(mail: OutgoingMail): Promise<void>;
  /** Does what sending takes here, and sends nothing. */
  rehearse(mail: Omit<OutgoingMail, 'to'>): Promise<void>;
  close(): Promise<void>;
}
