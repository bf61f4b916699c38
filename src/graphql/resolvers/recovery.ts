import { GraphQLDateTime } from 'graphql-scalars';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { z } from 'zod';

import { durationSeconds, durationText } from '../../kernel/duration.js';
import { AsReached, NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import type { RequestContext } from '../context.js';
import { GraphQLDuration } from '../duration-scalar.js';
import { checked } from '../input.js';
import { selectedUser, UserSelector } from '../types/user-selector.js';

const SHORTEST_SECONDS = 60;
const LONGEST_SECONDS = 7 * 24 * 3600;

const lifetimeRule = z.object({
  lifetime: durationText.refine(
    (text) => durationSeconds(text) >= SHORTEST_SECONDS && durationSeconds(text) <= LONGEST_SECONDS,
    { error: 'Must be between PT1M and P7D.' },
  ),
});

@InputType({ description: 'For whom to make a recovery link.' })
class CreateRecoveryLinkInput {
  @Field(() => UserSelector, { description: 'Whose access is to be recovered.' })
  user!: UserSelector;

  @Field(() => GraphQLDuration, {
    defaultValue: 'PT30M',
    description: 'How long the link is good, from PT1M to P7D.',
  })
  lifetime!: string;
}

@AsReached()
@ObjectType({ description: 'A link that opens a recovery flow, once, as the person whom it was made for.' })
class RecoveryLink {
  @Field(() => String, {
    description:
      'Where your frontend runs flows: `/flows/SLUG` on the public URL, with the token behind `#flowToken=`.',
  })
  url!: string;

  @Field(() => String, {
    description: 'The secret for `startFlow(input: { flowToken })`. It is told here and never again.',
  })
  token!: string;

  @Field(() => GraphQLDateTime, { description: 'When it is good no longer.' })
  expiresAt!: Date;
}

/** Giving people their access back, for administrators. */
@Resolver()
export class RecoveryResolver {
  @NeedsRecently('USER_RESET')
  @Mutation(() => RecoveryLink, {
    description:
      'Make a link by which somebody recovers their account. Any earlier one of theirs is good no longer. Looking at it uses nothing up; the first thing that it changes does. Refused where the account may do what you may not.',
  })
  async createRecoveryLink(
    @Arg('input', () => CreateRecoveryLinkInput, { description: 'For whom, and for how long.' })
    input: CreateRecoveryLinkInput,
    @Ctx() context: RequestContext,
  ): Promise<RecoveryLink> {
    const { lifetime } = checked(lifetimeRule, { lifetime: input.lifetime });
    const user = await selectedUser(input.user, context);
    const link = await context.recoveryLinks.create(
      await context.visit('BROWSER'),
      user,
      durationSeconds(lifetime),
      await actor(context),
    );
    return { url: link.url.reveal(), token: link.token.reveal(), expiresAt: link.expiresAt };
  }
}
