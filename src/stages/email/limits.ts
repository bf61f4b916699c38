import { durationSeconds } from '../../kernel/duration.js';
import type { RateVerdict } from '../../flow/services/rates.js';
import type { Recipient } from './recipient.js';
import type { EmailRun } from './run.js';

/** So many mails may be asked for from one address, and in all, in ten minutes. */
const FROM_ADDRESS = { by: 'address', most: 20, seconds: 600 } as const;
const IN_ALL = { by: 'installation', name: 'mails', most: 1000, seconds: 600 } as const;

export type MailVerdict =
  /** `silently`: it must look as if there was a mail, and there is none. */
  | { readonly allowed: true; readonly silently: boolean; readonly nextAt: Date }
  | { readonly allowed: false; readonly nextAt: Date };

/**
 * Counts a mail before it is made. What was typed is counted whether or not it names anybody, so that being refused tells
 * nothing; the account behind it besides, which several names share, and that is told to nobody. Who asks comes first:
 * whoever is refused for asking too often uses up nothing of what others have.
 */
export async function countMail(
  { services: { rates }, config, client }: EmailRun,
  { typed, user, owner }: Recipient,
): Promise<MailVerdict> {
  const perRecipient = { most: config.maxMails, seconds: durationSeconds(config.mailWindow) };
  const accountId = user?.id ?? owner?.id;
  const told: RateVerdict[] = [];
  for (const limit of [
    { ...FROM_ADDRESS, name: client.address },
    { by: 'recipient', name: typed, ...perRecipient } as const,
    IN_ALL,
  ]) {
    const verdict = await rates.count(limit);
    if (!verdict.allowed) return verdict;
    told.push(verdict);
  }
  const account = accountId === undefined ? `nobody ${typed}` : `user ${accountId}`;
  const { allowed } = await rates.count({ by: 'account', name: account, ...perRecipient });
  const nextAt = new Date(Math.max(...told.map((verdict) => verdict.nextAt.getTime())));
  return { allowed: true, silently: !allowed, nextAt };
}
