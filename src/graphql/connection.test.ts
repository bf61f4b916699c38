import fc from 'fast-check';

import { Refusal } from '../kernel/refusal.js';
import { byName, pageOf } from './connection.js';

interface Item {
  readonly id: string;
  readonly name: string;
}
const named = (...names: string[]): Item[] => names.map((name, index) => ({ id: String(index), name }));
const page = (
  items: readonly Item[],
  first: number | null,
  after: string | null = null,
  descending = false,
) => pageOf(items, { first, after }, byName, descending);
const names = ({ edges }: ReturnType<typeof page>) => edges.map(({ node }) => node.name);

describe('a page', () => {
  it('is in order, and says whether more follows and how many there are', () => {
    const first = page(named('c', 'a', 'b'), 2);
    expect(names(first)).toEqual(['a', 'b']);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = page(named('c', 'a', 'b'), 2, first.pageInfo.endCursor);
    expect(names(second)).toEqual(['c']);
    expect(second).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    const cursors = first.edges.map(({ cursor }) => cursor);
    expect([first.pageInfo.startCursor, first.pageInfo.endCursor]).toEqual(cursors);
  });

  it('is empty where the list is, or has come to its end', () => {
    expect(page([], 2)).toEqual({
      edges: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect(names(page(named('a'), 2, page(named('a'), 2).pageInfo.endCursor))).toEqual([]);
  });

  it('has fifty entries where nobody says how many', () => {
    const items = named(...Array.from({ length: 60 }, (_, index) => `n${index}`));
    expect(page(items, null).edges).toHaveLength(50);
  });

  it.each([0, -1, 201, 2 ** 31 - 1])('is refused with the size %d', (first) => {
    expect(() => page([], first)).toThrow(`first: Must be between 1 and 200.`);
  });

  it.each(['', 'x', 'a b', '!!!', Buffer.from('2:a').toString('base64url')])(
    'is refused after %j',
    (after) => {
      expect(() => page(named('a'), 1, after)).toThrow(Refusal);
    },
  );

  it('joined with all that follow is the whole list, whatever comes and goes meanwhile', () => {
    const item = fc.record({ id: fc.uuid(), name: fc.string({ unit: 'grapheme', maxLength: 4 }) });
    const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 30 });
    const changes = fc.array(fc.record({ added: fc.array(item, { maxLength: 3 }), removed: fc.nat(29) }), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(
        items,
        changes,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (stable, churn, first, descending) => {
          const ids = new Set(stable.map(({ id }) => id));
          const seen: Item[] = [];
          let passing: Item[] = [];
          let after: string | null = null;
          for (let round = 0; ; round += 1) {
            const change = churn[round];
            passing = passing.filter((_, index) => index !== change?.removed);
            passing.push(...(change?.added ?? []).filter(({ id }) => !ids.has(id)));
            const { edges, pageInfo } = page([...passing, ...stable], first, after, descending);
            seen.push(...edges.map(({ node }) => node));
            if (!pageInfo.hasNextPage) break;
            after = pageInfo.endCursor;
          }
          const keys = seen.map(byName);
          expect(new Set(keys).size).toBe(keys.length);
          const inOrder = keys.toSorted();
          expect(keys).toEqual(descending ? inOrder.reverse() : inOrder);
          const kept = seen.filter(({ id }) => ids.has(id)).map(({ id }) => id);
          expect(kept.toSorted()).toEqual([...ids].toSorted());
        },
      ),
    );
  });
});
