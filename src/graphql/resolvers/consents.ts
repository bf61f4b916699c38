import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { Consent } from '../../flow/consents.js';
import type { Account } from '../../flow/user-store.js';
import { may } from '../../identity/access.js';
import { SignedIn } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { User } from '../types/people.js';
import { Viewer } from '../types/viewer.js';

/** What people have agreed to: their own to see and revoke, anybody's for administrators. */
@Resolver()
class ConsentManagement {
  @SignedIn()
  @Mutation(() => ID, {
    description:
      "Revoke a consent: its person is asked anew. Somebody else's needs CONSENT_DELETE, and all rights that its person has.",
  })
  async revokeConsent(
    @Arg('id', () => ID, { description: 'Which consent.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    const access = await context.access();
    const consent = await context.consents.byId(id, context.now);
    const own = consent?.userId === access.userId;
    if (!consent || !(own || may(access, 'CONSENT_VIEW'))) throw Refusal.notFound('consent');
    if (!own) await expectPermissions(context, ['CONSENT_DELETE']);
    await context.consents.revoke(id, await actor(context));
    return id;
  }
}

@Resolver(() => Viewer)
class ConsentsOfViewer {
  @FieldResolver()
  consents(@Root() { id }: Viewer, @Ctx() { consentsOfUsers }: RequestContext): Promise<Consent[]> {
    return consentsOfUsers.load(id);
  }
}

@Resolver(() => User)
class ConsentsOfUser {
  @FieldResolver()
  consents(@Root() { id }: Account, @Ctx() { consentsOfUsers }: RequestContext): Promise<Consent[]> {
    return consentsOfUsers.load(id);
  }
}

export const consentManagement: readonly ClassType[] = [ConsentManagement, ConsentsOfViewer, ConsentsOfUser];
