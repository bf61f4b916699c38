import type { SendMail } from '../flow/effect.js';
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
  { id, template, to, userId, language, values, secrets, expiresAt }: Omit<SendMail, 'type'>,
  now: Date,
): Promise<void> {
  const revealed = Object.entries(secrets).map(([name, secret]): [string, string] => [name, secret.reveal()]);
  const content: MailContent = { values: { ...values, ...Object.fromEntries(revealed) } };
  await trx
    .insertInto('mail')
    .values({
      id,
      template,
      recipient: to,
      user_id: userId,
      language,
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
