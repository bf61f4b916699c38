import { Field, ID, ObjectType } from 'type-graphql';

import type { ObjectType as TypeOfObject } from '../../flow/change.js';
import { AsReached } from '../access-rules.js';
import { ObjectTypeEnum } from '../enums.js';

@AsReached()
@ObjectType({ description: 'An object by what it is called; of an event, by what it was called then.' })
export class NamedObject {
  @Field(() => ObjectTypeEnum, { description: 'What sort of thing it is.' })
  type!: TypeOfObject;

  @Field(() => ID, { nullable: true, description: 'Names it; null for what there is only one of.' })
  id!: string | null;

  @Field(() => String, { description: 'What it is called; of a binding, where it is.' })
  name!: string;
}
