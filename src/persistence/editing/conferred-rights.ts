import { sql } from 'kysely';

import { rightsOfGroups } from '../access-store.js';
import { lockMemberships } from '../administrators.js';
import { expectCovers } from '../cover-rule.js';
import type { SqlTransaction } from '../tables.js';
import type { DefinitionEdit } from './edit.js';

/**
 * Refuses where people would be put into groups that may do what whoever makes the edit may not. Until the edit ends,
 * nobody changes what these groups may do.
 */
export async function expectCover(
  { trx, by }: Pick<DefinitionEdit, 'trx' | 'by'>,
  groupIds: readonly string[],
  holder = 'The group that the stage puts people into',
): Promise<void> {
  if (groupIds.length === 0) return;
  await lockMemberships(trx);
  await expectCovers(trx, by, await rightsOfGroups(trx, groupIds), holder);
}

/** The groups that a stage, or one that it shows within itself, puts people into. */
export async function groupsJoinedBy(trx: SqlTransaction, stageId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive shown (id) as (
      select ${stageId}::uuid
      union
      select r.to_stage_id from shown s join stage_reference r on r.stage_id = s.id
      where r.to_stage_id is not null
    )
    select distinct r.to_group_id as id
    from shown s join stage_reference r on r.stage_id = s.id
    where r.to_group_id is not null`.execute(trx);
  return rows.map(({ id }) => id);
}

/** The groups that people may be put into whom an invitation lets into a flow, or, for null, into any that asks for one. */
export async function groupsJoinedByInvitation(
  trx: SqlTransaction,
  flowId: string | null,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive reached (flow_id, stage_id) as (
      select b.flow_id, null::uuid
      from flow_stage_binding b join stage s on s.id = b.stage_id
      where b.flow_id = ${flowId}::uuid or (${flowId}::uuid is null and s.kind = 'invitation')
      union
      select next.flow_id, next.stage_id
      from reached
      cross join lateral (
        select null::uuid as flow_id, b.stage_id from flow_stage_binding b where b.flow_id = reached.flow_id
        union all
        select r.to_flow_id, r.to_stage_id from stage_reference r
        where r.stage_id = reached.stage_id and num_nonnulls(r.to_flow_id, r.to_stage_id) = 1
      ) next
    )
    select distinct r.to_group_id as id
    from reached join stage_reference r on r.stage_id = reached.stage_id
    where r.to_group_id is not null`.execute(trx);
  return rows.map(({ id }) => id);
}
