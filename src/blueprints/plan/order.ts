/** Each item after those that it needs; and those that need themselves, by way of others. */
export function inOrder<Item extends { readonly id: string }>(
  items: readonly Item[],
  needs: (item: Item) => readonly string[],
): { readonly ordered: readonly Item[]; readonly circular: readonly Item[] } {
  const byId = new Map(items.map((item) => [item.id, item]));
  const ordered: Item[] = [];
  const circular: Item[] = [];
  const states = new Map<string, 'open' | 'done'>();
  const visit = (item: Item): void => {
    const state = states.get(item.id);
    if (state === 'open') circular.push(item);
    if (state) return;
    states.set(item.id, 'open');
    for (const id of needs(item)) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    states.set(item.id, 'done');
    ordered.push(item);
  };
  for (const item of items) visit(item);
  return { ordered, circular };
}
