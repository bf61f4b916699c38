import { Field, ID, ObjectType } from 'type-graphql';

import type { UserKind } from '../../flow/services/users.js';
import type { Viewer as SignedIn } from '../../flow/stage-kind.js';
import type { Permission as PermissionName } from '../../identity/permissions.js';
import { AsReached } from '../access-rules.js';
import { Permission, UserKindEnum } from '../enums.js';
import { Consent } from './consent.js';
import { Session } from './execution.js';

@AsReached()
@ObjectType({ description: 'Who is signed in.' })
export class Viewer {
  @Field(() => ID, { description: 'Names the account.' })
  id!: string;

  @Field(() => String, { description: 'The username.' })
  username!: string;

  @Field(() => String, { nullable: true, description: 'The e-mail address.' })
  email!: string | null;

  @Field(() => Boolean, {
    description: 'Whether mail to the address has been shown to reach the person.',
  })
  emailVerified!: boolean;

  @Field(() => String, { description: 'The full name; may be empty.' })
  name!: string;

  @Field(() => UserKindEnum, { description: 'What kind of account it is.' })
  kind!: UserKind;

  @Field(() => String, { description: 'Where the account stands among others, such as `users/external`.' })
  path!: string;

  @Field(() => Boolean, { description: 'Whether the person may do everything.' })
  isSuperuser!: boolean;

  @Field(() => [Permission], {
    description:
      'What the person may do, in order: by all groups that they are in. Everything, for superusers.',
  })
  permissions!: PermissionName[];

  @Field(() => [Consent], { description: 'What the person has agreed to, the newest first.' })
  consents!: object[];

  @Field(() => Session, { description: 'The session that this request was made with.' })
  session!: Session;
}

/** Who is signed in, as they see it themselves. */
export function viewerView(viewer: SignedIn): Omit<Viewer, 'permissions' | 'consents'> {
  const { user, sessionId, createdAt, expiresAt, amr, aal } = viewer;
  const { id, username, email, name, kind, path, superuser: isSuperuser } = user;
  const emailVerified = user.emailVerifiedAt !== null;
  const session = { id: sessionId, createdAt, expiresAt, amr, aal };
  return { id, username, email, emailVerified, name, kind, path, isSuperuser, session };
}
