import { registerEnumType } from 'type-graphql';

/** How to order objects that are known by their name. */
export const NameOrder = { NAME_ASC: 'NAME_ASC', NAME_DESC: 'NAME_DESC' } as const;

/** Each list has an enum of its own, so that it can grow without the others. */
export function nameOrder(name: string): Record<keyof typeof NameOrder, string> {
  const order = { ...NameOrder };
  registerEnumType(order, {
    name,
    description: 'How to order them.',
    valuesConfig: {
      NAME_ASC: { description: 'By name.' },
      NAME_DESC: { description: 'By name, backwards.' },
    },
  });
  return order;
}
