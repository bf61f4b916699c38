import { Refusal } from '../kernel/refusal.js';
import { mailLinkKey } from '../flow/context-keys.js';
import type { ConfirmMailLink, IssueMailLink } from '../flow/effect.js';
import type { Commit } from '../flow/execution-store.js';
import { landingAt } from '../flow/landing.js';
import { tokenHash } from '../identity/token.js';
import type { ExecutionCodec, ExecutionColumns } from './execution-codec.js';
import { moment } from './tables.js';
import type { SqlTransaction } from './tables.js';

/**
 * Whether an execution waits for this link now: it has neither ended nor expired, and stands at the stage that mailed it,
 * which has mailed no other since. Nothing else decides whether a link is good.
 */
export function isAwaited(
  codec: ExecutionCodec,
  execution: ExecutionColumns | undefined,
  linkId: string,
  now: Date,
): boolean {
  if (execution?.status !== 'RUNNING' || moment(execution.expires_at) <= now) return false;
  return codec.decode(execution).context.get(mailLinkKey) === linkId;
}

/** Keeps the link of the newest mail, and none of those before it. It is nobody's: whoever opens it is not known by it. */
export async function issueMailLink(
  trx: SqlTransaction,
  codec: ExecutionCodec,
  { id, token, flowId, bindingId, stageId, matchCode, expiresAt }: IssueMailLink,
  { execution: { id: executionId }, now }: Commit,
): Promise<void> {
  const landing = { linkId: id, executionId, matchCode: matchCode.reveal() };
  await trx
    .deleteFrom('flow_token')
    .where('execution_id', '=', executionId)
    .where('purpose', '=', 'MAIL_LINK')
    .where('used_at', 'is', null)
    .execute();
  await trx
    .insertInto('flow_token')
    .values({
      id,
      token_hash: tokenHash(token),
      flow_id: flowId,
      purpose: 'MAIL_LINK',
      user_id: null,
      suspension: codec.encodeSuspension(id, landingAt(flowId, { bindingId, stageId }, landing)),
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
      execution_id: executionId,
      confirmed_at: null,
    })
    .execute();
}

/**
 * Uses a link up, once, where the execution that mailed it waits for it. That one counts as changed then: whoever follows
 * it looks again, and an answer that is being looked at is looked at anew. Executions are taken hold of before links, as
 * where they go on.
 */
export async function confirmMailLink(
  trx: SqlTransaction,
  codec: ExecutionCodec,
  { id, executionId }: ConfirmMailLink,
  now: Date,
): Promise<void> {
  const waiting = await trx
    .selectFrom('execution')
    .selectAll()
    .where('id', '=', executionId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!waiting || !isAwaited(codec, waiting, id, now)) throw goodNoLonger();
  const confirmed = await trx
    .updateTable('flow_token')
    .set({ used_at: now, confirmed_at: now })
    .where('id', '=', id)
    .where('execution_id', '=', executionId)
    .where('purpose', '=', 'MAIL_LINK')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (confirmed.numUpdatedRows !== 1n) throw goodNoLonger();
  await trx
    .updateTable('execution')
    .set({ version: waiting.version + 1, claim: null, claimed_until: null })
    .where('id', '=', executionId)
    .execute();
}

function goodNoLonger(): Refusal {
  return new Refusal('CONFLICT', 'The link has been used in the meantime, or is waited for no longer.');
}
