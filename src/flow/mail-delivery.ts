import type { Clock } from '../kernel/clock.js';
import type { MessageWay } from './message-way.js';
import { MOST_ATTEMPTS, nextAttempt } from './outbox.js';
import type { ClaimedMail, Outbox } from './outbox.js';
import { Undeliverable } from './services/undeliverable.js';

/** So many mails are being sent at once. */
const LANES = 5;

export interface DeliveryParts {
  readonly outbox: Outbox;
  readonly way: MessageWay;
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

/** Why a message could not be sent. */
interface Problem {
  readonly reason: string;
  /** Whether trying again would change nothing. */
  readonly isFinal: boolean;
}

/** Sends what is in the outbox of one channel. Any number of processes may do so at once. */
export class MailDelivery {
  readonly #lanes = new Set<Promise<void>>();
  /**
   * The mails that are being sent. A clock that jumps, as it does on a machine that was asleep, ends their claims, but
   * whoever is still sending them does not send them twice.
   */
  readonly #underWay = new Set<string>();
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
    await this.parts.way.close();
  }

  /** Settles once nothing is being sent. */
  async settled(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  async #sendAll(): Promise<void> {
    const { outbox, clock } = this.parts;
    for (;;) {
      if (this.#closing) return;
      const mail = await outbox.claim(clock.now(), [...this.#underWay]);
      if (!mail) return;
      this.#underWay.add(mail.id);
      // Where there is one there may be more.
      this.wake();
      await this.#settle(mail).finally(() => this.#underWay.delete(mail.id));
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
    const { reason, isFinal } = problem;
    const until = isFinal ? null : nextAttempt(mail, now);
    if (until) {
      await outbox.postpone(mail, reason, until);
      this.#first(() => reports.failing(reason, mail));
      return;
    }
    await outbox.giveUp(mail, reason, now);
    reports.givenUp(reason, mail);
  }

  /** What is done for anybody's mail is done for nobody's, or whoever asks next could tell them apart by the time it takes. */
  async #goThroughTheMotions(mail: ClaimedMail): Promise<void> {
    const { outbox, clock } = this.parts;
    await this.#send(mail);
    await outbox.dismiss(mail, clock.now());
  }

  /** Why it could not be sent; undefined where it was. */
  async #send(mail: ClaimedMail): Promise<Problem | undefined> {
    try {
      await this.parts.way.send(mail);
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { reason, isFinal: error instanceof Undeliverable };
    }
  }

  /** Of many failures in a row, the first is told: the others would tell nothing new. */
  #first(report: () => void): void {
    if (!this.#isTroubled) report();
    this.#isTroubled = true;
  }
}

/** Why it is not worth trying; undefined where it is. Whoever died over it has tried as well. */
function tooLate({ attempts, expiresAt }: ClaimedMail, now: Date): Problem | undefined {
  if (expiresAt <= now) return { reason: 'It had expired before it could be sent.', isFinal: true };
  if (attempts <= MOST_ATTEMPTS) return undefined;
  return { reason: 'Nobody who began to send it came to an end.', isFinal: true };
}
