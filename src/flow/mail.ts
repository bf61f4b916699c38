import { secondsAfter } from '../kernel/clock.js';
import type { SendMail } from './effect.js';
import { languageFor } from './language.js';
import type { MailTemplate } from './services/mail-texts.js';
import type { FlowUser } from './services/users.js';
import type { StageRun } from './stage-kind.js';

export const mailStatuses = ['QUEUED', 'SENT', 'DEAD', 'VOID'] as const;
/** Waiting to be sent; sent; given up; only there because it had to look as if there was one. */
export type MailStatus = (typeof mailStatuses)[number];

/** What is told of a change that has been made, is worth knowing for long. */
const NOTICE_SECONDS = 7 * 24 * 3600;

/** A mail that tells somebody what has been done with their account, at the address that it had; none without one. */
export function notice(
  {
    chance,
    client,
    now,
    services,
  }: Pick<StageRun, 'chance' | 'client' | 'now'> & {
    readonly services: Pick<StageRun['services'], 'definitions'>;
  },
  user: FlowUser,
  template: MailTemplate,
  values: Readonly<Record<string, string>> = {},
): SendMail[] {
  if (user.email === null) return [];
  return [
    {
      type: 'sendMail',
      id: chance.id(),
      template,
      to: user.email,
      userId: user.id,
      language: languageFor(user, client.languages, services.definitions.installation),
      values: { name: user.name, when: now.toISOString(), address: client.address, ...values },
      secrets: {},
      expiresAt: secondsAfter(now, NOTICE_SECONDS),
    },
  ];
}
