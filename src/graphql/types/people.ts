import { Field, ID, Int, ObjectType } from 'type-graphql';

import type { Permission as PermissionName } from '../../identity/permissions.js';
import { Needs } from '../access-rules.js';
import { Permission } from '../enums.js';

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

  @Field(() => [Permission], {
    description: 'What it is granted itself, in order. What these imply goes without saying.',
  })
  permissions!: PermissionName[];

  @Field(() => [Permission], {
    description:
      'What its members may do by it, in order: with what these permissions imply, and what the groups around it are granted.',
  })
  effectivePermissions!: PermissionName[];

  @Field(() => Int, {
    description: 'Goes up by one with each change. Who is in it does not count, nor what lies within it.',
  })
  version!: number;
}

@Needs('USER_VIEW')
@ObjectType({ description: 'An account.' })
export class User {
  @Field(() => ID, { description: 'Names the account.' })
  id!: string;

  @Field(() => String, { description: 'The username.' })
  username!: string;
}
