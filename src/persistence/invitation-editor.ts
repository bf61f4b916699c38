import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor } from '../flow/change.js';
import type { SendMail } from '../flow/effect.js';
import { stateOf } from '../flow/invitation.js';
import type { Invitation } from '../flow/invitation.js';
import { expiryOf } from '../flow/invitation-rules.js';
import type { InvitationFields } from '../flow/invitation-rules.js';
import type { InvitationEditor } from '../flow/invitation-store.js';
import type { KeyRing } from '../identity/key-ring.js';
import { asRefusal } from './constraints.js';
import {
  createInvitation,
  deleteInvitation,
  lockedInvitation,
  renewInvitation,
  updateInvitation,
} from './editing/invitations.js';
import { insertMail } from './mail-rows.js';
import type { Sql, SqlTransaction } from './tables.js';
import { expectVersion } from './versions.js';

export class SqlInvitationEditor implements InvitationEditor {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
  ) {}

  async create(
    fields: InvitationFields,
    token: Secret,
    mails: readonly SendMail[],
    by: Actor,
  ): Promise<string> {
    const id = randomUUID();
    const { lifetime, ...decided } = fields;
    const expiresAt = expiryOf(lifetime, by.now);
    await this.#transaction(async (trx) => {
      const details = await this.#post(trx, mails, by);
      await createInvitation(trx, by, { id, token, ...decided, expiresAt }, details);
    });
    return id;
  }

  async update(
    id: string,
    { lifetime, ...decided }: Partial<InvitationFields>,
    ifVersion: number | null,
    by: Actor,
  ): Promise<void> {
    const expiry = lifetime === undefined ? {} : { expiresAt: expiryOf(lifetime, by.now) };
    await this.#transaction((trx) => updateInvitation(trx, by, id, { ...decided, ...expiry }, ifVersion));
  }

  async renew(
    { id, version }: Pick<Invitation, 'id' | 'version'>,
    token: Secret,
    mails: readonly SendMail[],
    by: Actor,
  ): Promise<void> {
    await this.#transaction(async (trx) => {
      const present = await lockedInvitation(trx, id);
      expectVersion('invitation', present.version, version);
      expectOpen(present, by.now);
      await renewInvitation(trx, by, present, token, await this.#post(trx, mails, by));
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.#transaction((trx) => deleteInvitation(trx, by, id));
  }

  /** Puts the mails into the outbox. What is to be recorded of that is whom they are sent to, and not what they say. */
  async #post(trx: SqlTransaction, mails: readonly SendMail[], { now }: Actor): Promise<JsonObject> {
    for (const mail of mails) await insertMail(trx, this.keys, mail, now);
    const sentTo = mails.flatMap(({ to }) => (to === null ? [] : [to]));
    return sentTo.length === 0 ? {} : { sentTo };
  }

  async #transaction(work: (trx: SqlTransaction) => Promise<unknown>): Promise<void> {
    try {
      await this.db.transaction().execute(work);
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

function expectOpen(invitation: Invitation, now: Date): void {
  const problems = { OPEN: null, USED: 'has been used', EXPIRED: 'has expired' } as const;
  const problem = problems[stateOf(invitation, now)];
  if (problem !== null)
    throw new Refusal('CONFLICT', `The invitation ${problem}: it lets nobody in any more.`);
}
