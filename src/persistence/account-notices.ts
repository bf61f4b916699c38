import { randomUUID } from 'node:crypto';

import type { Actor } from '../flow/change.js';
import { languageFor } from '../flow/language.js';
import { noticeTo } from '../flow/mail.js';
import type { MailTemplate } from '../flow/services/mail-texts.js';
import type { Mailing } from '../flow/services/mailing.js';
import type { FlowUser } from '../flow/services/users.js';
import type { KeyRing } from '../identity/key-ring.js';
import { insertMail } from './mail-rows.js';
import type { SqlTransaction } from './tables.js';

type Told = Pick<FlowUser, 'id' | 'email' | 'name' | 'attributes'>;

/** Tells people by mail what administrators have done with their accounts. */
export class AccountNotices {
  constructor(
    private readonly keys: KeyRing,
    private readonly mailing: Mailing,
  ) {}

  /** In the person's language, at the address that the account has; in the transaction that makes the change. */
  async tell(
    trx: SqlTransaction,
    person: Told,
    template: MailTemplate,
    { now, address }: Actor,
    values: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    if (!this.mailing.available || person.email === null) return;
    const installation = await trx.selectFrom('installation').select('language').executeTakeFirstOrThrow();
    const language = languageFor(person, [], installation);
    for (const mail of noticeTo(person, template, values, { id: randomUUID(), language, now, address }))
      await insertMail(trx, this.keys, mail, now);
  }
}
