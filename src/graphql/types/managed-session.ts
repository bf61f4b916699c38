import { Field, ID, InputType, ObjectType } from 'type-graphql';

import { Session } from './execution.js';
import { User } from './people.js';

/** Its rule is that of what it extends. */
@ObjectType({ description: 'A session, with whose it is and where it was opened.' })
export class ManagedSession extends Session {
  @Field(() => User, { nullable: true, description: 'Who is signed in.' })
  user!: object | null;

  @Field(() => String, { description: 'From which address the person signed in.' })
  address!: string;

  @Field(() => String, { description: 'By what client, as it calls itself.' })
  userAgent!: string;

  @Field(() => Boolean, { description: 'Whether this request was made with it.' })
  current!: boolean;
}

@InputType({ description: 'Which sessions to list.' })
export class SessionFilter {
  @Field(() => ID, { nullable: true, description: "This person's; who asks must be able to see accounts." })
  userId?: string | null;
}
