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
): Promise<void> {
  if (groupIds.length === 0) return;
  await lockMemberships(trx);
  await expectCovers(
    trx,
    by,
    await rightsOfGroups(trx, groupIds),
    'The group that the stage puts people into',
  );
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
