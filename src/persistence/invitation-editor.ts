import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { JsonObject } from '../kernel/json.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor, Change } from '../flow/change.js';
import type { SendMail } from '../flow/effect.js';
import { stateOf } from '../flow/invitation.js';
import type { Invitation } from '../flow/invitation.js';
import { expiryOf } from '../flow/invitation-rules.js';
import type { InvitationFields } from '../flow/invitation-rules.js';
import type { InvitationEditor } from '../flow/invitation-store.js';
import type { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/token.js';
import { asRefusal } from './constraints.js';
import { expectCover, groupsJoinedByInvitation } from './editing/conferred-rights.js';
import { recordChange } from './event-rows.js';
import { invitationOf } from './invitation-rows.js';
import { insertMail } from './mail-rows.js';
import { isId } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';
import { expectVersion } from './versions.js';

/** What administrators decide of an invitation, as it is kept. */
type Settings = Pick<Invitation, 'name' | 'flowId' | 'singleUse' | 'fixedData' | 'expiresAt'>;

/** What an edit has done, for the event log; undefined where it has changed nothing. */
type Edited = (Pick<Change, 'change' | 'fields' | 'details'> & Pick<Invitation, 'id' | 'name'>) | undefined;

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
    const settings = { ...decided, expiresAt: expiryOf(lifetime, by.now) };
    await this.#edit(by, async (trx) => {
      await expectMayInvite(trx, settings.flowId, by);
      await trx
        .insertInto('invitation')
        .values({
          ...{ id, ...columnsOf(settings), uses: 0, version: 1 },
          ...{ token_hash: tokenHash(token), created_by: by.userId, created_at: by.now },
        })
        .execute();
      const details = await this.#post(trx, mails, by);
      return { change: 'CREATED', id, name: settings.name, fields: Object.keys(settings), details };
    });
    return id;
  }

  async update(
    id: string,
    { lifetime, ...decided }: Partial<InvitationFields>,
    ifVersion: number | null,
    by: Actor,
  ): Promise<void> {
    await this.#edit(by, async (trx) => {
      const present = await lockedInvitation(trx, id);
      expectVersion('invitation', present.version, ifVersion);
      const wanted = {
        ...present,
        ...decided,
        ...(lifetime !== undefined && { expiresAt: expiryOf(lifetime, by.now) }),
      };
      const fields = differing(present, wanted);
      if (fields.length === 0) return undefined;
      await expectMayInvite(trx, wanted.flowId, by);
      const { name, version } = wanted;
      await trx
        .updateTable('invitation')
        .set({ ...columnsOf(wanted), version: version + 1 })
        .where('id', '=', id)
        .execute();
      return { change: 'UPDATED', id, name, fields };
    });
  }

  async renew(
    { id, version }: Pick<Invitation, 'id' | 'version'>,
    token: Secret,
    mails: readonly SendMail[],
    by: Actor,
  ): Promise<void> {
    await this.#edit(by, async (trx) => {
      const present = await lockedInvitation(trx, id);
      expectVersion('invitation', present.version, version);
      expectOpen(present, by.now);
      // Whoever knows the new secret is let in: it may have been somebody else who has invited.
      await expectMayInvite(trx, present.flowId, by);
      await trx
        .updateTable('invitation')
        .set({ token_hash: tokenHash(token), version: version + 1 })
        .where('id', '=', id)
        .execute();
      const details = await this.#post(trx, mails, by);
      return { change: 'UPDATED', id, name: present.name, fields: ['token'], details };
    });
  }

  async delete(id: string, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const { name } = await lockedInvitation(trx, id);
      await trx.deleteFrom('invitation').where('id', '=', id).execute();
      return { change: 'DELETED', id, name, fields: [] };
    });
  }

  /** Puts the mails into the outbox. What is to be recorded of that is whom they are sent to, and not what they say. */
  async #post(trx: SqlTransaction, mails: readonly SendMail[], { now }: Actor): Promise<JsonObject> {
    for (const mail of mails) await insertMail(trx, this.keys, mail, now);
    const sentTo = mails.flatMap(({ to }) => (to === null ? [] : [to]));
    return sentTo.length === 0 ? {} : { sentTo };
  }

  /** Does the work, and records it. */
  async #edit(by: Actor, work: (trx: SqlTransaction) => Promise<Edited>): Promise<void> {
    try {
      await this.db.transaction().execute(async (trx) => {
        const edited = await work(trx);
        if (!edited) return;
        const { id, name, ...what } = edited;
        const object = { type: 'INVITATION', id, name } as const;
        await recordChange(trx, by, { action: 'INVITATION_CHANGED', object, ...what });
      });
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

/** Whoever lets people in hands out what the flow gives them. */
async function expectMayInvite(trx: SqlTransaction, flowId: string | null, by: Actor): Promise<void> {
  const groupIds = await groupsJoinedByInvitation(trx, flowId);
  await expectCover({ trx, by }, groupIds, 'A group that the flow puts people into');
}

function expectOpen(invitation: Invitation, now: Date): void {
  const problems = { OPEN: null, USED: 'has been used', EXPIRED: 'has expired' } as const;
  const problem = problems[stateOf(invitation, now)];
  if (problem !== null)
    throw new Refusal('CONFLICT', `The invitation ${problem}: it lets nobody in any more.`);
}

/** Nobody uses or changes it until this transaction ends. */
async function lockedInvitation(trx: SqlTransaction, id: string): Promise<Invitation> {
  const row = isId(id)
    ? await trx.selectFrom('invitation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw Refusal.notFound('invitation');
  return invitationOf(row);
}

function columnsOf({ name, flowId, singleUse, fixedData, expiresAt }: Settings) {
  return {
    name,
    flow_id: flowId,
    single_use: singleUse,
    fixed_data: fixedData,
    expires_at: expiresAt,
  };
}

function differing(present: Settings, wanted: Settings): (keyof Settings)[] {
  const fields = ['name', 'flowId', 'singleUse', 'fixedData', 'expiresAt'] as const;
  return fields.filter((field) => !isDeepStrictEqual(present[field], wanted[field]));
}
