import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type { UserKind } from '../../flow/services/users.js';
import type { Permission as PermissionName } from '../../identity/permissions.js';
import { Needs } from '../access-rules.js';
import { Permission, UserKindEnum } from '../enums.js';
import { Authenticator } from './authenticator.js';
import { Consent } from './consent.js';

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

  @Field(() => String, { nullable: true, description: 'The e-mail address.' })
  email!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether it has been shown, or an administrator says, that mail to the address reaches the person.',
  })
  emailVerified!: boolean;

  @Field(() => String, { description: 'The full name; may be empty.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether the person can sign in.' })
  active!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the account is not active only because it has yet to be confirmed, by mail. After 7 days of that it is deleted.',
  })
  awaitsVerification!: boolean;

  @Field(() => UserKindEnum, { description: 'What kind of account it is.' })
  kind!: UserKind;

  @Field(() => String, { description: 'Where the account stands among others, such as `users/external`.' })
  path!: string;

  @Field(() => GraphQLDateTime, { description: 'When the account was made.' })
  createdAt!: Date;

  @Field(() => GraphQLJSONObject, {
    description: 'What administrators have noted about the person, for policies to read.',
  })
  attributes!: JsonObject;

  @Field(() => Int, {
    description:
      'Goes up with each change of these fields; what `ifVersion` of `updateUser` is compared with.',
  })
  version!: number;

  @Field(() => Boolean, { description: 'Whether some group lets them do everything.' })
  isSuperuser!: boolean;

  @Needs('USER_VIEW', 'GROUP_VIEW')
  @Field(() => [Group], { description: 'The groups that the person is in directly, by name.' })
  groups!: Group[];

  @Needs('USER_VIEW', 'CONSENT_VIEW')
  @Field(() => [Consent], { description: 'What the person has agreed to, the newest first.' })
  consents!: object[];

  @Needs('USER_VIEW', 'AUTHENTICATOR_VIEW')
  @Field(() => [Authenticator], {
    description: 'What the person has set up besides a password, the oldest first.',
  })
  authenticators!: object[];

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the password was last set; null where there is none.',
  })
  passwordChangedAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether it is known that others know the password: it proves nothing until a new one is set.',
  })
  passwordCompromised!: boolean;
}
