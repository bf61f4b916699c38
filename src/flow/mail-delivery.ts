import type { Clock } from '../kernel/clock.js';
import { MOST_ATTEMPTS, nextAttempt } from './outbox.js';
import type { ClaimedMail, Outbox } from './outbox.js';
import type { MailTexts } from './services/mail-texts.js';
import type { MailTransport } from './services/mail-transport.js';

/** So many mails are being sent at once. */
const LANES = 5;

export interface DeliveryParts {
  readonly outbox: Outbox;
  readonly texts: MailTexts;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly reports: DeliveryReports;
}

export interface DeliveryReports {
  /** A mail could not be sent for now, and the one before could. */
  failing(reason: string, mail: ClaimedMail): void;
  /** A mail will not be sent. */
  givenUp(reason: string, mail: ClaimedMail): void;
  /** The outbox could not be used, and before it could. */
  broken(error: unknown): void;
}

/** Sends what is in the outbox. Any number of processes may do so at once. */
export class MailDelivery {
  readonly #lanes = new Set<Promise<void>>();
  #closing = false;
  #isTroubled = false;

  constructor(private readonly parts: DeliveryParts) {}

  /** Sends what is due until nothing is. Nobody waits for it, and it fails for nobody. */
  wake(): void {
    const { reports } = this.parts;
    if (this.#closing || this.#lanes.size >= LANES) return;
    const lane = this.#sendAll()
      .catch((error: unknown) => this.#first(() => reports.broken(error)))
      .then(() => void this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  /** Settles once what is being sent has been; nothing else is begun. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.settled();
    await this.parts.transport.close();
  }

  /** Settles once nothing is being sent. */
  async settled(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  async #sendAll(): Promise<void> {
    const { outbox, clock } = this.parts;
    for (;;) {
      if (this.#closing) return;
      const mail = await outbox.claim(clock.now());
      if (!mail) return;
      // Where there is one there may be more.
      this.wake();
      await this.#settle(mail);
    }
  }

  async #settle(mail: ClaimedMail): Promise<void> {
    const { outbox, clock, reports } = this.parts;
    if (mail.to === null) return this.#goThroughTheMotions(mail);
    const problem = tooLate(mail, clock.now()) ?? (await this.#send(mail));
    const now = clock.now();
    if (problem === undefined) {
      await outbox.sent(mail, now);
      this.#isTroubled = false;
      return;
    }
    const until = nextAttempt(mail, now);
    if (until) {
      await outbox.postpone(mail, problem, until);
      this.#first(() => reports.failing(problem, mail));
      return;
    }
    await outbox.giveUp(mail, problem, now);
    reports.givenUp(problem, mail);
  }

  /** What is done for anybody's mail is done for nobody's, or whoever asks next could tell them apart by the time it takes. */
  async #goThroughTheMotions(mail: ClaimedMail): Promise<void> {
    const { outbox, clock } = this.parts;
    await this.#send(mail);
    await outbox.dismiss(mail, clock.now());
  }

  /** Why it could not be sent; undefined where it was. */
  async #send(mail: ClaimedMail): Promise<string | undefined> {
    const { id, to, brandName, template, language } = mail;
    const { texts, transport } = this.parts;
    try {
      const rendered = await texts.render({ template, language, brandName, values: mail.values() });
      if (to === null) await transport.rehearse({ ...rendered, id, brandName });
      else await transport.send({ ...rendered, id, to, brandName });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Of many failures in a row, the first is told: the others would tell nothing new. */
  #first(report: () => void): void {
    if (!this.#isTroubled) report();
    this.#isTroubled = true;
  }
}

/** Why it is not worth trying; undefined where it is. Whoever died over it has tried as well. */
function tooLate({ attempts, expiresAt }: ClaimedMail, now: Date): string | undefined {
  if (expiresAt <= now) return 'It had expired before it could be sent.';
  return attempts > MOST_ATTEMPTS ? 'Nobody who began to send it came to an end.' : undefined;
}
