import { Field, ID, ObjectType } from 'type-graphql';

import { Needs } from '../access-rules.js';

@Needs('GROUP_VIEW')
@ObjectType({ description: 'A set of people.' })
export class Group {
  @Field(() => ID, { description: 'Names the group.' })
  id!: string;

  @Field(() => String, { description: 'What administrators call it.' })
  name!: string;

  @Field(() => Boolean, {
    description: 'Whether its members may do everything, those of groups within it included.',
  })
  superuser!: boolean;

  @Field(() => [Group], {
    description: 'The groups that it lies within directly, by name: its members are members of them as well.',
  })
  parents!: Group[];

  @Field(() => [Group], { description: 'The groups that lie directly within it, by name.' })
  children!: Group[];
}

@Needs('USER_VIEW')
@ObjectType({ description: 'An account.' })
export class User {
  @Field(() => ID, { description: 'Names the account.' })
  id!: string;

  @Field(() => String, { description: 'The username.' })
  username!: string;
}
