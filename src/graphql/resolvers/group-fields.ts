import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { isStorableText } from '../../kernel/text.js';
import type { FlowUser, UserGroup } from '../../flow/services/users.js';
import { allowedBy } from '../../identity/access.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, connectionType, decodeCursor, encodeCursor, foreignCursor } from '../connection.js';
import { pageInfoOf, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { found } from '../edit.js';
import { Group, User } from '../types/people.js';

/** A page of members before anybody has asked how many there are in all. */
interface MembersPage extends Omit<Connection<FlowUser>, 'totalCount'> {
  readonly groupId: string;
}

const GroupMemberConnection = connectionType('GroupMember', () => User);

@Resolver(() => Group)
class GroupFields {
  @FieldResolver()
  parents(@Root() { id }: UserGroup, @Ctx() { groupParents }: RequestContext): Promise<UserGroup[]> {
    return groupParents.load(id);
  }

  @FieldResolver()
  children(@Root() { id }: UserGroup, @Ctx() { groupChildren }: RequestContext): Promise<UserGroup[]> {
    return groupChildren.load(id);
  }

  @FieldResolver()
  async permissions(
    @Root() { id }: UserGroup,
    @Ctx() { groupDetails }: RequestContext,
  ): Promise<readonly string[]> {
    return found('group', await groupDetails.load(id)).permissions;
  }

  @FieldResolver()
  async version(@Root() { id }: UserGroup, @Ctx() { groupDetails }: RequestContext): Promise<number> {
    return found('group', await groupDetails.load(id)).version;
  }

  @FieldResolver()
  async effectivePermissions(
    @Root() { id }: UserGroup,
    @Ctx() { groupRights }: RequestContext,
  ): Promise<readonly string[]> {
    return allowedBy(await groupRights.load(id));
  }

  @Needs('GROUP_VIEW', 'USER_VIEW')
  @FieldResolver(() => GroupMemberConnection, {
    description:
      'A page of those who are in it directly, by username. Those of groups within it are not among them.',
  })
  async members(
    @Root() { id: groupId }: UserGroup,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Ctx() { groupMembers, users }: RequestContext,
  ): Promise<MembersPage> {
    const request = { groupId, size: pageSize(first), after: after == null ? null : placeIn(after) };
    const { members, hasMore } = await groupMembers.load(request);
    const people = await Promise.all(members.map(({ userId }) => users.load(userId)));
    const edges = members.flatMap(({ canonicalUsername }, index) => {
      const node = people[index];
      // Deleted since the page was read.
      return node ? [{ node, cursor: encodeCursor(canonicalUsername) }] : [];
    });
    const pageInfo = pageInfoOf(edges, hasMore, after != null);
    return { edges, pageInfo, groupId };
  }
}

@Resolver(() => GroupMemberConnection)
class GroupMemberConnectionFields {
  @FieldResolver()
  totalCount(
    @Root() { groupId }: MembersPage,
    @Ctx() { groupMemberCounts }: RequestContext,
  ): Promise<number> {
    return groupMemberCounts.load(groupId);
  }
}

/** What costs a query of its own to tell of a group. */
export const groupFieldResolvers: readonly ClassType[] = [GroupFields, GroupMemberConnectionFields];

function placeIn(cursor: string): string {
  const place = decodeCursor(cursor);
  if (!isStorableText(place)) throw foreignCursor();
  return place;
}
