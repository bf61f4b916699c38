import type { Logger } from 'pino';

import { secondsAfter } from '../kernel/clock.js';
import type { Clock } from '../kernel/clock.js';
import type { Catalogue } from '../flow/catalogue.js';
import { MailDelivery } from '../flow/mail-delivery.js';
import type { MailTransport } from '../flow/services/mail-transport.js';
import { Mailbox } from '../adapters/mail/mailbox.js';
import { openSmtp } from '../adapters/mail/smtp.js';
import { openMailTexts } from '../adapters/mail/texts.js';
import type { Environment } from '../environment.js';
import type { KeyRing } from '../identity/key-ring.js';
import { SqlOutbox } from '../persistence/outbox.js';
import type { Sql } from '../persistence/tables.js';
import type { StageKindDefinition } from '../stages/define.js';
import { projectRoot } from './project-root.js';

/** Another process may have a mail server, where this one was forgotten: it would have sent the mail by then. */
const UNSENT_SECONDS = 5 * 60;

/** How this process sends mails. */
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

/** Opens the ways that mails take. Rejects where their texts cannot be used. */
export async function openMail(
  environment: Environment,
  sql: Sql,
  keys: KeyRing,
  clock: Clock,
  logger: Logger,
): Promise<Mail> {
  const outbox = new SqlOutbox(sql, keys);
  if (!isMailAvailable(environment)) return noMail(outbox, clock);
  const texts = await openMailTexts({
    shipped: new URL('mail/', projectRoot()),
    own: environment.mailTemplatesDirectory,
  });
  const { mailbox, transport } = wayOut(environment, clock);
  const delivery = new MailDelivery({
    ...{ outbox, texts, transport, clock },
    reports: {
      failing: (reason, { id, template }) =>
        logger.warn({ mail: id, template, reason }, 'mails cannot be sent; they are tried again'),
      givenUp: (reason, { id, template, attempts }) =>
        logger.error({ mail: id, template, attempts, reason }, 'a mail was given up'),
      broken: (error) => logger.warn({ err: error }, 'mails cannot be looked for, or kept account of'),
    },
  });
  return {
    mailbox,
    wake: () => delivery.wake(),
    look: async () => delivery.wake(),
    close: () => delivery.close(),
  };
}

function wayOut(
  { smtpUrl: url, mailFrom: from }: Environment,
  clock: Clock,
): { readonly mailbox: Mailbox | null; readonly transport: MailTransport } {
  if (url !== null) return { mailbox: null, transport: openSmtp({ url, from }) };
  const mailbox = new Mailbox(clock);
  return { mailbox, transport: mailbox };
}

/** What was to be sent is settled without that: nobody would want it by the time there is a mail server. */
function noMail(outbox: SqlOutbox, clock: Clock): Mail {
  return {
    mailbox: null,
    wake: () => undefined,
    look() {
      const now = clock.now();
      return outbox.discard(secondsAfter(now, -UNSENT_SECONDS), now);
    },
    close: async () => undefined,
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
