import { Field, ID, ObjectType } from 'type-graphql';

import type { Viewer as SignedIn } from '../../flow/stage-kind.js';
import type { Permission as PermissionName } from '../../identity/permissions.js';
import { AsReached } from '../access-rules.js';
import { Permission } from '../enums.js';
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

  @Field(() => String, { description: 'The full name; may be empty.' })
  name!: string;

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
  const { id, username, email, name, superuser: isSuperuser } = user;
  const session = { id: sessionId, createdAt, expiresAt, amr, aal };
  return { id, username, email, name, isSuperuser, session };
}
