import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';

import { AsReached } from '../access-rules.js';

@AsReached()
@ObjectType({ description: 'That somebody has agreed to something.' })
export class Consent {
  @Field(() => ID, { description: 'Names the consent.' })
  id!: string;

  @Field(() => String, { description: 'What the stage is called that asked.' })
  stageName!: string;

  @Field(() => [String], { description: 'What was agreed to, by the ids that the stage gave it.' })
  permissions!: readonly string[];

  @Field(() => GraphQLDateTime, { description: 'When it was agreed to.' })
  grantedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it is good no longer; null where it is good until it is revoked.',
  })
  expiresAt!: Date | null;
}
