import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

import { Needs } from '../access-rules.js';

@Needs('REPUTATION_VIEW')
@ObjectType({ description: 'How an address has behaved towards a name.' })
export class Reputation {
  @Field(() => String, {
    nullable: true,
    description:
      "The account's username; null where what was typed is no account's name: of that only a hash is kept, by which it can be found but not told.",
  })
  identifier!: string | null;

  @Field(() => String, { description: 'An IPv4 address, or the IPv6 network that an address is in.' })
  address!: string;

  @Field(() => Int, { description: 'Below zero is bad; from -5 to 5.' })
  score!: number;

  @Field(() => GraphQLDateTime, { description: 'When it changed last.' })
  updatedAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it is forgotten by itself.' })
  expiresAt!: Date;
}

@InputType({ description: 'Which reputations are meant; both conditions hold.' })
export class ReputationFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Of this username, or of this as it was typed where no account is called so.',
  })
  identifier?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of this IPv4 or IPv6 address, or of the network that it is in.',
  })
  address?: string | null;
}

export const ReputationOrder = { SCORE_ASC: 'SCORE_ASC', UPDATED_AT_DESC: 'UPDATED_AT_DESC' } as const;

registerEnumType(ReputationOrder, {
  name: 'ReputationOrder',
  description: 'How to order them.',
  valuesConfig: {
    SCORE_ASC: { description: 'The worst first.' },
    UPDATED_AT_DESC: { description: 'Those that changed last first.' },
  },
});
