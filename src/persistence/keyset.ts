import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';

import type { ListPosition } from '../flow/list-position.js';

/** Whether a row comes after this place in a list by the time at which its rows were made. */
export function isBehind({ createdAt, id }: ListPosition, newestFirst: boolean): Expression<SqlBool> {
  return newestFirst
    ? sql<SqlBool>`(created_at, id) < (${createdAt}, ${id})`
    : sql<SqlBool>`(created_at, id) > (${createdAt}, ${id})`;
}
