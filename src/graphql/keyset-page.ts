import { pageInfoOf } from './connection.js';
import type { Connection } from './connection.js';

/** What a store has found for a page. */
interface Found<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** A page of a connection, before anybody has asked how many there are in all. */
export function keysetPage<T>(
  { items, hasMore }: Found<T>,
  cursorOf: (item: T) => string,
  after: string | null | undefined,
): Omit<Connection<T>, 'totalCount'> {
  const edges = items.map((node) => ({ node, cursor: cursorOf(node) }));
  return { edges, pageInfo: pageInfoOf(edges, hasMore, after != null) };
}
