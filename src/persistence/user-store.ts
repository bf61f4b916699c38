import { sql } from 'kysely';
import { z } from 'zod';

import { canonical, isStorableText } from '../kernel/text.js';
import { authenticatorKindNames } from '../flow/authenticator-kind-names.js';
import type { GroupWithParents, UserField, UserGroup, Users } from '../flow/services/users.js';
import type { Account } from '../flow/user-store.js';
import { anyOf, moment } from './tables.js';
import type { Sql } from './tables.js';

const authenticators = z.array(
  z.strictObject({
    id: z.string(),
    kind: z.enum(authenticatorKindNames),
    usable: z.boolean(),
    verifiesUser: z.boolean(),
  }),
);
const groups = z.array(z.strictObject({ id: z.string(), name: z.string(), superuser: z.boolean() }));

/** A person with their groups, those around them included, in one query. */
export function selectUsers(db: Sql) {
  return db
    .selectFrom('user_account as u')
    .select(['u.id', 'u.username', 'u.email', 'u.name', 'u.active', 'u.created_at as joined_at'])
    .select(['u.attributes', 'u.version as account_version', 'u.kind as account_kind', 'u.path'])
    .select(['u.awaits_verification', 'u.email_verified_at'])
    .select(
      sql`(
        with recursive member_of (id) as (
          select m.group_id from group_member m where m.user_id = u.id
          union
          select p.parent_id from member_of o join group_parent p on p.group_id = o.id
        )
        select coalesce(
          json_agg(json_build_object('id', g.id, 'name', g.name, 'superuser', g.superuser) order by g.name), '[]'
        )
        from member_of o join user_group g on g.id = o.id
      )`.as('groups'),
    )
    .select(
      sql<boolean>`exists (
        select from password p where p.user_id = u.id and p.compromised_at is null
      )`.as('has_password'),
    )
    .select(
      sql`(
        select coalesce(
          json_agg(
            json_build_object(
              'id', a.id, 'kind', a.kind, 'usable', a.disabled_at is null, 'verifiesUser', a.verifies_user
            ) order by a.created_at, a.id
          ), '[]'
        )
        from authenticator a
        where a.user_id = u.id
          and (a.kind <> 'STATIC' or exists (select from authenticator_code c where c.authenticator_id = a.id))
      )`.as('authenticators'),
    );
}

type UserColumns = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>;

export function flowUser(row: UserColumns): Account {
  const memberOf = groups.parse(jsonIn(row.groups));
  const {
    id,
    username,
    email,
    name,
    active,
    joined_at: joinedAt,
    attributes,
    account_version: version,
    account_kind: kind,
    path,
    awaits_verification: awaitsVerification,
    email_verified_at: verifiedAt,
    has_password: hasPassword,
  } = row;
  return {
    id,
    username,
    email,
    name,
    active,
    awaitsVerification,
    emailVerifiedAt: verifiedAt === null ? null : moment(verifiedAt),
    kind,
    path,
    createdAt: moment(joinedAt),
    attributes,
    version,
    groups: memberOf,
    superuser: memberOf.some((group) => group.superuser),
    hasPassword,
    authenticators: authenticators.parse(jsonIn(row.authenticators)),
  };
}

/** One driver hands out JSON as text. */
function jsonIn(column: unknown): unknown {
  return typeof column === 'string' ? JSON.parse(column) : column;
}

export class SqlUsers implements Users {
  constructor(private readonly db: Sql) {}

  async byId(id: string): Promise<Account | undefined> {
    const row = await selectUsers(this.db).where('u.id', '=', id).executeTakeFirst();
    return row && flowUser(row);
  }

  /** In the order of the ids, with undefined for nobody. */
  async byIds(ids: readonly string[]): Promise<(Account | undefined)[]> {
    const rows = await selectUsers(this.db).where('u.id', '=', anyOf(ids)).execute();
    const found = new Map(rows.map((row) => [row.id, flowUser(row)]));
    return ids.map((id) => found.get(id));
  }

  /** In the order of the ids, with undefined where there is none. */
  async groupsByIds(ids: readonly string[]): Promise<(UserGroup | undefined)[]> {
    const rows = await this.db
      .selectFrom('user_group')
      .select(['id', 'name', 'superuser'])
      .where('id', '=', anyOf(ids))
      .execute();
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id));
  }

  async groupWithParents(id: string): Promise<GroupWithParents | undefined> {
    const { rows: all } = await sql<UserGroup>`
      with recursive around (id) as (
        select ${id}::uuid
        union
        select p.parent_id from around a join group_parent p on p.group_id = a.id
      )
      select g.id, g.name, g.superuser from around a join user_group g on g.id = a.id order by g.name`.execute(
      this.db,
    );
    const group = all.find((one) => one.id === id);
    return group && { group, all };
  }

  async byIdentifier(identifier: string, fields: readonly UserField[]): Promise<Account | undefined> {
    if (!isStorableText(identifier)) return undefined;
    const row = await selectUsers(this.db)
      .innerJoin('user_identifier as i', 'i.user_id', 'u.id')
      .where('i.canonical', '=', canonical(identifier))
      .where((where) =>
        where.or([
          where.and([where('i.is_username', '=', true), where.val(fields.includes('USERNAME'))]),
          where.and([where('i.is_email', '=', true), where.val(fields.includes('EMAIL'))]),
        ]),
      )
      .executeTakeFirst();
    return row && flowUser(row);
  }

  async taken(
    names: { username?: string; email?: string },
    exceptUserId: string | null,
  ): Promise<readonly UserField[]> {
    const wanted: { field: UserField; word: string }[] = [];
    if (names.username !== undefined) wanted.push({ field: 'USERNAME', word: canonical(names.username) });
    if (names.email !== undefined) wanted.push({ field: 'EMAIL', word: canonical(names.email) });
    if (wanted.length === 0) return [];
    const rows = await this.db
      .selectFrom('user_identifier')
      .select('canonical')
      .where(
        'canonical',
        'in',
        wanted.map(({ word }) => word),
      )
      .where('user_id', 'is distinct from', exceptUserId)
      .execute();
    const taken = new Set(rows.map((row) => row.canonical));
    return wanted.filter(({ word }) => taken.has(word)).map(({ field }) => field);
  }
}
