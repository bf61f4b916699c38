import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { FlowDefinition } from '../../flow/definition.js';
import { invitationMailFields } from '../../flow/invitation-mail.js';
import { invitationFields } from '../../flow/invitation-rules.js';
import type { InvitationFilter as Filter, InvitationOrder as Order } from '../../flow/invitation-store.js';
import { stateOf } from '../../flow/invitation.js';
import type { Invitation as Invited, InvitationState as State } from '../../flow/invitation.js';
import type { FlowUser } from '../../flow/services/users.js';
import { AsReached, Needs, NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions } from '../authorization.js';
import { AFTER, FIRST, connectionType, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, found, versionBefore } from '../edit.js';
import { InvitationOrder } from '../enums.js';
import { checked, checkedChanges, plain } from '../input.js';
import { InvitationFilter, invitationFilterForm } from '../invitation-filter.js';
import { keysetPage } from '../keyset-page.js';
import { recipientsIn } from '../recipients.js';
import { invitationType } from '../types/invitation.js';
import type { ManagementTypes } from '../types/management.js';
import { cursorOf, placeIn } from '../invitation-cursor.js';

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<Invited>, 'totalCount'> {
  readonly filter: Filter;
}

/** Inviting people, for administrators. */
export function invitationManagement(types: ManagementTypes): readonly ClassType[] {
  const Invitation = invitationType(types);
  const InvitationConnection = connectionType('Invitation', () => Invitation);
  const CreateInvitationInput = inputType('CreateInvitationInput', 'A new invitation.', invitationFields);
  const UpdateInvitationInput = inputType(
    'UpdateInvitationInput',
    'What to change; the rest is left alone.',
    invitationFields,
    { partial: true },
  );

  const SendInvitationInput = inputType(
    'SendInvitationInput',
    'Whom to send an invitation to, by mail.',
    invitationMailFields,
  );

  @AsReached()
  @ObjectType({ description: 'An invitation, with what is told of it only once.' })
  class CreatedInvitation {
    @Field(() => Invitation, { description: 'The invitation.' })
    invitation!: object;

    @Field(() => String, {
      description: 'The secret for `startFlow(input: { invitationToken })`. It is told here and never again.',
    })
    token!: string;

    @Field(() => String, {
      nullable: true,
      description:
        'Where your frontend runs flows: `/flows/SLUG` on the public URL, with the secret behind `#invitationToken=`. Null where the invitation is good for any flow.',
    })
    url!: string | null;
  }

  @Resolver()
  class InvitationManagement {
    @Needs('INVITATION_VIEW')
    @Query(() => Invitation, { nullable: true, description: 'An invitation by id.' })
    async invitation(
      @Arg('id', () => ID, { description: 'Its id.' }) id: string,
      @Ctx() { invitations }: RequestContext,
    ): Promise<Invited | null> {
      return (await invitations.list.byId(id)) ?? null;
    }

    @Needs('INVITATION_VIEW')
    @Query(() => InvitationConnection, { description: 'A page of invitations.' })
    async invitations(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => InvitationFilter, { nullable: true, description: 'Which ones.' })
      filter: InvitationFilter | null,
      @Arg('orderBy', () => InvitationOrder, {
        nullable: true,
        description: 'In what order. Default: CREATED_AT_DESC.',
      })
      orderBy: Order | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      const wanted = checked(invitationFilterForm, plain(filter ?? {}), 'filter');
      if (wanted.flowId !== null) await expectPermissions(context, ['FLOW_VIEW']);
      const { invitations, hasMore } = await context.invitations.list.list({
        filter: wanted,
        order: orderBy ?? 'CREATED_AT_DESC',
        size: pageSize(first),
        after: after == null ? null : placeIn(after),
        now: context.now,
      });
      return { ...keysetPage({ items: invitations, hasMore }, cursorOf, after), filter: wanted };
    }

    @NeedsRecently('INVITATION_ADD')
    @Mutation(() => CreatedInvitation, {
      description:
        'Invite people. Opening the link uses nothing up; an account that is made with it does. To name a flow needs FLOW_VIEW.',
    })
    async createInvitation(
      @Arg('input', () => CreateInvitationInput, { description: 'The invitation.' }) input: object,
      @Arg('sendTo', () => SendInvitationInput, {
        nullable: true,
        description: 'Whom to send its link to as well. The invitation has to name its flow then.',
      })
      sendTo: object | null,
      @Ctx() context: RequestContext,
    ): Promise<CreatedInvitation> {
      const fields = checked(invitationFields, plain(input));
      const flow = await namedFlow(fields.flowId, context);
      const recipients = sendTo && (await recipientsIn(sendTo, 'sendTo', fields, context));
      if (recipients && !flow) {
        const message = 'Must be given where the link is to be sent.';
        throw Refusal.badInput([{ path: 'input.flowId', code: 'REQUIRED', message }]);
      }
      const { inviting } = context.invitations;
      const { id, token, url } = await inviting.invite(fields, flow, recipients, await actor(context));
      const invitation = await present(id, context);
      return { invitation, token: token.reveal(), url: url?.reveal() ?? null };
    }

    @NeedsRecently('INVITATION_CHANGE')
    @Mutation(() => Invitation, {
      description:
        'Change an invitation; its secret stays. What is fixed holds from when a flow gets to its invitation stage. To name a flow needs FLOW_VIEW.',
    })
    async updateInvitation(
      @Arg('id', () => ID, { description: 'Which invitation.' }) id: string,
      @Arg('input', () => UpdateInvitationInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<Invited> {
      const changes = checkedChanges(invitationFields, input);
      await namedFlow(changes.flowId ?? null, context);
      await context.invitations.editor.update(id, changes, ifVersion ?? null, await actor(context));
      return present(id, context);
    }

    @NeedsRecently('INVITATION_CHANGE')
    @Mutation(() => Invitation, {
      description:
        'Send the link of an invitation by mail: a new link, with a new secret. Earlier links and tokens of the invitation open nothing any more, and whoever has begun with one goes on. Refused where the invitation names no flow or lets nobody in any more, and where its flow gives what you may not hand out.',
    })
    async sendInvitation(
      @Arg('id', () => ID, { description: 'Which invitation.' }) id: string,
      @Arg('input', () => SendInvitationInput, { description: 'Whom to send it to.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<Invited> {
      const before = await present(id, context);
      const version = versionBefore('invitation', before, ifVersion);
      const recipients = await recipientsIn(input, 'input', before, context);
      const flow = before.flowId === null ? null : ((await context.catalogue()).flow(before.flowId) ?? null);
      const { inviting } = context.invitations;
      await inviting.send({ ...before, version }, flow, recipients, await actor(context));
      return present(id, context);
    }

    @Needs('INVITATION_DELETE')
    @Mutation(() => ID, {
      description:
        'Delete an invitation. Nobody makes an account with it any more, also where they have begun.',
    })
    async deleteInvitation(
      @Arg('id', () => ID, { description: 'Which invitation.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      await context.invitations.editor.delete(id, await actor(context));
      return id;
    }
  }

  @Resolver(() => InvitationConnection)
  class InvitationConnectionFields {
    @FieldResolver()
    totalCount(@Root() { filter }: Page, @Ctx() { invitations, now }: RequestContext): Promise<number> {
      return invitations.list.count(filter, now);
    }
  }

  @Resolver(() => Invitation)
  class InvitationFields {
    @FieldResolver()
    async flow(@Root() { flowId }: Invited, @Ctx() context: RequestContext): Promise<FlowDefinition | null> {
      return flowId === null ? null : ((await context.catalogue()).flow(flowId) ?? null);
    }

    @FieldResolver()
    state(@Root() invitation: Invited, @Ctx() { now }: RequestContext): State {
      return stateOf(invitation, now);
    }

    @FieldResolver()
    async createdBy(
      @Root() { createdBy }: Invited,
      @Ctx() { users }: RequestContext,
    ): Promise<FlowUser | null> {
      return createdBy === null ? null : ((await users.load(createdBy)) ?? null);
    }
  }

  return [InvitationManagement, InvitationConnectionFields, InvitationFields];
}

/** The flow that an input names. Whoever may not see flows cannot tell which there are. */
async function namedFlow(flowId: string | null, context: RequestContext): Promise<FlowDefinition | null> {
  if (flowId === null) return null;
  await expectPermissions(context, ['FLOW_VIEW']);
  const flow = (await context.catalogue()).flow(flowId);
  if (flow) return flow;
  const message = 'There is no flow with this id.';
  throw Refusal.badInput([{ path: 'input.flowId', code: 'NOT_FOUND', message }]);
}

async function present(id: string, { invitations }: RequestContext): Promise<Invited> {
  return found('invitation', await invitations.list.byId(id));
}
