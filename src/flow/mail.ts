import { secondsAfter } from '../kernel/clock.js';
import type { Language } from '../kernel/language.js';
import type { SendMail } from './effect.js';
import { languageFor } from './language.js';
import type { MailTemplate } from './services/mail-texts.js';
import type { FlowUser } from './services/users.js';
import type { StageRun } from './stage-kind.js';

export const mailStatuses = ['QUEUED', 'SENT', 'DEAD', 'VOID'] as const;
/** Waiting to be sent; sent; given up; only there because it had to look as if there was one. */
export type MailStatus = (typeof mailStatuses)[number];

export const messageChannels = ['MAIL', 'SMS'] as const;
export type MessageChannel = (typeof messageChannels)[number];

/** What is told of a change that has been made, is worth knowing for long. */
const NOTICE_SECONDS = 7 * 24 * 3600;

interface Circumstances {
  readonly id: string;
  readonly language: Language;
  readonly now: Date;
  /** From where it was done. */
  readonly address: string;
}

/** A mail that tells somebody what has been done with their account, at the address that it had; none without one. */
export function noticeTo(
  { id: userId, email, name }: Pick<FlowUser, 'id' | 'email' | 'name'>,
  template: MailTemplate,
  values: Readonly<Record<string, string>>,
  { id, language, now, address }: Circumstances,
): SendMail[] {
  if (email === null) return [];
  return [
    {
      type: 'sendMail',
      id,
      template,
      to: email,
      userId,
      language,
      values: { name, when: now.toISOString(), address, ...values },
      secrets: {},
      expiresAt: secondsAfter(now, NOTICE_SECONDS),
    },
  ];
}

/** The same, of what is done in a flow; none where mails get nowhere. */
export function notice(
  { chance, client, now, services }: NoticingRun,
  user: FlowUser,
  template: MailTemplate,
  values: Readonly<Record<string, string>> = {},
): SendMail[] {
  if (!services.mailing.available) return [];
  const language = languageFor(user, client.languages, services.definitions.installation);
  return noticeTo(user, template, values, { id: chance.id(), language, now, address: client.address });
}

type NoticingRun = Pick<StageRun, 'chance' | 'client' | 'now'> & {
  readonly services: Pick<StageRun['services'], 'definitions' | 'mailing'>;
};
