import { sql } from 'kysely';

import { sealedSecret } from '../flow/sealed-secret.js';
import type { KeyRing } from '../identity/key-ring.js';
import { advanceCatalogue, lockCatalogue } from './catalogue-version.js';
import type { Sql } from './tables.js';

/** What is kept encrypted, as operators speak of it. */
export type SealedThing =
  | 'secrets of stages'
  | 'authenticators'
  | 'messages to be sent'
  | 'executions'
  | 'links and tokens'
  | 'results of answers';

/** One encrypted text, where it is kept. */
export interface SealedRow {
  readonly thing: SealedThing;
  /** By which key. */
  readonly keyId: string;
  /** Whether it can be opened with the keys that there are. */
  opens(): boolean;
  /** Seals it anew with the first key, unless somebody has changed it meanwhile. Throws where it cannot be opened. */
  reseal(): Promise<void>;
}

/** A column that holds nothing but what is sealed; what it is bound to are this word and the row's key. */
interface SealedColumn {
  readonly thing: SealedThing;
  readonly table: string;
  readonly column: string;
  readonly key: readonly [string, ...string[]];
  readonly bond: string;
}

const columns: readonly SealedColumn[] = [
  { thing: 'authenticators', table: 'authenticator', column: 'sealed', key: ['id'], bond: 'authenticator' },
  { thing: 'messages to be sent', table: 'mail', column: 'sealed', key: ['id'], bond: 'mail' },
  { thing: 'executions', table: 'execution', column: 'sealed', key: ['id'], bond: 'execution' },
  { thing: 'links and tokens', table: 'flow_token', column: 'suspension', key: ['id'], bond: 'flow token' },
  {
    thing: 'results of answers',
    table: 'execution_answer',
    column: 'given',
    key: ['execution_id', 'challenge_id'],
    bond: 'answer',
  },
];

/** So many rows are read at once. */
const PAGE = 200;

/** How many texts there are to look at. */
export async function countSealedRows(db: Sql): Promise<number> {
  let count = (await sealedStageSecrets(db)).length;
  for (const { table, column } of columns) {
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from ${sql.table(table)} where ${sql.ref(column)} is not null`.execute(db);
    count += Number(rows[0]?.count ?? 0);
  }
  return count;
}

/** Everything that is sealed, a page at a time; what is written meanwhile may be left out. */
export async function* sealedRows(db: Sql, keys: KeyRing): AsyncGenerator<SealedRow> {
  for (const { stageId, field, sealed } of await sealedStageSecrets(db)) {
    const bond = `stage ${stageId} ${field}`;
    yield sealedRow(keys, 'secrets of stages', sealed, bond, (fresh) =>
      replaceStageSecret(db, { stageId, field, sealed }, fresh),
    );
  }
  for (const column of columns) yield* sealedIn(db, keys, column);
}

async function* sealedIn(db: Sql, keys: KeyRing, place: SealedColumn): AsyncGenerator<SealedRow> {
  const { thing, table, column, key, bond } = place;
  const keyColumns = sql.join(key.map((name) => sql.ref(name)));
  let after: readonly string[] | undefined;
  for (;;) {
    const beyond = after ? sql`and (${keyColumns}) > (${sql.join(after.map(asId))})` : sql``;
    const { rows } = await sql<{ key: string[]; sealed: string }>`
      select array[${keyColumns}]::text[] as key, ${sql.ref(column)} as sealed
      from ${sql.table(table)} where ${sql.ref(column)} is not null ${beyond}
      order by ${keyColumns} limit ${PAGE}`.execute(db);
    for (const row of rows) {
      yield sealedRow(keys, thing, row.sealed, [bond, ...row.key].join(' '), async (fresh) => {
        await sql`
          update ${sql.table(table)} set ${sql.ref(column)} = ${fresh}
          where (${keyColumns}) = (${sql.join(row.key.map(asId))})
            and ${sql.ref(column)} = ${row.sealed}`.execute(db);
      });
    }
    after = rows.at(-1)?.key;
    if (rows.length < PAGE) return;
  }
}

function asId(id: string) {
  return sql`${id}::uuid`;
}

function sealedRow(
  keys: KeyRing,
  thing: SealedThing,
  sealed: string,
  bond: string,
  replace: (fresh: string) => Promise<void>,
): SealedRow {
  return {
    thing,
    keyId: sealed.slice(0, Math.max(0, sealed.lastIndexOf(':'))),
    opens() {
      try {
        keys.open(sealed, bond);
        return true;
      } catch {
        return false;
      }
    },
    reseal: () => replace(keys.seal(keys.open(sealed, bond), bond)),
  };
}

interface StageSecretRow {
  readonly stageId: string;
  readonly field: string;
  readonly sealed: string;
}

async function sealedStageSecrets(db: Sql): Promise<StageSecretRow[]> {
  const stages = await db.selectFrom('stage').select(['id', 'config']).orderBy('id').execute();
  return stages.flatMap(({ id: stageId, config }) =>
    Object.entries(config).flatMap(([field, value]): StageSecretRow[] => {
      const secret = sealedSecret.safeParse(value);
      return secret.success ? [{ stageId, field, sealed: secret.data.sealed }] : [];
    }),
  );
}

/** Under the lock of edits, and told to every node: one that saved the stage as it knows it would bring the old one back. */
async function replaceStageSecret(db: Sql, row: StageSecretRow, fresh: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockCatalogue(trx);
    const path = `{${row.field},sealed}`;
    await sql`
      update stage set config = jsonb_set(config, ${path}::text[], to_jsonb(${fresh}::text))
      where id = ${row.stageId}::uuid and config #>> ${path}::text[] = ${row.sealed}`.execute(trx);
    await advanceCatalogue(trx);
  });
}
