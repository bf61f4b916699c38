import { sql } from 'kysely';
import type { ExpressionBuilder, SqlBool } from 'kysely';

import { canonical, storableText } from '../kernel/text.js';
import type { Actor } from '../flow/change.js';
import type {
  ReputationFilter,
  ReputationOrder,
  ReputationPageRequest,
  ReputationPosition,
  ReputationRecord,
  ReputationRecords,
} from '../flow/reputation-records.js';
import { addressGroup } from '../identity/guess-rule.js';
import type { KeyRing } from '../identity/key-ring.js';
import { recordChange } from './event-rows.js';
import { isHashedName, storedName } from './reputation-store.js';
import { moment } from './tables.js';
import type { Sql, Tables } from './tables.js';

/** Orders equals, and names a record without telling the hash that may be in it. */
const key = sql<string>`md5(identifier || ' ' || address)`;

export class SqlReputationRecords implements ReputationRecords {
  constructor(
    private readonly db: Sql,
    private readonly keys: KeyRing,
  ) {}

  async list({ filter, order, size, after, now }: ReputationPageRequest) {
    const rows = await this.db
      .selectFrom('reputation')
      .selectAll()
      .select(key.as('key'))
      .where((where) => this.#matches(where, filter, now))
      .where((where) => (after ? isBehind(order, after) : where.lit(true)))
      .orderBy(order === 'SCORE_ASC' ? 'score' : 'updated_at', order === 'SCORE_ASC' ? 'asc' : 'desc')
      .orderBy(key, order === 'SCORE_ASC' ? 'asc' : 'desc')
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    const items = rows.slice(0, size).map(
      (row): ReputationRecord => ({
        identifier: isHashedName(row.identifier) ? null : row.identifier,
        address: row.address,
        score: row.score,
        updatedAt: moment(row.updated_at),
        expiresAt: moment(row.expires_at),
        key: row.key,
      }),
    );
    return { items, hasMore: rows.length > size };
  }

  async count(filter: ReputationFilter, now: Date): Promise<number> {
    const { count } = await this.db
      .selectFrom('reputation')
      .select((select) => select.fn.countAll().as('count'))
      .where((where) => this.#matches(where, filter, now))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async forget(filter: ReputationFilter, by: Actor): Promise<number> {
    return this.db.transaction().execute(async (trx) => {
      const forgotten = await trx
        .deleteFrom('reputation')
        .where((where) => this.#matches(where, filter, by.now))
        .returning('identifier')
        .execute();
      if (forgotten.length === 0) return 0;
      // What was typed where there is no account may be a password: only names of accounts are told.
      const known = forgotten.find((row) => !isHashedName(row.identifier))?.identifier;
      const name = filter.identifier === null ? null : (known ?? null);
      const address = filter.address === null ? null : addressGroup(filter.address);
      await recordChange(trx, by, {
        action: 'REPUTATION_FORGOTTEN',
        object: { type: 'REPUTATION', id: null, name: name ?? address ?? '' },
        change: 'DELETED',
        fields: [],
        details: { address, identifier: name, records: forgotten.length },
      });
      return forgotten.length;
    });
  }

  #matches(
    where: ExpressionBuilder<Tables, 'reputation'>,
    { identifier, address }: ReputationFilter,
    now: Date,
  ) {
    return where.and([
      where('expires_at', '>', now),
      ...(identifier === null ? [] : [where('identifier', 'in', this.#storedNames(identifier))]),
      ...(address === null ? [] : [where('address', '=', addressGroup(address))]),
    ]);
  }

  /** As the name of an account, and as what was typed where there was none. */
  #storedNames(typed: string): string[] {
    const identifier = canonical(storableText(typed));
    return [true, false].map((known) => storedName(this.keys, { identifier, known }));
  }
}

function isBehind(order: ReputationOrder, { score, updatedAt, key: last }: ReputationPosition) {
  switch (order) {
    case 'SCORE_ASC':
      return sql<SqlBool>`(score, ${key}) > (${score}::int, ${last})`;
    case 'UPDATED_AT_DESC':
      return sql<SqlBool>`(updated_at, ${key}) < (${updatedAt}::timestamptz, ${last})`;
  }
}
