import { randomUUID } from 'node:crypto';

import { secondsAfter } from '../../src/kernel/clock.js';
import { Secret } from '../../src/kernel/secret.js';
import { parseKeys } from '../../src/environment.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { insertMail } from '../../src/persistence/mail-rows.js';
import type { Sql } from '../../src/persistence/tables.js';

/** Of every installation whose outbox a test fills. */
export const MAIL_KEYS = `test:${Buffer.alloc(32, 7).toString('base64url')}`;
/** What every such mail says, and nothing else may. */
export const LINK = 'https://auth.example.org/flows/recovery#flowToken=hunter2';
export const CODE = '13572468';

const mailKeys = new KeyRing(parseKeys(MAIL_KEYS));

/** Puts a mail with a link and a code into the outbox, as a stage would have it put there; returns its id. */
export async function queueMail(
  sql: Sql,
  to: string | null,
  { now = new Date(), seconds = 3600 }: { now?: Date; seconds?: number } = {},
): Promise<string> {
  const id = randomUUID();
  const mail = {
    ...({ id, template: 'password-reset', to, userId: null, language: 'EN' } as const),
    values: { name: 'Ada', minutes: '10' },
    secrets: { url: new Secret(LINK), code: new Secret(CODE) },
    expiresAt: secondsAfter(now, seconds),
  };
  await sql.transaction().execute((trx) => insertMail(trx, mailKeys, mail, now));
  return id;
}
