import { isDeepStrictEqual } from 'node:util';

import type { JsonObject } from '../../kernel/json.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Secret } from '../../kernel/secret.js';
import type { Actor, Change } from '../../flow/change.js';
import type { Invitation, InvitationSettings } from '../../flow/invitation.js';
import { tokenHash } from '../../identity/token.js';
import { recordChange } from '../event-rows.js';
import { invitationOf } from '../invitation-rows.js';
import { isId } from '../tables.js';
import type { SqlTransaction } from '../tables.js';
import { expectVersion } from '../versions.js';
import { expectCover, groupsJoinedByInvitation } from './conferred-rights.js';

export async function createInvitation(
  trx: SqlTransaction,
  by: Actor,
  { id, token, ...settings }: InvitationSettings & { readonly id: string; readonly token: Secret },
  details: JsonObject = {},
): Promise<void> {
  await expectMayInvite(trx, settings.flowId, by);
  await trx
    .insertInto('invitation')
    .values({
      ...{ id, ...columnsOf(settings), uses: 0, version: 1 },
      ...{ token_hash: tokenHash(token), created_by: by.userId, created_at: by.now },
    })
    .execute();
  const { name } = settings;
  await record(trx, by, { id, name }, { change: 'CREATED', fields: Object.keys(settings), details });
}

/** Whether that has changed anything. */
export async function updateInvitation(
  trx: SqlTransaction,
  by: Actor,
  id: string,
  decided: Partial<InvitationSettings>,
  ifVersion: number | null,
): Promise<boolean> {
  const present = await lockedInvitation(trx, id);
  expectVersion('invitation', present.version, ifVersion);
  const wanted = { ...present, ...decided };
  const fields = differing(present, wanted);
  if (fields.length === 0) return false;
  await expectMayInvite(trx, wanted.flowId, by);
  await trx
    .updateTable('invitation')
    .set({ ...columnsOf(wanted), version: present.version + 1 })
    .where('id', '=', id)
    .execute();
  await record(trx, by, wanted, { change: 'UPDATED', fields });
  return true;
}

/** Gives an open invitation another secret. */
export async function renewInvitation(
  trx: SqlTransaction,
  by: Actor,
  present: Invitation,
  token: Secret,
  details: JsonObject,
): Promise<void> {
  // Whoever knows the new secret is let in: it may have been somebody else who has invited.
  await expectMayInvite(trx, present.flowId, by);
  await trx
    .updateTable('invitation')
    .set({ token_hash: tokenHash(token), version: present.version + 1 })
    .where('id', '=', present.id)
    .execute();
  await record(trx, by, present, { change: 'UPDATED', fields: ['token'], details });
}

export async function deleteInvitation(trx: SqlTransaction, by: Actor, id: string): Promise<void> {
  const present = await lockedInvitation(trx, id);
  await trx.deleteFrom('invitation').where('id', '=', id).execute();
  await record(trx, by, present, { change: 'DELETED', fields: [] });
}

/** Nobody uses or changes it until this transaction ends. */
export async function lockedInvitation(trx: SqlTransaction, id: string): Promise<Invitation> {
  const row = isId(id)
    ? await trx.selectFrom('invitation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw Refusal.notFound('invitation');
  return invitationOf(row);
}

/** Whoever lets people in hands out what the flow gives them. */
async function expectMayInvite(trx: SqlTransaction, flowId: string | null, by: Actor): Promise<void> {
  const groupIds = await groupsJoinedByInvitation(trx, flowId);
  await expectCover({ trx, by }, groupIds, 'A group that the flow puts people into');
}

async function record(
  trx: SqlTransaction,
  by: Actor,
  { id, name }: Pick<Invitation, 'id' | 'name'>,
  what: Pick<Change, 'change' | 'fields' | 'details'>,
): Promise<void> {
  const object = { type: 'INVITATION', id, name } as const;
  await recordChange(trx, by, { action: 'INVITATION_CHANGED', object, ...what });
}

function columnsOf({ name, flowId, singleUse, fixedData, expiresAt }: InvitationSettings) {
  return {
    name,
    flow_id: flowId,
    single_use: singleUse,
    fixed_data: fixedData,
    expires_at: expiresAt,
  };
}

function differing(present: InvitationSettings, wanted: InvitationSettings): (keyof InvitationSettings)[] {
  const fields = ['name', 'flowId', 'singleUse', 'fixedData', 'expiresAt'] as const;
  return fields.filter((field) => !isDeepStrictEqual(present[field], wanted[field]));
}
