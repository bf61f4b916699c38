import { Refusal } from '../../kernel/refusal.js';

/** As the row is now, whatever the edit has read of it before. */
export const AS_IT_IS = { disableIdentityMap: true } as const;

/** The row that was looked for, or the refusal that there is none. */
export function found<Row>(what: string, row: Row | null | undefined): Row {
  if (row == null) throw Refusal.notFound(what);
  return row;
}
