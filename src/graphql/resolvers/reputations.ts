import { isIP } from 'node:net';

import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import { momentText } from '../../kernel/moment.js';
import { Refusal } from '../../kernel/refusal.js';
import type {
  ReputationFilter as Filter,
  ReputationPosition,
  ReputationRecord,
} from '../../flow/reputation-records.js';
import { Needs } from '../access-rules.js';
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
import { checked, plain } from '../input.js';
import { keysetPage } from '../keyset-page.js';
import { Reputation, ReputationFilter, ReputationOrder } from '../types/reputation.js';

/** A page before anybody has asked how many there are in all. */
interface Page extends Omit<Connection<ReputationRecord>, 'totalCount'> {
  readonly filter: Filter;
}

const filterForm = z.strictObject({
  identifier: z.string().min(1).max(320).nullable().default(null),
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, { error: 'Must be an IPv4 or IPv6 address.' })
    .nullable()
    .default(null),
});

/** How addresses have behaved, for administrators. */
export function reputationManagement(): readonly ClassType[] {
  const ReputationConnection = connectionType('Reputation', () => Reputation);

  @Resolver()
  class ReputationManagement {
    @Needs('REPUTATION_VIEW')
    @Query(() => ReputationConnection, { description: 'A page of how addresses have behaved lately.' })
    async reputations(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => ReputationFilter, { nullable: true, description: 'Which ones.' })
      filter: ReputationFilter | null,
      @Arg('orderBy', () => ReputationOrder, {
        nullable: true,
        description: 'In what order. Default: SCORE_ASC.',
      })
      orderBy: keyof typeof ReputationOrder | null,
      @Ctx() { reputationRecords, now }: RequestContext,
    ): Promise<Page> {
      const wanted = checked(filterForm, plain(filter ?? {}), 'filter');
      const found = await reputationRecords.list({
        filter: wanted,
        order: orderBy ?? 'SCORE_ASC',
        size: pageSize(first),
        after: after == null ? null : positionIn(after),
        now,
      });
      return { ...keysetPage(found, cursorOf, after), filter: wanted };
    }

    @Needs('REPUTATION_DELETE')
    @Mutation(() => Int, {
      description:
        'Forget how an address has behaved, or what is known of a name, or of both together. Answers how many records that were.',
    })
    async forgetReputation(
      @Arg('filter', () => ReputationFilter, {
        description: 'What to forget: a name, an address, or what that address did with that name.',
      })
      filter: ReputationFilter,
      @Ctx() context: RequestContext,
    ): Promise<number> {
      const wanted = checked(filterForm, plain(filter), 'filter');
      if (wanted.identifier === null && wanted.address === null) throw nothingNamed();
      return context.reputationRecords.forget(wanted, await actor(context));
    }
  }

  @Resolver(() => ReputationConnection)
  class ReputationConnectionFields {
    @FieldResolver()
    totalCount(@Root() { filter }: Page, @Ctx() { reputationRecords, now }: RequestContext): Promise<number> {
      return reputationRecords.count(filter, now);
    }
  }

  return [ReputationManagement, ReputationConnectionFields];
}

/** Holds the place in either order, so that it stays good when others come and go. */
function cursorOf({ score, updatedAt, key }: ReputationRecord): string {
  return encodeCursor(`${score} ${updatedAt.toISOString()} ${key}`);
}

const position = z.tuple([z.string().regex(/^-?\d{1,3}$/), momentText, z.string().regex(/^[0-9a-f]{32}$/)]);

function positionIn(cursor: string): ReputationPosition {
  const parsed = position.safeParse(decodeCursor(cursor).split(' '));
  if (!parsed.success) throw foreignCursor();
  const [score, updatedAt, key] = parsed.data;
  return { score: Number(score), updatedAt: new Date(updatedAt), key };
}

function nothingNamed(): Refusal {
  const message = 'Name an identifier, an address, or both.';
  return Refusal.badInput([{ path: 'filter', code: 'REQUIRED', message }]);
}
