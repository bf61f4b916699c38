import { person } from '../../test/support/definitions.js';
import { Context } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { Effect } from './effect.js';
import { PeopleOfThisSubmit } from './people.js';
import { NOBODY } from './services/users.js';
import type { FlowUser, Users } from './services/users.js';

function storing(...stored: readonly FlowUser[]): { users: Users; reads: string[] } {
  const reads: string[] = [];
  const byId = async (id: string) => {
    reads.push(id);
    return stored.find((user) => user.id === id);
  };
  return { users: { byId, groupWithParents: nobody, byIdentifier: nobody, taken: async () => [] }, reads };
}
const nobody = async () => undefined;

const created: Effect = {
  type: 'createUser',
  id: 'new',
  username: 'newcomer',
  email: 'new@example.org',
  name: 'New',
  active: true,
  awaitsVerification: false,
  emailVerifiedAt: null,
  kind: 'EXTERNAL',
  path: 'users/external',
  attributes: {},
  createdAt: new Date('2030-01-01T00:00:00Z'),
  group: { id: 'admins', name: 'Admins', superuser: true },
  groups: [{ id: 'admins', name: 'Admins', superuser: true }],
};

describe('people within one submit', () => {
  it('are read once, also where they do not exist', async () => {
    const { users, reads } = storing(person('ada'));
    const people = new PeopleOfThisSubmit(users, { of: async () => [] }, [], []);
    await Promise.all([people.byId('ada'), people.byId('ada')]);
    expect(await people.byId('ada')).toEqual(person('ada'));
    expect(await people.byId('eve')).toBeUndefined();
    expect(await people.byId('eve')).toBeUndefined();
    expect(reads).toEqual(['ada', 'eve']);
  });

  it('are looked for where they only pretend to exist, and not where nobody is named', async () => {
    const { users, reads } = storing(person('ada'));
    const people = new PeopleOfThisSubmit(users, { of: async () => [] }, [], []);
    const named = (id: string | null) => Context.empty.with([pendingUserKey.to({ id, identifier: 'eve' })]);
    expect(await people.about(null, Context.empty)).toBeUndefined();
    expect(reads).toEqual([]);
    expect(await people.about(null, named(null))).toBeUndefined();
    expect(await people.about('ada', named('ada'))).toEqual(person('ada'));
    expect(reads).toEqual([NOBODY, 'ada']);
  });

  it('are not read at all where the request knows them already', async () => {
    const { users, reads } = storing();
    expect(
      await new PeopleOfThisSubmit(users, { of: async () => [] }, [], [person('ada')]).byId('ada'),
    ).toEqual(person('ada'));
    expect(reads).toEqual([]);
  });

  it('include those whom this submit will create, with the rights that they will have', async () => {
    const effects: Effect[] = [];
    const people = new PeopleOfThisSubmit(storing().users, { of: async () => [] }, effects, []);
    effects.push(created);
    expect(await people.byId('new')).toEqual({
      id: 'new',
      username: 'newcomer',
      hasPassword: false,
      authenticators: [],
      email: 'new@example.org',
      name: 'New',
      active: true,
      awaitsVerification: false,
      emailVerifiedAt: null,
      kind: 'EXTERNAL',
      path: 'users/external',
      attributes: {},
      createdAt: new Date('2030-01-01T00:00:00Z'),
      superuser: true,
      groups: [{ id: 'admins', name: 'Admins', superuser: true }],
    });
  });

  it('are as this submit will change them, the last change last', async () => {
    const effects: Effect[] = [
      created,
      { type: 'updateUser', id: 'new', changes: { name: 'Newer' } },
      { type: 'updateUser', id: 'new', changes: { name: 'Newest', email: null } },
      { type: 'updateUser', id: 'ada', changes: { username: 'augusta' } },
    ];
    const people = new PeopleOfThisSubmit(storing(person('ada')).users, { of: async () => [] }, effects, []);
    expect(await people.byId('new')).toMatchObject({ username: 'newcomer', name: 'Newest', email: null });
    expect(await people.byId('ada')).toEqual(person('ada', { username: 'augusta' }));
  });

  it('have attributes as this submit will write them, beside those that they have', async () => {
    const locale = (value: string): Effect => ({
      type: 'updateUser',
      id: 'ada',
      changes: { attributes: [{ path: ['settings', 'locale'], value }] },
    });
    const ada = person('ada', { attributes: { settings: { theme: 'dark' } } });
    const people = new PeopleOfThisSubmit(
      storing(ada).users,
      { of: async () => [] },
      [locale('de'), locale('en')],
      [],
    );
    expect((await people.byId('ada'))?.attributes).toEqual({ settings: { theme: 'dark', locale: 'en' } });
  });

  it('are nobody where this submit will delete them, also those whom the request knows already', async () => {
    const effects: Effect[] = [{ type: 'deleteUser', id: 'ada' }];
    const people = new PeopleOfThisSubmit(storing(person('eve')).users, { of: async () => [] }, effects, [
      person('ada'),
    ]);
    expect(await people.byId('ada')).toBeUndefined();
    expect(await people.byId('eve')).toEqual(person('eve'));
  });
});
