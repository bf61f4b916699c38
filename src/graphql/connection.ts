import { Field, Int, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { AsReached } from './access-rules.js';
import { Refusal } from '../kernel/refusal.js';

const USUAL_PAGE = 50;
const LARGEST_PAGE = 200;

/** The arguments that every list has. */
export const FIRST = {
  nullable: true,
  description: `How many; at most ${LARGEST_PAGE}. Default: ${USUAL_PAGE}.`,
};
export const AFTER = { nullable: true, description: 'The cursor after which to begin.' };

@AsReached()
@ObjectType({ description: 'Where a page stands in its list.' })
class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether something comes before.' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Where its first entry stands; null where there is none.',
  })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'What to pass as `after` for the next page.' })
  endCursor!: string | null;
}

/** Where a page of these entries stands. */
export function pageInfoOf(
  edges: readonly { readonly cursor: string }[],
  hasNextPage: boolean,
  hasPreviousPage: boolean,
): PageInfo {
  const [startCursor, endCursor] = [edges.at(0)?.cursor ?? null, edges.at(-1)?.cursor ?? null];
  return { hasNextPage, hasPreviousPage, startCursor, endCursor };
}

export interface Connection<T> {
  edges: { node: T; cursor: string }[];
  pageInfo: PageInfo;
  totalCount: number;
}

/** A Relay connection over nodes of this type. */
export function connectionType(name: string, node: () => ClassType): ClassType<Connection<object>> {
  @AsReached()
  @ObjectType(`${name}Edge`, { description: 'One entry of a page.' })
  class Edge {
    @Field(() => node(), { description: 'The entry.' })
    node!: object;

    @Field(() => String, { description: 'Where it stands in the list.' })
    cursor!: string;
  }

  @AsReached()
  @ObjectType(`${name}Connection`, { description: 'A page of a list.' })
  class TypedConnection implements Connection<object> {
    @Field(() => [Edge], { description: 'The entries of this page.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many entries there are on all pages.' })
    totalCount!: number;
  }
  return TypedConnection;
}

export interface PageArguments {
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Orders by name, and by id among equals. */
export function byName({ name, id }: { readonly name: string; readonly id: string }): string {
  return `${name}\0${id}`;
}

/**
 * One page of a list that is in order already. A cursor holds its entry's key, so that it stays good when others
 * come and go.
 */
export function pageOf<T>(
  items: readonly T[],
  { first, after }: PageArguments,
  keyOf: (item: T) => string,
  descending: boolean,
): Connection<T> {
  const size = pageSize(first);
  const ordered = items.toSorted((a, b) => compare(keyOf(a), keyOf(b)) * (descending ? -1 : 1));
  const position = after == null ? undefined : decodeCursor(after);
  const rest =
    position === undefined
      ? ordered
      : ordered.filter((item) => compare(keyOf(item), position) * (descending ? -1 : 1) > 0);
  const edges = rest.slice(0, size).map((node) => ({ node, cursor: encodeCursor(keyOf(node)) }));
  const pageInfo = pageInfoOf(edges, rest.length > size, rest.length < items.length);
  return { edges, pageInfo, totalCount: items.length };
}

/** How many entries a page is to have. */
export function pageSize(first: PageArguments['first']): number {
  const size = first ?? USUAL_PAGE;
  if (size >= 1 && size <= LARGEST_PAGE) return size;
  throw Refusal.badInput([
    { path: 'first', code: 'OUT_OF_RANGE', message: `Must be between 1 and ${LARGEST_PAGE}.` },
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function encodeCursor(key: string): string {
  return Buffer.from(`1:${key}`).toString('base64url');
}

/** The key in a cursor. */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (text.startsWith('1:')) return text.slice(2);
  throw foreignCursor();
}

export function foreignCursor(): Refusal {
  return Refusal.badInput([
    { path: 'after', code: 'INVALID', message: 'This is not a cursor of this list.' },
  ]);
}
