import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type { ChangeKind, ObjectType as TypeOfObject } from '../../flow/change.js';
import { AsReached, Needs } from '../access-rules.js';
import { ChangeKindEnum, ObjectTypeEnum } from '../enums.js';
import { momentOrder } from '../moment-order.js';
import { NamedObject } from './named-object.js';
import { User } from './people.js';

export const EventOrder = momentOrder('EventOrder');

@AsReached()
@ObjectType({ description: 'Where an address was, as far as that was known. A hint, and no proof.' })
class Place {
  @Field(() => String, { nullable: true, description: 'The country, as ISO 3166-1 alpha-2.' })
  country!: string | null;

  @Field(() => String, { nullable: true, description: 'The continent, in two letters.' })
  continent!: string | null;

  @Field(() => String, { nullable: true, description: 'The city.' })
  city!: string | null;

  @Field(() => Float, { nullable: true, description: 'In degrees, north is positive.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'In degrees, east is positive.' })
  longitude!: number | null;

  @Field(() => Int, { nullable: true, description: 'The number of the autonomous system.' })
  asn!: number | null;

  @Field(() => String, { nullable: true, description: 'Whose network that is.' })
  organization!: string | null;
}

@Needs('EVENT_VIEW')
@ObjectType({ description: 'Something that has happened, written down in the transaction in which it did.' })
export class Event {
  @Field(() => ID, { description: 'Names the event.' })
  id!: string;

  @Field(() => String, {
    description: 'What happened: see docs/codes.md; CUSTOM: and a name for what policies record.',
  })
  action!: string;

  @Field(() => User, {
    nullable: true,
    description: 'Whom it is about; null also where the account is gone.',
  })
  user!: object | null;

  @Field(() => User, {
    nullable: true,
    description:
      'Who did it, where it was not the person of a flow; null also where the service itself did, or the account is gone.',
  })
  actor!: object | null;

  @Field(() => ID, { nullable: true, description: 'The API token that it was done with.' })
  apiTokenId!: string | null;

  @Field(() => NamedObject, { nullable: true, description: 'What was changed, where something was.' })
  object!: object | null;

  @Field(() => ChangeKindEnum, { nullable: true, description: 'In what way it was changed.' })
  change!: ChangeKind | null;

  @Field(() => [String], {
    description:
      'Which of its fields were written, such as `slug` or `config.message`; never what they hold.',
  })
  fields!: readonly string[];

  @Field(() => ID, { nullable: true, description: 'In which execution.' })
  executionId!: string | null;

  @Field(() => GraphQLJSONObject, { description: 'What there is to know of it; never a secret.' })
  details!: JsonObject;

  @Field(() => String, { description: 'From which address.' })
  address!: string;

  @Field(() => String, { description: 'By what client, as it calls itself.' })
  userAgent!: string;

  @Field(() => Place, { nullable: true, description: 'Where the address was then.' })
  location!: object | null;

  @Field(() => GraphQLDateTime, { description: 'When.' })
  createdAt!: Date;
}

@InputType({ description: 'Which events to list; all conditions hold.' })
export class EventFilter {
  @Field(() => [String], { nullable: true, description: 'Of one of these actions; at most 50.' })
  actions?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'About this person.' })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Done by this person.' })
  actorId?: string | null;

  @Field(() => ObjectTypeEnum, { nullable: true, description: 'Of changes of this sort of thing.' })
  objectType?: TypeOfObject | null;

  @Field(() => ID, { nullable: true, description: 'Of changes of this very thing.' })
  objectId?: string | null;

  @Field(() => String, { nullable: true, description: 'From this address.' })
  address?: string | null;

  @Field(() => ID, { nullable: true, description: 'In this execution.' })
  executionId?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Not before this moment.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Before this moment.' })
  until?: Date | null;
}
