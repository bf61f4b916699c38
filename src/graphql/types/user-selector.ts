import { Field, ID, InputType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { FlowUser } from '../../flow/services/users.js';
import type { RequestContext } from '../context.js';
import { OneOf } from '../one-of.js';

@OneOf('UserSelector')
@InputType({ description: 'Whose account.' })
export class UserSelector {
  @Field(() => ID, { nullable: true, description: 'The account with this id.' })
  id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The account with this username or e-mail address, whatever its case.',
  })
  identifier?: string | null;
}

/** The person that a selector names; refuses where there is none. */
export async function selectedUser(
  { id, identifier }: UserSelector,
  context: RequestContext,
): Promise<FlowUser> {
  const user = id != null ? await context.users.load(id) : await context.userByIdentifier(identifier ?? '');
  if (!user) throw Refusal.notFound('user');
  return user;
}
