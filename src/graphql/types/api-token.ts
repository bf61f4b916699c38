import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

import { AsReached } from '../access-rules.js';
import { Permission } from '../enums.js';
import { User } from './people.js';

@AsReached()
@ObjectType({
  description: 'A secret by which a script acts for somebody, within these permissions and no others.',
})
export class ApiToken {
  @Field(() => ID, { description: 'Names the token; it is not its secret.' })
  id!: string;

  @Field(() => User, { nullable: true, description: 'For whom it acts.' })
  user!: object | null;

  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => [Permission], {
    description: 'What it is for. Of that, it allows what its owner may do at the time.',
  })
  permissions!: readonly string[];

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it is good no longer.' })
  expiresAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it was used last, to the minute; null where it never was.',
  })
  lastUsedAt!: Date | null;

  @Field(() => Int, { description: 'Goes up with every change: see `ifVersion`.' })
  version!: number;
}

@AsReached()
@ObjectType({ description: 'A new API token, with its secret.' })
export class CreatedApiToken {
  @Field(() => ApiToken, { description: 'The token, as it is listed.' })
  apiToken!: object;

  @Field(() => String, {
    description:
      'The secret, to be sent as `Authorization: Bearer sd_api_…`. It is told here and never again.',
  })
  token!: string;
}

@InputType({ description: 'Which API tokens to list.' })
export class ApiTokenFilter {
  @Field(() => ID, { nullable: true, description: "This person's; who asks must be able to see accounts." })
  userId?: string | null;
}
