import { sql } from 'kysely';

import { Refusal } from '../../kernel/refusal.js';
import type { FieldProblem } from '../../kernel/refusal.js';
import type { SqlTransaction } from '../tables.js';

/** Room for others in between. */
const STEP = 10;
/** Farther than any order reaches: out of the way of the places that the others keep. */
const ASIDE = 100_000_000;

/**
 * Numbers the places of a flow anew, in this order; whether any of them has moved. Refused where these are not exactly
 * the flow's.
 */
export async function putInOrder(
  trx: SqlTransaction,
  flow: string,
  bindingIds: readonly string[],
): Promise<boolean> {
  const places = await trx
    .selectFrom('flow_stage_binding')
    .select(['id', 'order'])
    .where('flow_id', '=', flow)
    .execute();
  const problems = orderProblems(
    places.map(({ id }) => id),
    bindingIds,
  );
  const [first, ...others] = problems;
  if (first) throw Refusal.badInput([first, ...others]);
  const before = new Map(places.map(({ id, order }) => [id, order]));
  const moved = bindingIds
    .map((id, index) => ({ id, order: (index + 1) * STEP }))
    .filter(({ id, order }) => before.get(id) !== order);
  if (moved.length === 0) return false;
  const ids = sql`${`{${moved.map(({ id }) => id).join()}}`}::uuid[]`;
  const orders = sql`${`{${moved.map(({ order }) => order).join()}}`}::int[]`;
  // A stage that stands in the flow twice would meet itself on the way.
  await sql`update flow_stage_binding set "order" = "order" + ${ASIDE} where id = any(${ids})`.execute(trx);
  await sql`update flow_stage_binding b set "order" = m."order", version = b.version + 1
    from unnest(${ids}, ${orders}) as m (id, "order") where b.id = m.id`.execute(trx);
  return true;
}

/**
 * In what a list differs from the places that a flow has.
 * @internal Its test asks it alone.
 */
export function orderProblems(places: readonly string[], bindingIds: readonly string[]): FieldProblem[] {
  const present = new Set(places);
  const named = new Set<string>();
  const wrong = bindingIds.flatMap((id, index): FieldProblem[] => {
    const path = `bindingIds.${index}`;
    if (!present.has(id))
      return [{ path, code: 'FOREIGN', message: 'This is no stage binding of the flow.' }];
    if (named.has(id)) return [{ path, code: 'REPEATED', message: 'This one stands before already.' }];
    named.add(id);
    return [];
  });
  const missing = places.filter((id) => !named.has(id));
  if (missing.length === 0) return wrong;
  const message = `These are missing: ${missing.join(', ')}.`;
  return [...wrong, { path: 'bindingIds', code: 'INCOMPLETE', message }];
}
