import { sql } from 'kysely';
import type { SqlBool } from 'kysely';

import type { SqlTransaction } from '../tables.js';

/** What the event log calls a stage's place: `flow / stage`. */
export async function stageBindingName(trx: SqlTransaction, id: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('flow_stage_binding as b')
    .innerJoin('flow as f', 'f.id', 'b.flow_id')
    .innerJoin('stage as s', 's.id', 'b.stage_id')
    .select(sql<string>`f.slug || ' / ' || s.name`.as('name'))
    .where('b.id', '=', id)
    .executeTakeFirst();
  return row?.name;
}

/** What the event log calls a policy binding: what is guarded, and what is asked, such as `flow / stage / policy`. */
export async function policyBindingName(trx: SqlTransaction, id: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('policy_binding as p')
    .leftJoin('flow_stage_binding as b', 'b.id', 'p.stage_binding_id')
    .leftJoin('stage as s', 's.id', 'b.stage_id')
    .innerJoin('flow as f', (join) => join.on(sql<SqlBool>`f.id = coalesce(p.flow_id, b.flow_id)`))
    .leftJoin('policy as o', 'o.id', 'p.policy_id')
    .leftJoin('user_group as g', 'g.id', 'p.group_id')
    .leftJoin('user_account as u', 'u.id', 'p.user_id')
    .select(sql<string>`concat_ws(' / ', f.slug, s.name, o.name, g.name, u.username)`.as('name'))
    .where('p.id', '=', id)
    .executeTakeFirst();
  return row?.name;
}
