import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Query, Resolver, Root } from 'type-graphql';
import { registerEnumType } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import { canonical, isStorableText, storableText } from '../../kernel/text.js';
import type { UserGroup, UserKind } from '../../flow/services/users.js';
import { accountPath } from '../../flow/user-rules.js';
import type { Account, ListedUser, UserFilter as Filter, UserOrder as Order } from '../../flow/user-store.js';
import { Needs } from '../access-rules.js';
import { expectPermissions } from '../authorization.js';
import {
  AFTER,
  FIRST,
  connectionType,
  decodeCursor,
  encodeCursor,
  foreignCursor,
  pageInfoOf,
  pageSize,
} from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { UserKindEnum } from '../enums.js';
import { checked } from '../input.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import { User } from '../types/people.js';

const LONGEST_SEARCH = 320;

const UserOrder = {
  USERNAME_ASC: 'USERNAME_ASC',
  USERNAME_DESC: 'USERNAME_DESC',
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  CREATED_AT_DESC: 'CREATED_AT_DESC',
} as const;

@InputType({ description: 'Which accounts to list; all conditions hold.' })
class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'With a username or e-mail address that begins like this, whatever the case or Unicode form. They come in the order of what was found.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Those who can sign in, or those who cannot.' })
  active?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Those who have yet to be confirmed by mail, or all others.',
  })
  awaitsVerification?: boolean | null;

  @Field(() => UserKindEnum, { nullable: true, description: 'Those of this kind.' })
  kind?: UserKind | null;

  @Field(() => String, { nullable: true, description: 'Those that stand at this path, or below it.' })
  path?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Those who are in this group directly; who asks must be able to see groups.',
  })
  groupId?: string | null;
}

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<Account>, 'totalCount'> {
  readonly filter: Filter;
}

/** Accounts, for administrators. */
export function userLists(): readonly ClassType[] {
  const UserConnection = connectionType('User', () => User);
  registerEnumType(UserOrder, {
    name: 'UserOrder',
    description: 'How to order accounts.',
    valuesConfig: {
      USERNAME_ASC: { description: 'By username, whatever the case.' },
      USERNAME_DESC: { description: 'By username, backwards.' },
      CREATED_AT_ASC: { description: 'The oldest first.' },
      CREATED_AT_DESC: { description: 'The newest first.' },
    },
  });

  @Resolver()
  class UserResolver {
    @Needs('USER_VIEW')
    @Query(() => User, {
      nullable: true,
      description: 'An account by its id, or by its username or e-mail address; null where there is none.',
    })
    async user(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('identifier', () => String, {
        nullable: true,
        description: 'Its username or e-mail address, whatever the case.',
      })
      identifier: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Account | null> {
      if (id != null) return (await context.users.load(id)) ?? null;
      if (identifier != null) return (await context.userByIdentifier(identifier)) ?? null;
      throw Refusal.badInput([{ path: 'id', code: 'REQUIRED', message: 'Give id or identifier.' }]);
    }

    @Needs('USER_VIEW')
    @Query(() => UserConnection, { description: 'A page of accounts.' })
    async users(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => UserFilter, { nullable: true, description: 'Which ones.' })
      filter: UserFilter | null,
      @Arg('orderBy', () => UserOrder, {
        nullable: true,
        description: 'In what order; a search has its own. Default: USERNAME_ASC.',
      })
      orderBy: keyof typeof UserOrder | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      const wanted = filterOf(filter ?? {});
      if (wanted.groupId !== null) await expectPermissions(context, ['GROUP_VIEW']);
      const order = orderOf(orderBy ?? 'USERNAME_ASC', after ?? null, wanted);
      const { users, hasMore } = await context.userList.list({
        filter: wanted,
        order,
        size: pageSize(first),
      });
      const edges = users.map((listed) => ({ node: listed.user, cursor: placeOf(listed, order) }));
      const pageInfo = pageInfoOf(edges, hasMore, after != null);
      return { edges, pageInfo, filter: wanted };
    }
  }

  @Resolver(() => UserConnection)
  class UserConnectionFields {
    @FieldResolver()
    totalCount(@Root() { filter }: Page, @Ctx() { userList }: RequestContext): Promise<number> {
      return userList.count(filter);
    }
  }

  @Resolver(() => User)
  class UserFields {
    @FieldResolver()
    emailVerified(@Root() { emailVerifiedAt }: Account): boolean {
      return emailVerifiedAt !== null;
    }

    @FieldResolver()
    isSuperuser(@Root() { superuser }: Account): boolean {
      return superuser;
    }

    @FieldResolver()
    async groups(@Root() { id }: Account, @Ctx() context: RequestContext): Promise<UserGroup[]> {
      const groupIds = await context.groupIdsOfUsers.load(id);
      const groups = await Promise.all(groupIds.map((groupId) => context.groups.load(groupId)));
      return groups.flatMap((group) => group ?? []);
    }

    @FieldResolver()
    async passwordChangedAt(
      @Root() { id }: Account,
      @Ctx() { passwordStates }: RequestContext,
    ): Promise<Date | null> {
      return (await passwordStates.load(id))?.changedAt ?? null;
    }

    @FieldResolver()
    async passwordCompromised(
      @Root() { id }: Account,
      @Ctx() { passwordStates }: RequestContext,
    ): Promise<boolean> {
      return (await passwordStates.load(id))?.compromised ?? false;
    }
  }

  return [UserResolver, UserConnectionFields, UserFields];
}

function filterOf({ search, active, awaitsVerification, kind, path, groupId }: UserFilter): Filter {
  const text = search ?? '';
  if (text.length > LONGEST_SEARCH) {
    const message = `Must have at most ${LONGEST_SEARCH} characters.`;
    throw Refusal.badInput([{ path: 'filter.search', code: 'TOO_LONG', message }]);
  }
  // Nothing in particular is searched for by no character.
  const word = canonical(storableText(text));
  if (path != null) checked(accountPath, path, 'filter.path');
  return {
    search: word === '' ? null : word,
    active: active ?? null,
    awaitsVerification: awaitsVerification ?? null,
    kind: kind ?? null,
    path: path ?? null,
    groupId: groupId ?? null,
  };
}

function orderOf(orderBy: keyof typeof UserOrder, after: string | null, { search }: Filter): Order {
  if (search !== null && orderBy !== 'USERNAME_ASC') {
    const message = 'What a search finds is in the order of the words that it has found.';
    throw Refusal.badInput([{ path: 'orderBy', code: 'NOT_WITH_SEARCH', message }]);
  }
  switch (orderBy) {
    case 'USERNAME_ASC':
    case 'USERNAME_DESC':
      return {
        by: 'WORD',
        descending: orderBy === 'USERNAME_DESC',
        after: after === null ? null : wordIn(after),
      };
    case 'CREATED_AT_ASC':
    case 'CREATED_AT_DESC':
      return {
        by: 'CREATED_AT',
        descending: orderBy === 'CREATED_AT_DESC',
        after: after === null ? null : positionIn(after),
      };
  }
}

function placeOf({ user, word }: ListedUser, { by }: Order): string {
  return by === 'WORD' ? encodeCursor(word) : cursorOf(user);
}

function wordIn(cursor: string): string {
  const word = decodeCursor(cursor);
  if (!isStorableText(word)) throw foreignCursor();
  return word;
}
