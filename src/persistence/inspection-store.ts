import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';

import { inspected } from '../flow/inspected-execution.js';
import type {
  ExecutionFilter,
  ExecutionInspection,
  ExecutionName,
  ExecutionPage,
  ExecutionState,
  InspectedExecution,
  PageRequest,
  RecordedRequest,
} from '../flow/inspection.js';
import type { ExecutionCodec } from './execution-codec.js';
import { isBehind } from './keyset.js';
import { isId, moment } from './tables.js';
import type { Sql, Tables } from './tables.js';
import { readEntries } from './trace-codec.js';

/** A person can go on answering for as long as an execution lasts; what explains its end is at its end. */
const MOST_REQUESTS = 100;

type Where = ExpressionBuilder<Tables, 'execution'>;
type Condition = Expression<SqlBool>;

/** Reads executions for administrators, in one query for each call. What is secret in them does not leave this class. */
export class SqlExecutionInspection implements ExecutionInspection {
  constructor(
    private readonly sql: Sql,
    private readonly codec: ExecutionCodec,
  ) {}

  async list({ filter, size, after, newestFirst, now }: PageRequest): Promise<ExecutionPage> {
    const direction = newestFirst ? 'desc' : 'asc';
    const rows = await this.sql
      .selectFrom('execution')
      .selectAll()
      .where((where) => matches(where, filter, now))
      .where((where) => (after ? isBehind(after, newestFirst) : where.lit(true)))
      .orderBy('created_at', direction)
      .orderBy('id', direction)
      // One more than is shown tells whether that is all.
      .limit(size + 1)
      .execute();
    const executions = rows.slice(0, size).map((row) => this.#inspected(row, now));
    return { executions, hasMore: rows.length > size };
  }

  async count(filter: ExecutionFilter, now: Date): Promise<number> {
    const { count } = await this.sql
      .selectFrom('execution')
      .select((select) => select.fn.countAll().as('count'))
      .where((where) => matches(where, filter, now))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async open({ id, supportId }: ExecutionName, now: Date): Promise<InspectedExecution | undefined> {
    const row = await this.sql
      .selectFrom('execution')
      .selectAll()
      .where((where) => where.and([...named(where, 'id', id), ...named(where, 'support_id', supportId)]))
      .executeTakeFirst();
    return row && this.#inspected(row, now);
  }

  async histories(executionIds: readonly string[]): Promise<RecordedRequest[][]> {
    const rows = await this.sql
      .selectFrom((from) =>
        from
          .selectFrom('execution_trace')
          .selectAll()
          .select((select) =>
            select.fn
              .agg<number>('row_number')
              .over((over) => over.partitionBy('execution_id').orderBy('version', 'desc'))
              .as('age'),
          )
          .where('execution_id', 'in', executionIds)
          .as('trace'),
      )
      .select(['execution_id', 'entries', 'address', 'created_at'])
      .where('age', '<=', MOST_REQUESTS)
      .orderBy('execution_id')
      .orderBy('version')
      .execute();
    const found = Map.groupBy(rows, (row) => row.execution_id);
    return executionIds.map((id) =>
      (found.get(id) ?? []).map(({ created_at, address, entries }) => ({
        at: moment(created_at),
        address,
        entries: readEntries(entries),
      })),
    );
  }

  #inspected(row: Selectable<Tables['execution']>, now: Date): InspectedExecution {
    const record = { userId: row.user_id, createdAt: moment(row.created_at), requests: row.version };
    return inspected(this.codec.decode(row), record, now);
  }
}

function matches(where: Where, { state, flowId, userId, supportId }: ExecutionFilter, now: Date): Condition {
  return where.and([
    ...(state === null ? [] : [isIn(where, state, now)]),
    ...named(where, 'flow_id', flowId),
    ...named(where, 'user_id', userId),
    ...named(where, 'support_id', supportId),
  ]);
}

function isIn(where: Where, state: ExecutionState, now: Date): Condition {
  switch (state) {
    case 'RUNNING':
      return where.and([where('status', '=', 'RUNNING'), where('expires_at', '>', now)]);
    case 'EXPIRED':
      return where.and([where('status', '=', 'RUNNING'), where('expires_at', '<=', now)]);
    case 'COMPLETED':
    case 'DENIED':
    case 'CANCELLED':
      return where('status', '=', state);
  }
}

/** What cannot be an id names nothing. */
function named(
  where: Where,
  column: 'id' | 'flow_id' | 'user_id' | 'support_id',
  id: string | null,
): Condition[] {
  if (id === null) return [];
  return [isId(id) ? where(column, '=', id) : where.lit(false)];
}
