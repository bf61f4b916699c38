import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

import type { AuthenticatorKindName } from '../../flow/authenticator-kind-names.js';
import { AsReached } from '../access-rules.js';
import { AuthenticatorKindEnum } from '../enums.js';

@AsReached()
@ObjectType({ description: 'What somebody has set up to prove who they are, besides a password.' })
export class Authenticator {
  @Field(() => ID, { description: 'Names the authenticator.' })
  id!: string;

  @Field(() => AuthenticatorKindEnum, { description: 'What it is.' })
  kind!: AuthenticatorKindName;

  @Field(() => String, { description: 'What its person calls it.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where codes are sent to, masked; null where none are sent.',
  })
  hint!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Which model of passkey it says that it is, by AAGUID; null where it does not say.',
  })
  model!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Of a passkey: whether it was copied, as to an account of its maker, when it was last used. One that was not is lost with its device.',
  })
  backedUp!: boolean | null;

  @Field(() => Boolean, {
    description:
      'Whether it is unlocked by something that its person knows or is, such as a PIN or a finger.',
  })
  verifiesUser!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'How many recovery codes are left; null for what is none.',
  })
  codesLeft!: number | null;

  @Field(() => GraphQLDateTime, { description: 'When it was set up.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it has last proved who its person is; null where it never has.',
  })
  lastUsedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'Whether it was wrong so often that it proves nothing until it is set up anew.',
  })
  disabled!: boolean;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Since when; null where it is good.' })
  disabledAt!: Date | null;

  @Field(() => Int, { description: 'Goes up by one when it is renamed.' })
  version!: number;
}
