import { randomUUID } from 'node:crypto';

import type { Secret } from '../kernel/secret.js';
import type { FlowTokens, FoundFlowToken, NewFlowToken } from '../flow/execution-store.js';
import { tokenHash } from '../identity/token.js';
import { insertEvent } from './event-rows.js';
import type { ExecutionCodec } from './execution-codec.js';
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
      .select(['t.id', 't.flow_id', 't.user_id', 't.suspension', 'u.username'])
      .where('t.token_hash', '=', tokenHash(token))
      .where('t.used_at', 'is', null)
      .where('t.expires_at', '>', now)
      .executeTakeFirst();
    if (!row) return undefined;
    return {
      id: row.id,
      flowId: row.flow_id,
      user: row.user_id === null ? null : { id: row.user_id, identifier: row.username ?? '' },
      suspension: row.suspension === null ? null : this.codec.decodeSuspension(row.id, row.suspension),
    };
  }

  async issueForRecovery(issued: NewFlowToken): Promise<void> {
    const { token, userId, suspension, createdBy, now, expiresAt, address, userAgent, location } = issued;
    const id = randomUUID();
    await this.db.transaction().execute(async (trx) => {
      // Of two administrators at once, one waits for the other, and the later link is the one that is good.
      await trx.selectFrom('user_account').select('id').where('id', '=', userId).forUpdate().execute();
      await trx
        .deleteFrom('flow_token')
        .where('user_id', '=', userId)
        .where('purpose', '=', 'RECOVERY')
        .where('used_at', 'is', null)
        .execute();
      await trx
        .insertInto('flow_token')
        .values({
          id,
          token_hash: tokenHash(token),
          flow_id: suspension.flowId,
          purpose: 'RECOVERY',
          user_id: userId,
          suspension: this.codec.encodeSuspension(id, suspension),
          created_at: now,
          expires_at: expiresAt,
          used_at: null,
        })
        .execute();
      await insertEvent(trx, {
        action: 'RECOVERY_LINK_CREATED',
        executionId: null,
        details: { createdBy, flowTokenId: id },
        ...{ userId, address, userAgent, location, now },
      });
    });
  }
}
