import { secondsAfter } from '../kernel/clock.js';
import type { Language } from '../kernel/language.js';
import type { MailTemplate } from './services/mail-texts.js';

/** How long a mail belongs to whoever has claimed it. Longer than sending it may take. */
export const LEASE_SECONDS = 60;
export const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 15 * 60;

/** A mail that nobody else sends for the time of the lease. */
export interface ClaimedMail {
  readonly id: string;
  /** Of this claim. */
  readonly claim: string;
  readonly template: MailTemplate;
  /** Null where there only had to be a mail, as there is one for anybody; of a text message, the number's last digits. */
  readonly to: string | null;
  readonly userId: string | null;
  /** Which stage is configured with who sends it; null where that is no matter of stages. */
  readonly stageId: string | null;
  readonly language: Language;
  readonly brandName: string;
  /** How often it has been claimed so far, this time included. */
  readonly attempts: number;
  readonly expiresAt: Date;
  /** What it says. Throws where that cannot be decrypted. */
  values(): Readonly<Record<string, string>>;
}

/** Mails, or text messages, that are waiting to be sent, as those see them who send them. */
export interface Outbox {
  /** The mail that is due longest, of all but those that the caller is sending already; undefined where none is. */
  claim(now: Date, underWay: readonly string[]): Promise<ClaimedMail | undefined>;
  /** Forgets what the mail said, and records that it was sent: once, whoever else may have sent it meanwhile. */
  sent(mail: ClaimedMail, now: Date): Promise<void>;
  /** Lets the mail be tried again. Does nothing where somebody else has claimed it meanwhile. */
  postpone(mail: ClaimedMail, reason: string, until: Date): Promise<void>;
  /** Forgets what the mail said, and records why it was not sent. The same. */
  giveUp(mail: ClaimedMail, reason: string, now: Date): Promise<void>;
  /** Forgets a mail that was for nobody; there is nothing to record. */
  dismiss(mail: ClaimedMail, now: Date): Promise<void>;
  /** Settles what has waited since then without having been sent: for where nobody sends mails. */
  discard(createdBefore: Date, now: Date): Promise<void>;
}

/** When to try again what has failed now; null for never: it was tried often enough, or would come too late. */
export function nextAttempt(
  { attempts, expiresAt }: Pick<ClaimedMail, 'attempts' | 'expiresAt'>,
  now: Date,
): Date | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS);
  const next = secondsAfter(now, pause);
  return next < expiresAt ? next : null;
}
