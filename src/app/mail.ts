import type { Logger } from 'pino';

import { secondsAfter } from '../kernel/clock.js';
import type { Clock } from '../kernel/clock.js';
import type { Catalogue } from '../flow/catalogue.js';
import type { MessageChannel } from '../flow/mail.js';
import { MailDelivery } from '../flow/mail-delivery.js';
import type { DeliveryReports } from '../flow/mail-delivery.js';
import { mailWay, textWay } from '../flow/message-way.js';
import type { MailTransport } from '../flow/services/mail-transport.js';
import { Mailbox } from '../adapters/mail/mailbox.js';
import { openSmtp } from '../adapters/mail/smtp.js';
import { openMailTexts } from '../adapters/mail/texts.js';
import { openTextMessages } from '../adapters/sms/text-messages.js';
import type { Environment } from '../environment.js';
import type { KeyRing } from '../identity/key-ring.js';
import { SqlOutbox } from '../persistence/outbox.js';
import { KeptStageSecrets } from '../persistence/stage-secrets.js';
import type { Sql } from '../persistence/tables.js';
import { SqlTextSenders } from '../persistence/text-senders.js';
import type { StageKindDefinition } from '../stages/define.js';
import { projectRoot } from './project-root.js';

/** Another process may have a mail server, where this one was forgotten: it would have sent the mail by then. */
const UNSENT_SECONDS = 5 * 60;

/** How this process sends mails and text messages. */
export interface Mail {
  /** Where they can be looked at, in development without a mail server. */
  readonly mailbox: Mailbox | null;
  /** Sends what is due by now, while nobody waits for it. */
  wake(): void;
  /** The same for what nobody has been woken for; to be called every few seconds. */
  look(): Promise<void>;
  /** Settles once what is being sent has been. */
  close(): Promise<void>;
}

/** Whether mails get anywhere. */
export function isMailAvailable({ smtpUrl, production }: Environment): boolean {
  return smtpUrl !== null || !production;
}

/** Opens the ways that mails and text messages take. Rejects where their texts cannot be used. */
export async function openMail(
  environment: Environment,
  sql: Sql,
  keys: KeyRing,
  clock: Clock,
  logger: Logger,
): Promise<Mail> {
  const texts = await openMailTexts({
    shipped: new URL('mail/', projectRoot()),
    own: environment.mailTemplatesDirectory,
  });
  const { production, publicUrl } = environment;
  const mails = wayOut(environment, clock);
  const queue = (channel: MessageChannel) => new SqlOutbox(sql, keys, channel);
  // Each has lanes of its own: a provider that does not answer holds up no mail.
  const textMessages = new MailDelivery({
    outbox: queue('SMS'),
    way: textWay({
      words: texts,
      senders: new SqlTextSenders(sql, new KeptStageSecrets(keys)),
      transport: openTextMessages({ production, mailbox: mails?.mailbox ?? null }),
      hostname: new URL(publicUrl).hostname,
    }),
    clock,
    reports: reportsOf(logger, 'text message'),
  });
  if (!mails) return withoutMail(queue('MAIL'), textMessages, clock);
  const delivery = new MailDelivery({
    outbox: queue('MAIL'),
    way: mailWay(texts, mails.transport),
    clock,
    reports: reportsOf(logger, 'mail'),
  });
  const wake = (): void => {
    delivery.wake();
    textMessages.wake();
  };
  return {
    mailbox: mails.mailbox,
    wake,
    look: async () => wake(),
    async close() {
      await Promise.all([delivery.close(), textMessages.close()]);
    },
  };
}

function reportsOf(logger: Logger, message: string): DeliveryReports {
  return {
    failing: (reason, { id, template }) =>
      logger.warn({ mail: id, template, reason }, `${message}s cannot be sent; they are tried again`),
    givenUp: (reason, { id, template, attempts }) =>
      logger.error({ mail: id, template, attempts, reason }, `a ${message} was given up`),
    broken: (error) => logger.warn({ err: error }, `${message}s cannot be looked for, or kept account of`),
  };
}

interface WayOut {
  readonly mailbox: Mailbox | null;
  readonly transport: MailTransport;
}

/** Undefined where mails get nowhere. */
function wayOut(environment: Environment, clock: Clock): WayOut | undefined {
  const { smtpUrl: url, mailFrom: from } = environment;
  if (!isMailAvailable(environment)) return undefined;
  if (url !== null) return { mailbox: null, transport: openSmtp({ url, from }) };
  const mailbox = new Mailbox(clock);
  return { mailbox, transport: mailbox };
}

/** Mails that were to be sent are settled without that: nobody would want them by the time there is a mail server. */
function withoutMail(mails: SqlOutbox, textMessages: MailDelivery, clock: Clock): Mail {
  return {
    mailbox: null,
    wake: () => textMessages.wake(),
    look() {
      textMessages.wake();
      const now = clock.now();
      return mails.discard(secondsAfter(now, -UNSENT_SECONDS), now);
    },
    close: () => textMessages.close(),
  };
}

/** Throws where a flow cannot work without mail, and says which and why. */
export function expectNoNeedOfMail({ flows }: Catalogue, kinds: readonly StageKindDefinition[]): void {
  const needy = new Set(kinds.filter(({ needsMail }) => needsMail).map(({ name }) => name));
  const needs = flows.flatMap(({ slug, stageBindings }) =>
    stageBindings
      .filter(({ stage }) => needy.has(stage.kind))
      .map(({ stage }) => `the flow ${slug} needs it for its stage ${stage.name}`),
  );
  if (needs.length > 0) throw new Error(`SMTP_URL must be set in production: ${needs.join(', ')}.`);
}
