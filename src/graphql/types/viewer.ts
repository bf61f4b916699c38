import { Field, ID, Int, ObjectType } from 'type-graphql';

import { demandedLevel } from '../../flow/assurance.js';
import type { UserKind } from '../../flow/services/users.js';
import type { Viewer as SignedIn } from '../../flow/stage-kind.js';
import type { Permission as PermissionName } from '../../identity/permissions.js';
import { AsReached } from '../access-rules.js';
import { Permission, UserKindEnum } from '../enums.js';
import { Authenticator } from './authenticator.js';
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

  @Field(() => [Authenticator], {
    description: 'What the person has set up besides a password, the oldest first.',
  })
  authenticators!: object[];

  @Field(() => Int, {
    description:
      "How sure a session can be of the person, by what they have set up: 1 or 2. What asks for a recent authentication asks for a session of this level; where the session's is lower, the flow that is named then leads to one.",
  })
  highestAal!: number;

  @Field(() => Session, { description: 'The session that this request was made with.' })
  session!: Session;
}

/** Who is signed in, as they see it themselves. */
export function viewerView(viewer: SignedIn): Omit<Viewer, 'permissions' | 'consents' | 'authenticators'> {
  const { user, sessionId, createdAt, expiresAt, amr, aal } = viewer;
  const { id, username, email, name, kind, path, superuser: isSuperuser } = user;
  const emailVerified = user.emailVerifiedAt !== null;
  const session = { id: sessionId, createdAt, expiresAt, amr, aal };
  const highestAal = demandedLevel(user);
  return { id, username, email, emailVerified, name, kind, path, isSuperuser, highestAal, session };
}
