import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A set of people.' })
export class Group {
  @Field(() => ID, { description: 'Names the group.' })
  id!: string;

  @Field(() => String, { description: 'What administrators call it.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether its members may do everything.' })
  superuser!: boolean;
}

@ObjectType({ description: 'An account.' })
export class User {
  @Field(() => ID, { description: 'Names the account.' })
  id!: string;

  @Field(() => String, { description: 'The username.' })
  username!: string;
}
