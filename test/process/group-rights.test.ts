import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import type { Actor } from '../../src/flow/change.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { SqlGroupEditor } from '../../src/persistence/group-editor.js';
import { useDatabase } from '../support/test-database.js';

const database = useDatabase();
const NOW = new Date('2026-01-01T12:00:00Z');
const GROUPS = 5;
const PEOPLE = 4;
const grantable = ['EVENT_VIEW', 'SETTINGS_VIEW', 'USER_VIEW', 'GROUP_VIEW'];

const group = fc.nat(GROUPS - 1);
const person = fc.nat(PEOPLE - 1);
const permissions = fc.subarray(grantable);
const step = fc.oneof(
  fc.record({ type: fc.constant('grant' as const), group, permissions }),
  fc.record({ type: fc.constant('flag' as const), group, superuser: fc.boolean() }),
  fc.record({ type: fc.constant('move' as const), group, parents: fc.uniqueArray(group, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('join' as const), group, person }),
  fc.record({ type: fc.constant('leave' as const), group, person }),
  fc.record({
    type: fc.constant('make' as const),
    group,
    permissions,
    parents: fc.uniqueArray(group, { maxLength: 1 }),
  }),
  fc.record({ type: fc.constant('delete' as const), group }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What somebody may do, 'everything' included, by name. */
type Powers = ReadonlySet<string>;

/** People and groups of one run. The first person is a superuser by the first group; each has a token for some of it. */
class Town {
  readonly people = Array.from({ length: PEOPLE }, () => randomUUID());
  readonly tokens = Array.from({ length: PEOPLE }, () => randomUUID());
  readonly groups: string[] = Array.from({ length: GROUPS }, () => randomUUID());
  readonly #sql = database.current().sql;
  readonly #editor = new SqlGroupEditor(this.#sql);
  readonly allowed = ['EVENT_VIEW', 'GROUP_VIEW'];

  async build(granted: readonly (readonly string[])[]): Promise<void> {
    for (const table of ['user_account', 'user_group', 'event'] as const)
      await this.#sql.deleteFrom(table).execute();
    for (const [index, id] of this.people.entries()) {
      const names = { username: `p${index}`, email: null, name: '' };
      await this.#sql
        .insertInto('user_account')
        .values({ id, ...names, active: index !== PEOPLE - 1, created_at: NOW })
        .execute();
      const token = {
        id: this.tokens[index] ?? '',
        user_id: id,
        name: '',
        token_hash: id,
        permissions: this.allowed.join(' '),
      };
      await this.#sql
        .insertInto('api_token')
        .values({ ...token, created_at: NOW, expires_at: NOW })
        .execute();
    }
    for (const [index, id] of this.groups.entries()) {
      await this.#sql
        .insertInto('user_group')
        .values({ id, name: `g${index}`, superuser: index === 0 })
        .execute();
      const rows = (granted[index] ?? []).map((permission) => ({ group_id: id, permission }));
      if (rows.length > 0) await this.#sql.insertInto('group_permission').values(rows).execute();
      const user_id = this.people[index];
      if (user_id !== undefined)
        await this.#sql.insertInto('group_member').values({ group_id: id, user_id }).execute();
    }
  }

  /** The code with which it was refused; undefined where it was done. */
  async take(one: Step, by: Actor): Promise<string | undefined> {
    const id = this.groups[one.group] ?? '';
    const idsOf = (indices: readonly number[]) => indices.map((index) => this.groups[index] ?? '');
    const userIds = 'person' in one ? [this.people[one.person] ?? ''] : [];
    const work = async (): Promise<unknown> => {
      switch (one.type) {
        case 'grant':
          return this.#editor.update(id, { permissions: one.permissions }, null, by);
        case 'flag':
          return this.#editor.update(id, { superuser: one.superuser }, null, by);
        case 'move':
          return this.#editor.update(id, { parentIds: idsOf(one.parents) }, null, by);
        case 'join':
          return this.#editor.addMembers(id, userIds, by);
        case 'leave':
          return this.#editor.removeMembers(id, userIds, by);
        case 'make': {
          const fields = { name: randomUUID(), superuser: false, permissions: one.permissions };
          this.groups.push(await this.#editor.create({ ...fields, parentIds: idsOf(one.parents) }, by));
          return undefined;
        }
        case 'delete':
          return this.#editor.delete(id, by);
      }
    };
    try {
      await work();
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  }

  /** What each person may do, worked out from the rows anew. */
  async powers(): Promise<Powers[]> {
    const groups = await this.#sql.selectFrom('user_group').select(['id', 'superuser']).execute();
    const grants = await this.#sql.selectFrom('group_permission').selectAll().execute();
    const parents = await this.#sql.selectFrom('group_parent').selectAll().execute();
    const members = await this.#sql.selectFrom('group_member').selectAll().execute();
    const of = (id: string): string[] => [
      ...groups.flatMap((one) => (one.id === id && one.superuser ? ['everything', ...grantable] : [])),
      ...grants.flatMap((one) => (one.group_id === id ? [one.permission] : [])),
      ...parents.flatMap((one) => (one.group_id === id ? of(one.parent_id) : [])),
    ];
    return this.people.map(
      (id) => new Set(members.flatMap((member) => (member.user_id === id ? of(member.group_id) : []))),
    );
  }
}

const newlyIn = (before: Powers | undefined, after: Powers) => [...after].filter((one) => !before?.has(one));
const mighty = (powers: readonly Powers[]) => powers.map((one) => one.has('everything'));

describe('whatever people do to groups', () => {
  it('gives nobody what the one who did it did not have, and leaves an active superuser', async () => {
    const done = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(permissions, { minLength: GROUPS, maxLength: GROUPS }),
        fc.array(fc.record({ actor: person, byToken: fc.boolean(), step }), { minLength: 5, maxLength: 15 }),
        async (granted, moves) => {
          const town = new Town();
          await town.build(granted);
          let before = await town.powers();
          for (const { actor, byToken, step: one } of moves) {
            const had = before[actor] ?? new Set();
            const own = byToken ? new Set(town.allowed.filter((name) => had.has(name))) : had;
            const usable: Powers = actor === PEOPLE - 1 ? new Set() : own;
            const refused = await town.take(one, {
              userId: town.people[actor] ?? '',
              apiTokenId: byToken ? (town.tokens[actor] ?? '') : null,
              ...{ address: '127.0.0.1', userAgent: '', languages: [], location: null, now: NOW },
            });
            const after = await town.powers();
            if (refused === undefined) done.accepted += 1;
            else {
              done.refused += 1;
              expect(after).toEqual(before);
            }
            const gained = after.flatMap((powers, index) => newlyIn(before[index], powers));
            expect(gained.filter((name) => !usable.has(name))).toEqual([]);
            if (!usable.has('everything')) expect(mighty(after)).toEqual(mighty(before));
            else expect(refused).not.toBe('FORBIDDEN');
            expect(mighty(after).slice(0, PEOPLE - 1)).toContain(true);
            before = after;
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(Math.min(done.accepted, done.refused)).toBeGreaterThan(20);
  });
});
