import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';
import { z } from 'zod';

import { secondsAfter } from '../kernel/clock.js';
import type { JsonObject } from '../kernel/json.js';
import { serviceItself } from '../flow/change.js';
import type { EventAction } from '../flow/event-actions.js';
import { LEASE_SECONDS } from '../flow/outbox.js';
import type { ClaimedMail, Outbox } from '../flow/outbox.js';
import type { MailStatus, MessageChannel } from '../flow/mail.js';
import { isMailTemplate, mailTemplates } from '../flow/services/mail-texts.js';
import type { KeyRing } from '../identity/key-ring.js';
import { insertEvent } from './event-rows.js';
import type { MailContent } from './mail-rows.js';
import { moment } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';

const mailContent: z.ZodType<MailContent> = z.object({ values: z.record(z.string(), z.string()) });

/** How the event log tells of what has become of a message. */
const eventActions = {
  MAIL: { sent: 'MAIL_SENT', failed: 'MAIL_FAILED' },
  SMS: { sent: 'TEXT_SENT', failed: 'TEXT_FAILED' },
} as const satisfies Record<MessageChannel, Record<'sent' | 'failed', EventAction>>;

/**
 * One channel's part of the outbox as a table: of any number of processes that look into it at once, each is given other
 * messages.
 */
export class SqlOutbox implements Outbox {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
    private readonly channel: MessageChannel,
  ) {}

  async claim(now: Date, underWay: readonly string[]): Promise<ClaimedMail | undefined> {
    const claim = randomUUID();
    const due = this.db
      .selectFrom('mail')
      .select('id')
      .where('status', '=', 'QUEUED')
      .where('channel', '=', this.channel)
      .where('next_attempt_at', '<=', now)
      .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]))
      .$if(underWay.length > 0, (mails) => mails.where('id', 'not in', underWay))
      // A newer version of this service may have put in what only it can write.
      .where('template', 'in', Object.keys(mailTemplates))
      .orderBy('next_attempt_at')
      .limit(1)
      .forUpdate()
      .skipLocked();
    const row = await this.db
      .updateTable('mail')
      .set({ claim, claimed_until: secondsAfter(now, LEASE_SECONDS), attempts: sql<number>`attempts + 1` })
      .where('id', '=', due)
      .returning((mail) => [
        ...(['id', 'template', 'recipient', 'user_id', 'stage_id', 'language', 'sealed'] as const),
        ...(['attempts', 'expires_at'] as const),
        mail.selectFrom('installation').select('brand_name').where('id', '=', 1).as('brand_name'),
      ])
      .executeTakeFirst();
    if (!row) return undefined;
    const { id, template, language, attempts, sealed } = row;
    if (!isMailTemplate(template)) throw new Error(`a mail of an unknown kind was claimed: ${template}`);
    return {
      ...{ id, claim, template, language, attempts },
      to: row.recipient,
      userId: row.user_id,
      stageId: row.stage_id,
      brandName: row.brand_name ?? '',
      expiresAt: moment(row.expires_at),
      values: () => mailContent.parse(JSON.parse(this.keys.open(sealed ?? '', `mail ${id}`))).values,
    };
  }

  async sent(mail: ClaimedMail, now: Date): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      // Whoever may have claimed it since: it has been sent.
      const { numUpdatedRows } = await trx
        .updateTable('mail')
        .set({ ...settled('SENT', now), last_error: null })
        .where('id', '=', mail.id)
        .where('status', '=', 'QUEUED')
        .executeTakeFirst();
      if (numUpdatedRows > 0n) await record(trx, eventActions[this.channel].sent, mail, {}, now);
    });
  }

  async postpone({ id, claim }: ClaimedMail, reason: string, until: Date): Promise<void> {
    await this.db
      .updateTable('mail')
      .set({ claim: null, claimed_until: null, next_attempt_at: until, last_error: reason })
      .where('id', '=', id)
      .where('claim', '=', claim)
      .execute();
  }

  async giveUp(mail: ClaimedMail, reason: string, now: Date): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('mail')
        .set({ ...settled('DEAD', now), last_error: reason })
        .where('id', '=', mail.id)
        .where('claim', '=', mail.claim)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) await record(trx, eventActions[this.channel].failed, mail, { reason }, now);
    });
  }

  async dismiss({ id, claim }: ClaimedMail, now: Date): Promise<void> {
    await this.db
      .transaction()
      .execute((trx) =>
        trx
          .updateTable('mail')
          .set(settled('VOID', now))
          .where('id', '=', id)
          .where('claim', '=', claim)
          .execute(),
      );
  }

  async discard(createdBefore: Date, now: Date): Promise<void> {
    await this.db
      .updateTable('mail')
      .set(settled('VOID', now))
      .where('status', '=', 'QUEUED')
      .where('channel', '=', this.channel)
      .where('created_at', '<', createdBefore)
      .execute();
  }
}

/** What it said goes at once. */
function settled(status: MailStatus, now: Date) {
  return { status, sealed: null, claim: null, claimed_until: null, settled_at: now };
}

async function record(
  trx: SqlTransaction,
  action: EventAction,
  { id, template, userId, stageId, attempts }: ClaimedMail,
  more: JsonObject,
  now: Date,
): Promise<void> {
  const { address, userAgent, location } = serviceItself(now);
  const stage = stageId === null ? {} : { stageId };
  const details = { mail: id, template, ...stage, attempts, ...more };
  await insertEvent(trx, { action, userId, executionId: null, details, address, userAgent, location, now });
}
