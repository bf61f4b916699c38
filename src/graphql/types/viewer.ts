import { Field, ID, ObjectType } from 'type-graphql';

import type { Viewer as SignedIn } from '../../flow/stage-kind.js';
import { AsReached } from '../access-rules.js';
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

  @Field(() => Session, { description: 'The session that this request was made with.' })
  session!: Session;
}

/** Who is signed in, as they see it themselves. */
export function viewerView({ user, sessionId, createdAt, expiresAt, amr, aal }: SignedIn): Viewer {
  const { id, username, email, name, superuser: isSuperuser } = user;
  const session = { id: sessionId, createdAt, expiresAt, amr, aal };
  return { id, username, email, name, isSuperuser, session };
}
