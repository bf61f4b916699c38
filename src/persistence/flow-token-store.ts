import { randomUUID } from 'node:crypto';

import { Refusal } from '../kernel/refusal.js';
import type { Secret } from '../kernel/secret.js';
import type { Actor } from '../flow/change.js';
import type { FlowTokens, FoundFlowToken, NewFlowToken } from '../flow/execution-store.js';
import { tokenHash } from '../identity/token.js';
import { rightsOfUser } from './access-store.js';
import { lockedAccount, spoilRecoveryLinks } from './account-rows.js';
import { lockMemberships } from './administrators.js';
import { expectCovers } from './cover-rule.js';
import { recordChange } from './event-rows.js';
import type { ExecutionCodec } from './execution-codec.js';
import { isAwaited } from './mail-link-rows.js';
import type { Sql } from './tables.js';

/** Flow tokens, stored as hashes; what they go on with is encrypted. */
export class SqlFlowTokens implements FlowTokens {
  constructor(
    private readonly db: Sql,
    private readonly codec: ExecutionCodec,
  ) {}

  async find(token: Secret, now: Date): Promise<FoundFlowToken | undefined> {
    const row = await this.db
      .selectFrom('flow_token as t')
      .leftJoin('user_account as u', 'u.id', 't.user_id')
      .select(['t.id', 't.flow_id', 't.user_id', 't.suspension', 't.purpose', 't.execution_id', 'u.username'])
      .where('t.token_hash', '=', tokenHash(token))
      .where('t.used_at', 'is', null)
      .where('t.expires_at', '>', now)
      .executeTakeFirst();
    if (!row) return undefined;
    const isMailLink = row.purpose === 'MAIL_LINK';
    if (isMailLink && !(await this.#isAwaited(row.id, row.execution_id, now))) return undefined;
    return {
      id: row.id,
      isMailLink,
      flowId: row.flow_id,
      user: row.user_id === null ? null : { id: row.user_id, identifier: row.username ?? '' },
      suspension: row.suspension === null ? null : this.codec.decodeSuspension(row.id, row.suspension),
    };
  }

  /** A link in a mail is good as long as the execution that mailed it waits for it. */
  async #isAwaited(linkId: string, executionId: string | null, now: Date): Promise<boolean> {
    const execution = await this.db
      .selectFrom('execution')
      .selectAll()
      .where('id', '=', executionId)
      .executeTakeFirst();
    return isAwaited(this.codec, execution, linkId, now);
  }

  async issueForRecovery({ token, userId, suspension, expiresAt }: NewFlowToken, by: Actor): Promise<void> {
    const id = randomUUID();
    await this.db.transaction().execute(async (trx) => {
      // Of two administrators at once, one waits for the other, and the later link is the one that is good.
      await lockMemberships(trx);
      const account = await lockedAccount(trx, userId);
      await expectCovers(trx, by, await rightsOfUser(trx, userId), 'The account');
      if (!account.active) throw new Refusal('CONFLICT', 'The account is disabled.');
      await spoilRecoveryLinks(trx, userId);
      await trx
        .insertInto('flow_token')
        .values({
          id,
          token_hash: tokenHash(token),
          flow_id: suspension.flowId,
          purpose: 'RECOVERY',
          user_id: userId,
          suspension: this.codec.encodeSuspension(id, suspension),
          created_at: by.now,
          expires_at: expiresAt,
          used_at: null,
        })
        .execute();
      await recordChange(trx, by, {
        action: 'RECOVERY_LINK_CREATED',
        object: { type: 'USER', id: userId, name: account.username },
        change: 'CREATED',
        fields: [],
        userId,
        details: { flowTokenId: id },
      });
    });
  }
}
