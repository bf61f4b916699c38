import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { secondsAfter } from '../../kernel/clock.js';
import { durationSeconds } from '../../kernel/duration.js';
import { Refusal } from '../../kernel/refusal.js';
import type { FieldProblem } from '../../kernel/refusal.js';
import type { ApiToken as Token } from '../../flow/api-tokens.js';
import { may } from '../../identity/access.js';
import { apiTokenChanges, apiTokenFields, newApiToken } from '../../identity/api-token.js';
import type { Permission } from '../../identity/permissions.js';
import { Needs, SignedIn } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions } from '../authorization.js';
import { AFTER, FIRST, connectionType, pageSize } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, found } from '../edit.js';
import { checked, checkedChanges, plain, refusedAt } from '../input.js';
import { keysetPage } from '../keyset-page.js';
import { cursorOf, positionIn } from '../moment-cursor.js';
import { ApiToken, ApiTokenFilter, CreatedApiToken } from '../types/api-token.js';

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<Token>, 'totalCount'> {
  readonly userId: string | null;
}

/** The secrets by which scripts act for people: their owners' to make and change, administrators' to see and delete. */
export function apiTokenManagement(): readonly ClassType[] {
  const ApiTokenConnection = connectionType('ApiToken', () => ApiToken);
  const CreateApiTokenInput = inputType('CreateApiTokenInput', 'A new API token.', apiTokenFields);
  const UpdateApiTokenInput = inputType(
    'UpdateApiTokenInput',
    'What to change; the rest is left alone.',
    apiTokenChanges,
    { partial: true },
  );

  @Resolver()
  class ApiTokenManagement {
    @Needs('API_TOKEN_VIEW')
    @Query(() => ApiTokenConnection, { description: "A page of everybody's API tokens, the newest first." })
    async apiTokens(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => ApiTokenFilter, { nullable: true, description: 'Which ones.' })
      filter: ApiTokenFilter | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      const userId = filter?.userId ?? null;
      if (userId !== null) await expectPermissions(context, ['USER_VIEW']);
      return pageOf(userId, first, after, context);
    }

    @SignedIn()
    @Query(() => ApiTokenConnection, { description: 'A page of your own API tokens, the newest first.' })
    async myApiTokens(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Page> {
      return pageOf((await context.access()).userId, first, after, context);
    }

    @SignedIn({ recent: true })
    @Mutation(() => CreatedApiToken, {
      description:
        'Make an API token that acts for you, with permissions that you have. At most 50 at the same time.',
    })
    async createApiToken(
      @Arg('input', () => CreateApiTokenInput, { description: 'The token.' }) input: object,
      @Ctx() context: RequestContext,
    ): Promise<CreatedApiToken> {
      const { name, permissions, lifetime } = checked(apiTokenFields, plain(input));
      await expectOwn(permissions, context);
      const by = await actor(context);
      const { userId } = await context.access();
      const token = newApiToken(context.engine.chance);
      const expiresAt = secondsAfter(context.now, durationSeconds(lifetime));
      const id = await context.apiTokens.create({ userId, name, permissions, token, expiresAt }, by);
      return { apiToken: await tokenNamed(id, context), token: token.reveal() };
    }

    @SignedIn({ recent: true })
    @Mutation(() => ApiToken, {
      description: 'Change one of your API tokens. What it is given in addition, you have to have yourself.',
    })
    async updateApiToken(
      @Arg('id', () => ID, { description: 'Which token.' }) id: string,
      @Arg('input', () => UpdateApiTokenInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION)
      ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<Token> {
      const changes = checkedChanges(apiTokenChanges, input);
      const { token, own } = await reachedToken(id, context);
      if (!own) throw new Refusal('FORBIDDEN', 'An API token is changed by its owner only.');
      await expectOwn(changes.permissions ?? [], context, token.permissions);
      await context.apiTokens.update(id, changes, ifVersion ?? null, await actor(context));
      return tokenNamed(id, context);
    }

    @SignedIn()
    @Mutation(() => ID, {
      description:
        "Delete an API token; what comes with it is refused from then on. Somebody else's needs API_TOKEN_DELETE, and all rights that its owner has.",
    })
    async deleteApiToken(
      @Arg('id', () => ID, { description: 'Which token.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      const { own } = await reachedToken(id, context);
      if (!own) await expectPermissions(context, ['API_TOKEN_DELETE']);
      await context.apiTokens.delete(id, await actor(context));
      return id;
    }
  }

  @Resolver(() => ApiTokenConnection)
  class ApiTokenConnectionFields {
    @FieldResolver()
    totalCount(@Root() { userId }: Page, @Ctx() { apiTokens, now }: RequestContext): Promise<number> {
      return apiTokens.count(userId, now);
    }
  }

  @Resolver(() => ApiToken)
  class ApiTokenFields {
    @FieldResolver()
    async user(@Root() { userId }: Token, @Ctx() { users }: RequestContext): Promise<object | null> {
      return (await users.load(userId)) ?? null;
    }
  }

  return [ApiTokenManagement, ApiTokenConnectionFields, ApiTokenFields];
}

async function pageOf(
  userId: string | null,
  first: number | null,
  after: string | null,
  { apiTokens, now }: RequestContext,
): Promise<Page> {
  const position = after == null ? null : positionIn(after);
  const tokens = await apiTokens.list({ userId, size: pageSize(first), after: position, now });
  return { ...keysetPage(tokens, cursorOf, after), userId };
}

/** A token that the caller may know of: one of their own, or anybody's where they may see those. */
async function reachedToken(id: string, context: RequestContext): Promise<{ token: Token; own: boolean }> {
  const access = await context.access();
  const token = await tokenNamed(id, context);
  const own = token.userId === access.userId;
  if (!own && !may(access, 'API_TOKEN_VIEW')) throw Refusal.notFound('API token');
  return { token, own };
}

async function tokenNamed(id: string, { apiTokens, now }: RequestContext): Promise<Token> {
  return found('API token', await apiTokens.byId(id, now));
}

/** Refuses every permission that the caller lacks; what the token has already may stay. */
async function expectOwn(
  permissions: readonly Permission[],
  context: RequestContext,
  present: readonly string[] = [],
): Promise<void> {
  const access = await context.access();
  const lacking = permissions.flatMap((permission, index): FieldProblem[] => {
    if (may(access, permission) || present.includes(permission)) return [];
    const message = `You do not have ${permission} yourself.`;
    return [{ path: String(index), code: 'NOT_YOURS', message }];
  });
  if (lacking.length > 0) throw refusedAt('input.permissions', lacking);
}
