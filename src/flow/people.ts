import { withAttributes } from './attributes.js';
import type { Authenticator } from './authenticator-kind.js';
import type { Context } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { AddAuthenticator } from './authenticator-effects.js';
import type { Effect, UserChanges, VerifyEmail } from './effect.js';
import type { Authenticators } from './services/authenticators.js';
import { NOBODY } from './services/users.js';
import type { FlowUser, Users } from './services/users.js';

/**
 * Reads people as they will be once this submit is committed: a person whom an earlier stage of the same submit
 * creates or changes is not in the database yet, and one whom it deletes still is.
 */
export class PeopleOfThisSubmit {
  readonly #stored = new Map<string, Promise<FlowUser | undefined>>();

  constructor(
    private readonly users: Users,
    private readonly authenticators: Pick<Authenticators, 'of'>,
    private readonly effects: readonly Effect[],
    known: readonly FlowUser[],
  ) {
    for (const user of known) this.#stored.set(user.id, Promise.resolve(user));
  }

  async byId(id: string): Promise<FlowUser | undefined> {
    const user = this.#created(id) ?? (await this.#read(id));
    return user && this.#changed(user);
  }

  /**
   * Whom a flow is about, by their id. Somebody who only pretends to exist is looked for like anybody, so that the two
   * take the same time.
   */
  async about(id: string | null, context: Context): Promise<FlowUser | undefined> {
    if (id === null && !context.get(pendingUserKey)) return undefined;
    return this.byId(id ?? NOBODY);
  }

  /** What somebody has set up, or will have by then. */
  async authenticatorsOf(userId: string | null): Promise<readonly Authenticator[]> {
    if (userId === null) return [];
    const isNew = this.#created(userId) !== undefined;
    return this.effects.reduce<readonly Authenticator[]>(
      (owned, effect) =>
        effect.type === 'addAuthenticator' && effect.userId === userId ? added(owned, effect) : owned,
      isNew ? [] : await this.authenticators.of(userId),
    );
  }

  #read(id: string): Promise<FlowUser | undefined> {
    const known = this.#stored.get(id);
    if (known) return known;
    const read = this.users.byId(id);
    this.#stored.set(id, read);
    return read;
  }

  #created(id: string): FlowUser | undefined {
    for (const effect of this.effects) {
      if (effect.type !== 'createUser' || effect.id !== id) continue;
      const { type: _type, group: _group, ...created } = effect;
      const superuser = created.groups.some((group) => group.superuser);
      return { ...created, superuser, hasPassword: false, authenticators: [] };
    }
    return undefined;
  }

  /** Whoever is deleted by then is nobody. */
  #changed(user: FlowUser): FlowUser | undefined {
    return this.effects.reduce<FlowUser | undefined>((seen, effect) => {
      if (effect.type === 'deleteUser' && effect.id === user.id) return undefined;
      if (effect.type === 'updateUser' && effect.id === user.id)
        return seen && changedBy(seen, effect.changes);
      if (effect.type === 'verifyEmail' && effect.userId === user.id) return seen && verified(seen, effect);
      if (effect.type === 'setPassword' && effect.userId === user.id)
        return seen && { ...seen, hasPassword: true };
      if (effect.type === 'addAuthenticator' && effect.userId === user.id)
        return seen && owning(seen, effect);
      return seen;
    }, user);
  }
}

function owning(user: FlowUser, { id, kind, verifiesUser, replaces }: AddAuthenticator): FlowUser {
  const kept = user.authenticators.filter((other) => !replaces || other.kind !== kind);
  return { ...user, authenticators: [...kept, { id, kind, usable: true, verifiesUser }] };
}

function added(owned: readonly Authenticator[], effect: AddAuthenticator): readonly Authenticator[] {
  const { type: _type, uniqueKey: _uniqueKey, replaces, ...authenticator } = effect;
  const kept = owned.filter(({ kind }) => !replaces || kind !== effect.kind);
  return [...kept, { ...authenticator, lastUsedAt: null, disabledAt: null }];
}

function changedBy(user: FlowUser, { attributes: writes = [], ...changes }: UserChanges): FlowUser {
  return { ...user, ...changes, attributes: withAttributes(user.attributes, writes) };
}

/** Somebody whose address has been verified, who may have been waiting for that to be let in. */
function verified(user: FlowUser, { verifiedAt, activates }: VerifyEmail): FlowUser {
  const isLetIn = activates && user.awaitsVerification;
  return {
    ...user,
    emailVerifiedAt: verifiedAt,
    ...(isLetIn && { active: true, awaitsVerification: false }),
  };
}
