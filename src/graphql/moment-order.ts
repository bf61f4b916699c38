import { registerEnumType } from 'type-graphql';

/** How to order what is known by the time at which it was made. */
const MomentOrder = { CREATED_AT_ASC: 'CREATED_AT_ASC', CREATED_AT_DESC: 'CREATED_AT_DESC' } as const;
export type MomentOrder = keyof typeof MomentOrder;

/** Each list has an enum of its own, so that it can grow without the others. */
export function momentOrder(name: string): Record<MomentOrder, string> {
  const order = { ...MomentOrder };
  registerEnumType(order, {
    name,
    description: 'How to order them.',
    valuesConfig: {
      CREATED_AT_ASC: { description: 'The oldest first.' },
      CREATED_AT_DESC: { description: 'The newest first.' },
    },
  });
  return order;
}
