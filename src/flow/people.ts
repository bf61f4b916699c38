import type { Context } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { Effect, VerifyEmail } from './effect.js';
import { NOBODY } from './services/users.js';
import type { FlowUser, Users } from './services/users.js';

/**
 * Reads people as they will be once this submit is committed: a person whom an earlier stage of the same submit
 * creates or changes is not in the database yet.
 */
export class PeopleOfThisSubmit {
  readonly #stored = new Map<string, Promise<FlowUser | undefined>>();

  constructor(
    private readonly users: Users,
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
      return { ...created, superuser: created.groups.some((group) => group.superuser) };
    }
    return undefined;
  }

  #changed(user: FlowUser): FlowUser {
    return this.effects.reduce((seen, effect) => {
      if (effect.type === 'updateUser' && effect.id === user.id) return { ...seen, ...effect.changes };
      if (effect.type === 'verifyEmail' && effect.userId === user.id) return verified(seen, effect);
      return seen;
    }, user);
  }
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
