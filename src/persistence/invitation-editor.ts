import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { secondsAfter } from '../kernel/clock.js';
import { durationSeconds } from '../kernel/duration.js';
import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor, Change } from '../flow/change.js';
import type { Invitation } from '../flow/invitation.js';
import type { InvitationFields } from '../flow/invitation-rules.js';
import type { InvitationEditor } from '../flow/invitation-store.js';
import { tokenHash } from '../identity/token.js';
import { asRefusal } from './constraints.js';
import { expectCover, groupsJoinedByInvitation } from './editing/conferred-rights.js';
import { recordChange } from './event-rows.js';
import { invitationOf } from './invitation-rows.js';
import { isId } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';
import { expectVersion } from './versions.js';

/** What administrators decide of an invitation, as it is kept. */
type Settings = Pick<Invitation, 'name' | 'flowId' | 'singleUse' | 'fixedData' | 'expiresAt'>;

/** What an edit has done, for the event log; undefined where it has changed nothing. */
type Edited = (Pick<Change, 'change' | 'fields'> & Pick<Invitation, 'id' | 'name'>) | undefined;

export class SqlInvitationEditor implements InvitationEditor {
  constructor(private readonly db: Sql) {}

  async create(fields: InvitationFields, token: Secret, by: Actor): Promise<string> {
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
      return { change: 'CREATED', id, name: settings.name, fields: Object.keys(settings) };
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

  async delete(id: string, by: Actor): Promise<void> {
    await this.#edit(by, async (trx) => {
      const { name } = await lockedInvitation(trx, id);
      await trx.deleteFrom('invitation').where('id', '=', id).execute();
      return { change: 'DELETED', id, name, fields: [] };
    });
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

/** Nobody uses or changes it until this transaction ends. */
/** Whoever lets people in hands out what the flow gives them. */
async function expectMayInvite(trx: SqlTransaction, flowId: string | null, by: Actor): Promise<void> {
  const groupIds = await groupsJoinedByInvitation(trx, flowId);
  await expectCover({ trx, by }, groupIds, 'A group that the flow puts people into');
}

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

function expiryOf(lifetime: InvitationFields['lifetime'], now: Date): Date | null {
  return lifetime === null ? null : secondsAfter(now, durationSeconds(lifetime));
}
