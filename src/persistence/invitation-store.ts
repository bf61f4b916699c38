import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';

import type { Secret } from '../kernel/secret.js';
import { asPromptData } from '../flow/invitation-rules.js';
import type { Invitation, InvitationState } from '../flow/invitation.js';
import type {
  InvitationFilter,
  InvitationList,
  InvitationOrder,
  InvitationPageRequest,
  InvitationPlace,
} from '../flow/invitation-store.js';
import type { GoodInvitation, Invitations } from '../flow/services/invitations.js';
import { tokenHash } from '../identity/token.js';
import { invitationOf, isExpired, isGood, isUsedUp } from './invitation-rows.js';
import { isBehind } from './keyset.js';
import { isId } from './tables.js';
import type { Sql } from './tables.js';

export class SqlInvitations implements Invitations, InvitationList {
  constructor(private readonly db: Sql) {}

  async find(token: Secret, flowId: string, now: Date): Promise<GoodInvitation | undefined> {
    const row = await this.db
      .selectFrom('invitation')
      .select(['id', 'name', 'single_use', 'fixed_data'])
      .where('token_hash', '=', tokenHash(token))
      .where(isGood(flowId, now))
      .executeTakeFirst();
    if (!row) return undefined;
    const { id, name, single_use: singleUse, fixed_data: data } = row;
    return { id, name, singleUse, fixedData: asPromptData(data) };
  }

  async byId(id: string): Promise<Invitation | undefined> {
    if (!isId(id)) return undefined;
    const row = await this.db.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst();
    return row && invitationOf(row);
  }

  async list({
    filter,
    order,
    size,
    after,
    now,
  }: InvitationPageRequest): Promise<{ invitations: Invitation[]; hasMore: boolean }> {
    const direction = order.endsWith('_DESC') ? 'desc' : 'asc';
    let page = this.#matching(filter, now).selectAll();
    if (after) page = page.where(isBeyond(after, order));
    page = order.startsWith('NAME')
      ? page.orderBy('name', direction)
      : page.orderBy('created_at', direction).orderBy('id', direction);
    // One more than is shown tells whether that is all.
    const rows = await page.limit(size + 1).execute();
    return { invitations: rows.slice(0, size).map(invitationOf), hasMore: rows.length > size };
  }

  async count(filter: InvitationFilter, now: Date): Promise<number> {
    const { count } = await this.#matching(filter, now)
      .select((select) => select.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** What cannot be an id names nothing. */
  #matching({ search, flowId, state }: InvitationFilter, now: Date) {
    let matching = this.db.selectFrom('invitation');
    if (search !== null)
      matching = matching.where(sql<SqlBool>`position(lower(${search}) in lower(name)) > 0`);
    if (flowId !== null)
      matching = matching.where((where) => (isId(flowId) ? where('flow_id', '=', flowId) : where.lit(false)));
    if (state !== null) matching = matching.where(isIn(state, now));
    return matching;
  }
}

function isIn(state: InvitationState, now: Date): Expression<SqlBool> {
  switch (state) {
    case 'USED':
      return isUsedUp;
    case 'EXPIRED':
      return sql<SqlBool>`not ${isUsedUp} and ${isExpired(now)}`;
    case 'OPEN':
      return sql<SqlBool>`not ${isUsedUp} and not ${isExpired(now)}`;
  }
}

function isBeyond(place: InvitationPlace, order: InvitationOrder): Expression<SqlBool> {
  switch (order) {
    case 'NAME_ASC':
      return sql<SqlBool>`name > ${place.name}`;
    case 'NAME_DESC':
      return sql<SqlBool>`name < ${place.name}`;
    case 'CREATED_AT_ASC':
    case 'CREATED_AT_DESC':
      return isBehind(place, order === 'CREATED_AT_DESC');
  }
}
