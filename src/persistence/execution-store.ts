import { randomUUID } from 'node:crypto';

import { sql } from 'kysely';

import type { Execution } from '../flow/execution.js';
import type {
  AnswerRecord,
  Claim,
  ClaimedExecution,
  ClaimRequest,
  Commit,
  ExecutionAddress,
  ExecutionStore,
  GivenResult,
} from '../flow/execution-store.js';
import type { KeyRing } from '../identity/key-ring.js';
import { applyEffects, prepareEffects } from './effects.js';
import type { ExecutionCodec } from './execution-codec.js';
import { isId, moment } from './tables.js';
import type { Sql, SqlTransaction } from './tables.js';
import { storedEntry } from './trace-codec.js';

export class SqlExecutionStore implements ExecutionStore {
  constructor(
    private readonly sql: Sql,
    private readonly codec: ExecutionCodec,
    private readonly keys: KeyRing,
  ) {}

  async insert(commit: Commit, ownerHash: string): Promise<void> {
    const { execution, now } = commit;
    await this.sql.transaction().execute(async (trx) => {
      await prepareEffects(trx, commit);
      await trx
        .insertInto('execution')
        .values({
          id: execution.id,
          version: 1,
          support_id: execution.supportId,
          client: execution.client,
          owner_hash: ownerHash,
          ...this.codec.encode(execution),
          claim: null,
          claimed_until: null,
          created_at: now,
          expires_at: execution.expiresAt,
        })
        .execute();
      await this.#record(trx, commit, 1);
      await applyEffects(trx, this.keys, commit);
    });
  }

  async find(address: ExecutionAddress): Promise<Execution | undefined> {
    const row = await this.#row(address);
    return row && this.codec.decode(row);
  }

  async claim({ executionId, client, ownerHash, answer, now, until }: ClaimRequest): Promise<Claim> {
    const address = { executionId, client, ownerHash };
    if (!isId(executionId)) return { type: 'unknown' };
    if (isId(answer.challengeId)) {
      const claim = randomUUID();
      const row = await this.sql
        .updateTable('execution')
        .set({ claim, claimed_until: until })
        .where('id', '=', executionId)
        .where('client', '=', client)
        .where('owner_hash', '=', ownerHash)
        .where('challenge_id', '=', answer.challengeId)
        .where('expires_at', '>', now)
        .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]))
        .returningAll()
        .executeTakeFirst();
      if (row)
        return {
          type: 'claimed',
          claimed: { execution: this.codec.decode(row), version: row.version, claim },
        };
    }
    return this.#whyNotClaimed(address, answer, now);
  }

  async commit(
    claimed: ClaimedExecution,
    commit: Commit,
    answer: AnswerRecord,
    given: GivenResult,
  ): Promise<boolean> {
    const { id } = commit.execution;
    return this.sql.transaction().execute(async (trx) => {
      await prepareEffects(trx, commit);
      const updated = await trx
        .updateTable('execution')
        .set({
          ...this.codec.encode(commit.execution),
          version: claimed.version + 1,
          claim: null,
          claimed_until: null,
        })
        .where('id', '=', id)
        .where('version', '=', claimed.version)
        .where('claim', '=', claimed.claim)
        .executeTakeFirst();
      if (updated.numUpdatedRows !== 1n) return false;
      await trx
        .insertInto('execution_answer')
        .values({
          execution_id: id,
          challenge_id: answer.challengeId,
          mac: answer.mac,
          given: this.codec.encodeResult(id, answer.challengeId, given),
          created_at: commit.now,
        })
        .execute();
      await this.#record(trx, commit, claimed.version + 1);
      await applyEffects(trx, this.keys, commit);
      return true;
    });
  }

  async release({ execution, claim }: ClaimedExecution): Promise<void> {
    await this.sql
      .updateTable('execution')
      .set({ claim: null, claimed_until: null })
      .where('id', '=', execution.id)
      .where('claim', '=', claim)
      .execute();
  }

  async replace(
    address: ExecutionAddress,
    change: (execution: Execution) => Commit | undefined,
  ): Promise<Execution | undefined> {
    for (;;) {
      const row = await this.#row(address);
      if (!row) return undefined;
      const before = this.codec.decode(row);
      const commit = change(before);
      if (!commit) return before;
      const version = row.version + 1;
      const replaced = await this.sql.transaction().execute(async (trx) => {
        await prepareEffects(trx, commit);
        const updated = await trx
          .updateTable('execution')
          .set({ ...this.codec.encode(commit.execution), version, claim: null, claimed_until: null })
          .where('id', '=', row.id)
          .where('version', '=', row.version)
          .executeTakeFirst();
        if (updated.numUpdatedRows !== 1n) return false;
        await trx.deleteFrom('execution_answer').where('execution_id', '=', row.id).execute();
        await this.#record(trx, commit, version);
        await applyEffects(trx, this.keys, commit);
        return true;
      });
      if (replaced) return commit.execution;
    }
  }

  /** What happened is kept beside the execution, a row for each request. */
  async #record(
    trx: SqlTransaction,
    { execution, trace, address, now }: Commit,
    version: number,
  ): Promise<void> {
    await trx
      .insertInto('execution_trace')
      .values({
        execution_id: execution.id,
        version,
        // A list would become an array of PostgreSQL's.
        entries: sql`${JSON.stringify(trace.map(storedEntry))}::jsonb`,
        address,
        created_at: now,
      })
      .execute();
  }

  async #whyNotClaimed(address: ExecutionAddress, answer: AnswerRecord, now: Date): Promise<Claim> {
    const row = await this.#row(address);
    if (!row) return { type: 'unknown' };
    const execution = this.codec.decode(row);
    const given = await this.#given(execution.id, answer);
    if (given) return { type: 'answered', execution, given };
    if (row.challenge_id !== answer.challengeId) return { type: 'stale', execution };
    return moment(row.expires_at) <= now ? { type: 'expired', execution } : { type: 'busy' };
  }

  async #given(executionId: string, answer: AnswerRecord): Promise<GivenResult | undefined> {
    if (!isId(answer.challengeId)) return undefined;
    const row = await this.sql
      .selectFrom('execution_answer')
      .select('given')
      .where('execution_id', '=', executionId)
      .where('challenge_id', '=', answer.challengeId)
      .where('mac', '=', answer.mac)
      .executeTakeFirst();
    return row && this.codec.decodeResult(executionId, answer.challengeId, row.given);
  }

  async #row({ executionId, client, ownerHash }: ExecutionAddress) {
    if (!isId(executionId)) return undefined;
    return this.sql
      .selectFrom('execution')
      .selectAll()
      .where('id', '=', executionId)
      .where('client', '=', client)
      .where('owner_hash', '=', ownerHash)
      .executeTakeFirst();
  }
}
