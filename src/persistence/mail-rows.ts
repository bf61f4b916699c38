import type { SendMail, SendText } from '../flow/effect.js';
import type { MessageChannel } from '../flow/mail.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { SqlTransaction } from './tables.js';

/** What a mail says, as it is encrypted. */
export interface MailContent {
  readonly values: Readonly<Record<string, string>>;
}

/** Puts a mail into the outbox: it is sent if, and only if, the transaction is committed. */
export async function insertMail(
  trx: SqlTransaction,
  keys: KeyRing,
  { template, to, values, secrets, ...mail }: Omit<SendMail, 'type'>,
  now: Date,
): Promise<void> {
  const revealed = Object.entries(secrets).map(([name, secret]): [string, string] => [name, secret.reveal()]);
  const content: MailContent = { values: { ...values, ...Object.fromEntries(revealed) } };
  await insert(trx, keys, { ...mail, channel: 'MAIL', stageId: null, template, recipient: to }, content, now);
}

/**
 * The same for a text message. Its number is sealed with what it says: whoever reads the table is not handed a list of
 * telephone numbers.
 */
export async function insertText(
  trx: SqlTransaction,
  keys: KeyRing,
  { to, secrets, ...text }: Omit<SendText, 'type'>,
  now: Date,
): Promise<void> {
  const content: MailContent = { values: { code: secrets.code.reveal(), number: to } };
  const recipient = `…${to.slice(-SHOWN_DIGITS)}`;
  await insert(trx, keys, { ...text, channel: 'SMS', template: TEXT_TEMPLATE, recipient }, content, now);
}

/** Enough to find a message again that somebody asks about. */
const SHOWN_DIGITS = 2;

/** What text messages are for: there is only one thing that they say. */
const TEXT_TEMPLATE = 'sign-in-code';

interface Queued extends Pick<SendMail, 'id' | 'userId' | 'language' | 'expiresAt'> {
  readonly channel: MessageChannel;
  readonly stageId: string | null;
  readonly template: string;
  readonly recipient: string | null;
}

async function insert(
  trx: SqlTransaction,
  keys: KeyRing,
  { id, channel, stageId, template, recipient, userId, language, expiresAt }: Queued,
  content: MailContent,
  now: Date,
): Promise<void> {
  await trx
    .insertInto('mail')
    .values({
      ...{ id, channel, stage_id: stageId, template, recipient, user_id: userId, language },
      sealed: keys.seal(JSON.stringify(content), `mail ${id}`),
      // What is for nobody as well: it takes the same time here, and what follows takes others as long.
      status: 'QUEUED',
      attempts: 0,
      next_attempt_at: now,
      claim: null,
      claimed_until: null,
      last_error: null,
      created_at: now,
      expires_at: expiresAt,
      settled_at: null,
    })
    .execute();
}
