import type { InferKyselyDB } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';

import type { rows } from './rows/list.js';

/** The tables as plain SQL sees them, derived from the rows. Moments come as text: read them with `moment`. */
export type Tables = InferKyselyDB<(typeof rows)[number]>;

export type Sql = Kysely<Tables>;
export type SqlTransaction = Transaction<Tables>;

/** Both drivers hand out timestamps as PostgreSQL writes them, whatever the types say. */
export function moment(value: Date | string): Date {
  return new Date(value);
}

/** Whether a text can be an id; PostgreSQL refuses a query that compares an id with anything else. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Those of the texts that can be ids, as one parameter: there may be none. */
export function anyOf(ids: readonly string[]) {
  return sql<string>`any(${`{${ids.filter(isId).join(',')}}`}::uuid[])`;
}
