import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import { demandsFor } from '../../flow/authenticator-demands.js';
import { authenticatorName } from '../../flow/authenticator-name.js';
import type { ManagedAuthenticator } from '../../flow/authenticator-records.js';
import type { Account } from '../../flow/user-store.js';
import { NeedsRecently, SignedIn } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectViewer } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { IF_VERSION, found } from '../edit.js';
import { checked } from '../input.js';
import { Authenticator } from '../types/authenticator.js';
import { User } from '../types/people.js';
import { Viewer } from '../types/viewer.js';

/** What people have set up: their own to rename and remove, anybody's for administrators to remove. Flows set up. */
@Resolver()
class AuthenticatorManagement {
  @SignedIn({ recent: true })
  @Mutation(() => Authenticator, { description: 'Call one of your own authenticators by another name.' })
  async renameAuthenticator(
    @Arg('id', () => ID, { description: 'Which authenticator.' }) id: string,
    @Arg('name', () => String, { description: 'Its new name: one line of at most 64 characters.' })
    name: string,
    @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
    @Ctx() context: RequestContext,
  ): Promise<ManagedAuthenticator> {
    const newName = checked(authenticatorName, name, 'name');
    await context.authenticators.renameOwn(id, newName, ifVersion ?? null, await actor(context));
    return found('authenticator', await context.authenticators.byId(id));
  }

  @SignedIn({ recent: true })
  @Mutation(() => ID, {
    description:
      'Remove one of your own authenticators. Your other sessions, flows and links end. Refused where it is the last one that a flow for signing in demands of you.',
  })
  async removeAuthenticator(
    @Arg('id', () => ID, { description: 'Which authenticator.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    const { user, sessionId } = await expectViewer(context);
    await expectNotDemanded(id, user, context);
    const by = await actor(context);
    await context.authenticators.removeOwn(id, user.authenticators, sessionId, by);
    return id;
  }

  @NeedsRecently('AUTHENTICATOR_DELETE')
  @Mutation(() => ID, {
    description:
      "Remove somebody else's authenticator, as where it is lost: all of their sessions and flows end, and they are told by mail. Refused where they may do what you may not.",
  })
  async deleteAuthenticator(
    @Arg('id', () => ID, { description: 'Which authenticator.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    await context.authenticators.delete(id, await actor(context));
    return id;
  }
}

@Resolver(() => Authenticator)
class AuthenticatorFields {
  @FieldResolver()
  disabled(@Root() { disabledAt }: ManagedAuthenticator): boolean {
    return disabledAt !== null;
  }
}

@Resolver(() => Viewer)
class AuthenticatorsOfViewer {
  @FieldResolver()
  authenticators(
    @Root() { id }: Viewer,
    @Ctx() { authenticatorsOfUsers }: RequestContext,
  ): Promise<ManagedAuthenticator[]> {
    return authenticatorsOfUsers.load(id);
  }
}

@Resolver(() => User)
class AuthenticatorsOfUser {
  @FieldResolver()
  authenticators(
    @Root() { id }: Account,
    @Ctx() { authenticatorsOfUsers }: RequestContext,
  ): Promise<ManagedAuthenticator[]> {
    return authenticatorsOfUsers.load(id);
  }
}

export const authenticatorManagement: readonly ClassType[] = [
  AuthenticatorManagement,
  AuthenticatorFields,
  AuthenticatorsOfViewer,
  AuthenticatorsOfUser,
];

async function expectNotDemanded(
  id: string,
  user: Parameters<typeof demandsFor>[2],
  context: RequestContext,
): Promise<void> {
  const demands = await demandsFor(context.engine, await context.ownVisit(), user, id);
  if (demands.length === 0) return;
  const places = demands.map(({ flow, stage }) => `${flow.slug} (stage ${stage.name})`).join(', ');
  throw new Refusal(
    'CONFLICT',
    `You could not sign in without it any more. It is demanded by ${places}. Set up another one first.`,
  );
}
