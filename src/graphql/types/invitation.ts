import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type { InvitationState as State } from '../../flow/invitation.js';
import { Needs } from '../access-rules.js';
import { InvitationState } from '../enums.js';
import type { ManagementTypes } from './management.js';
import { User } from './people.js';

/** An invitation, as administrators see it: never with its secret. */
export function invitationType({ Flow }: ManagementTypes): ClassType {
  @Needs('INVITATION_VIEW')
  @ObjectType({
    description:
      'Lets somebody into a flow that asks for an invitation, and says things about them beforehand.',
  })
  class Invitation {
    @Field(() => ID, { description: 'Names the invitation.' })
    id!: string;

    @Field(() => String, { description: 'What administrators call it.' })
    name!: string;

    @Field(() => Flow, { nullable: true, description: 'The only flow that it is good for; null for any.' })
    flow!: object | null;

    @Field(() => Boolean, { description: 'Whether it is good for one account only.' })
    singleUse!: boolean;

    @Field(() => GraphQLJSONObject, { description: 'What prompts need not ask for, by field key.' })
    fixedData!: JsonObject;

    @Field(() => InvitationState, { description: 'Whether it still lets anybody in.' })
    state!: State;

    @Field(() => Int, { description: 'How many accounts have been made with it.' })
    uses!: number;

    @Field(() => User, {
      nullable: true,
      description: 'Who has made it; null also where their account is gone.',
    })
    createdBy!: object | null;

    @Field(() => GraphQLDateTime, { description: 'When it was made.' })
    createdAt!: Date;

    @Field(() => GraphQLDateTime, { nullable: true, description: 'Until when it is good; null for ever.' })
    expiresAt!: Date | null;

    @Field(() => Int, { description: 'Goes up with each change; for `ifVersion`.' })
    version!: number;
  }
  return Invitation;
}
