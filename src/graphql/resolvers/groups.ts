import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Root } from 'type-graphql';
import { Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { isStorableText, storableText } from '../../kernel/text.js';
import { groupFields, groupMemberIds } from '../../flow/definition-rules.js';
import type { UserGroup } from '../../flow/services/users.js';
import { Needs, NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import {
  AFTER,
  FIRST,
  connectionType,
  decodeCursor,
  encodeCursor,
  foreignCursor,
  pageSize,
} from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, deletingUnused, found } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import { keysetPage } from '../keyset-page.js';
import { nameOrder } from '../name-order.js';
import { permissionList } from '../permission-list.js';
import { refuseMissing } from '../references.js';
import { Group } from '../types/people.js';
import { groupFieldResolvers } from './group-fields.js';

const inputFields = groupFields.extend({
  permissions: permissionList
    .default([])
    .describe('What its members may do, those of groups within it included. Default: nothing.'),
});

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<UserGroup>, 'totalCount'> {
  readonly search: string | null;
}

/** Groups and who is in them, for administrators. */
export function groupManagement(): readonly ClassType[] {
  const GroupConnection = connectionType('Group', () => Group);
  const GroupOrder = nameOrder('GroupOrder');
  const CreateGroupInput = inputType('CreateGroupInput', 'A new group.', inputFields);
  const UpdateGroupInput = inputType(
    'UpdateGroupInput',
    'What to change; the rest is left alone.',
    inputFields,
    { partial: true },
  );

  @InputType({ description: 'Which groups to list.' })
  class GroupFilter {
    @Field(() => String, { nullable: true, description: 'With this in the name, whatever the case.' })
    search?: string | null;
  }

  @Resolver()
  class GroupManagement {
    @Needs('GROUP_VIEW')
    @Query(() => Group, { nullable: true, description: 'A group by id or by name.' })
    async group(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('name', () => String, { nullable: true, description: 'Its name.' }) name: string | null,
      @Ctx() { groups, groupList }: RequestContext,
    ): Promise<UserGroup | null> {
      if (id != null) return (await groups.load(id)) ?? null;
      return name != null && isStorableText(name) ? ((await groupList.byName(name)) ?? null) : null;
    }

    @Needs('GROUP_VIEW')
    @Query(() => GroupConnection, { description: 'A page of groups.' })
    async groups(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => GroupFilter, { nullable: true, description: 'Which ones.' })
      filter: GroupFilter | null,
      @Arg('orderBy', () => GroupOrder, { nullable: true, description: 'In what order. Default: NAME_ASC.' })
      orderBy: string | null,
      @Ctx() { groupList }: RequestContext,
    ): Promise<Page> {
      const search = filter?.search == null ? null : storableText(filter.search);
      const { groups, hasMore } = await groupList.list({
        search,
        size: pageSize(first),
        after: after == null ? null : nameIn(after),
        descending: orderBy === 'NAME_DESC',
      });
      return { ...keysetPage({ items: groups, hasMore }, ({ name }) => encodeCursor(name), after), search };
    }

    @NeedsRecently('GROUP_ADD')
    @Mutation(() => Group, {
      description:
        'Make a group, with nobody in it yet. Nobody grants what they may not do themselves, nor puts it within a group that does.',
    })
    async createGroup(
      @Arg('input', () => CreateGroupInput, { description: 'The group.' }) input: object,
      @Ctx() context: RequestContext,
    ): Promise<UserGroup> {
      const fields = checked(inputFields, plain(input));
      await expectGroups(fields.parentIds, context);
      const id = await context.groupEditor.create(fields, await actor(context));
      return changed(id, context);
    }

    @NeedsRecently('GROUP_CHANGE')
    @Mutation(() => Group, {
      description:
        'Change a group. Refused where it would be granted, by itself or by groups around it, what you may not do yourself; where it makes superusers and you are none; where groups would lie within each other; and where nobody would be left who may do everything.',
    })
    async updateGroup(
      @Arg('id', () => ID, { description: 'Which group.' }) id: string,
      @Arg('input', () => UpdateGroupInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<UserGroup> {
      const changes = checkedChanges(inputFields, input);
      await expectGroups(changes.parentIds ?? [], context);
      await context.groupEditor.update(id, changes, ifVersion ?? null, await actor(context));
      return changed(id, context);
    }

    @NeedsRecently('GROUP_DELETE')
    @Mutation(() => ID, {
      description:
        'Delete a group that nothing asks for any more. Its members stay, and so do the groups within it.',
    })
    async deleteGroup(
      @Arg('id', () => ID, { description: 'Which group.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      const by = await actor(context);
      await deletingUnused({ type: 'GROUP', id }, context, () => context.groupEditor.delete(id, by));
      forget(context);
      return id;
    }

    @NeedsRecently('GROUP_CHANGE', 'USER_VIEW')
    @Mutation(() => Group, {
      description:
        'Put people into a group; those who are in it already stay. At most 1000 at once. Refused where its members may do what you may not do yourself.',
    })
    async addGroupMembers(
      @Arg('id', () => ID, { description: 'Which group.' }) id: string,
      @Arg('userIds', () => [ID], { description: 'Who joins.' }) userIds: string[],
      @Ctx() context: RequestContext,
    ): Promise<UserGroup> {
      const joining = checked(groupMemberIds, userIds, 'userIds');
      refuseMissing('user', 'userIds', await context.users.loadMany(joining));
      await context.groupEditor.addMembers(id, joining, await actor(context));
      return changed(id, context);
    }

    @NeedsRecently('GROUP_CHANGE', 'USER_VIEW')
    @Mutation(() => Group, {
      description:
        'Take people out of a group; whoever is not in it is left alone. At most 1000 at once. They may still be in it through a group within it.',
    })
    async removeGroupMembers(
      @Arg('id', () => ID, { description: 'Which group.' }) id: string,
      @Arg('userIds', () => [ID], { description: 'Who leaves.' }) userIds: string[],
      @Ctx() context: RequestContext,
    ): Promise<UserGroup> {
      const leaving = checked(groupMemberIds, userIds, 'userIds');
      await context.groupEditor.removeMembers(id, leaving, await actor(context));
      return changed(id, context);
    }
  }

  @Resolver(() => GroupConnection)
  class GroupConnectionFields {
    @FieldResolver()
    totalCount(@Root() { search }: Page, @Ctx() { groupList }: RequestContext): Promise<number> {
      return groupList.count(search);
    }
  }

  return [GroupManagement, GroupConnectionFields, ...groupFieldResolvers];
}

async function expectGroups(ids: readonly string[], { groups }: RequestContext): Promise<void> {
  refuseMissing('group', 'input.parentIds', await groups.loadMany(ids));
}

/** The group as it is after a change of this request's. */
async function changed(id: string, context: RequestContext): Promise<UserGroup> {
  forget(context);
  return found('group', await context.groups.load(id));
}

/** What this request has read of groups and people may have changed. */
function forget(context: RequestContext): void {
  const { groups, groupParents, groupChildren, groupDetails, groupRights, users } = context;
  const { groupMembers, groupMemberCounts } = context;
  for (const loader of [groups, groupParents, groupChildren, groupDetails, groupRights, users])
    loader.clearAll();
  for (const loader of [groupMembers, groupMemberCounts]) loader.clearAll();
}

function nameIn(cursor: string): string {
  const name = decodeCursor(cursor);
  if (!isStorableText(name)) throw foreignCursor();
  return name;
}
