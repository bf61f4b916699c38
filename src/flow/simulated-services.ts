import { Secret } from '../kernel/secret.js';
import { canonical } from '../kernel/text.js';
import type { Effect } from './effect.js';
import { PeopleOfThisSubmit } from './people.js';
import type { PolicyServices } from './policy-kind.js';
import { proofsBy } from './second-factor.js';
import type { Authenticators } from './services/authenticators.js';
import type { Captchas } from './services/captchas.js';
import type { Consents } from './services/consents.js';
import type { Guesses } from './services/guesses.js';
import type { Invitations } from './services/invitations.js';
import type { MailLinks } from './services/mail-links.js';
import type { Passwords } from './services/passwords.js';
import type { Rates } from './services/rates.js';
import type { FlowUser, UserField, Users } from './services/users.js';
import type { StageServices } from './stage-kind.js';

/**
 * Services for trying a flow out: they read what is there, and what the simulation has made so far, and write and count
 * nothing. No password is ever compared with a stored one, or trying out would be a way to guess without being counted.
 */
export function simulatedServices(
  real: Pick<
    StageServices,
    | 'users'
    | 'passwords'
    | 'invitations'
    | 'consents'
    | 'destinations'
    | 'mailing'
    | 'stageSecrets'
    | 'authenticators'
  >,
  effects: readonly Effect[],
  passwordsAreRight: boolean,
  now: Date,
): Omit<StageServices, 'definitions'> {
  const users = new SimulatedUsers(real.users, effects);
  const passwords: Passwords = {
    expectCapacity: () => undefined,
    async verify(userId) {
      const user = userId === null ? undefined : await users.byId(userId);
      const right = user?.active === true && passwordsAreRight;
      const compromised = right && (await passwords.isCompromised(user.id));
      return { valid: right && !compromised, compromised, rehash: null };
    },
    async isCompromised(userId) {
      const isNew = effects.some((effect) => effect.type === 'setPassword' && effect.userId === userId);
      return !isNew && real.passwords.isCompromised(userId);
    },
    hash: async () => new Secret('simulated'),
    problem: (password, contextWords) => real.passwords.problem(password, contextWords),
  };
  const guesses: Guesses = {
    count: async () => ({ allowed: true, receipt: { accountKeys: [], addressKey: '' } }),
  };
  const invitations: Invitations = {
    async find(token, flowId, now) {
      const found = await real.invitations.find(token, flowId, now);
      const used = effects.some((effect) => effect.type === 'consumeInvitation' && effect.id === found?.id);
      return found?.singleUse === true && used ? undefined : found;
    },
  };
  const consents: Consents = {
    async granted(userId, stageId, now) {
      const given = effects.findLast(
        (effect) => effect.type === 'grantConsent' && effect.userId === userId && effect.stageId === stageId,
      );
      return given?.type === 'grantConsent' ? given.permissions : real.consents.granted(userId, stageId, now);
    },
  };
  // Nothing is mailed, so that there is neither a link to open nor a code to compare with: codes are what passwords are.
  const mailLinks: MailLinks = {
    addressOf: () => new Secret('simulated'),
    hashOf: () => 'simulated',
    isCode: () => passwordsAreRight,
    isConfirmed: async () => false,
    isAwaited: async () => false,
  };
  const { destinations, mailing, stageSecrets } = real;
  const rates: Rates = { count: async ({ most }) => ({ allowed: true, left: most, nextAt: now }) };
  return {
    ...{ users, passwords, guesses, invitations, consents, destinations, mailing, mailLinks, stageSecrets },
    authenticators: simulatedAuthenticators(real.authenticators, passwordsAreRight, rates),
    captchas: solvedCaptchas,
    rates,
  };
}

/** Codes and passkeys are what passwords are: none is compared with what somebody has set up, nor counted. */
function simulatedAuthenticators(real: Authenticators, areRight: boolean, rates: Rates): Authenticators {
  return {
    // No code reaches anybody, so that there is none to compare with.
    tools: { ...real.tools, rates, isHashOf: () => areRight },
    of: (userId) => real.of(userId),
    byKey: (uniqueKey) => real.byKey(uniqueKey),
    attempt: async () => ({ type: 'allowed' }),
    isRemembered: async () => false,
    kind(name) {
      const kind = real.kind(name);
      return (
        kind && {
          ...kind,
          check: async () =>
            areRight
              ? { type: 'right', proofs: proofsBy(name), counter: null, code: null, data: null }
              : { type: 'wrong', code: name === 'WEBAUTHN' ? 'INVALID_PASSKEY' : 'INVALID_CODE' },
        }
      );
    },
  };
}

/** No provider is asked where something is only tried out: whatever is sent counts as a solution. */
const solvedCaptchas: Captchas = {
  puzzle: async () => ({}),
  solution: async () => ({ type: 'right', useKey: 'simulated', score: null }),
  verify: async () => ({ type: 'right', useKey: 'simulated', score: null }),
};

/**
 * What policies are asked with where something is only tried out. No password is compared with one that somebody has or
 * had, or trying out would be a way to guess it without being counted.
 */
export function simulatedPolicyServices(real: PolicyServices): PolicyServices {
  const { passwordHistory } = real;
  return {
    ...real,
    passwordHistory: {
      changedAt: (userId) => passwordHistory.changedAt(userId),
      isOneOfLast: async () => false,
    },
  };
}

/** Who somebody is does not depend on it. */
const NOTHING_SET_UP = { of: async () => [] };

/** People as they would be if the effects had happened. */
class SimulatedUsers implements Users {
  constructor(
    private readonly real: Users,
    private readonly effects: readonly Effect[],
  ) {}

  byId(id: string): Promise<FlowUser | undefined> {
    return new PeopleOfThisSubmit(this.real, NOTHING_SET_UP, this.effects, []).byId(id);
  }

  groupWithParents(id: string): ReturnType<Users['groupWithParents']> {
    return this.real.groupWithParents(id);
  }

  async byIdentifier(identifier: string, fields: readonly UserField[]): Promise<FlowUser | undefined> {
    for (const user of await this.#changed()) {
      if (fields.some((field) => same(valueOf(user, field), identifier))) return user;
    }
    const stored = await this.real.byIdentifier(identifier, fields);
    // Somebody who would have another name by now is not found under the old one.
    return stored && this.#changedIds().has(stored.id) ? undefined : stored;
  }

  async taken(
    names: { username?: string; email?: string },
    exceptUserId: string | null,
  ): Promise<readonly UserField[]> {
    const others = (await this.#changed()).filter(({ id }) => id !== exceptUserId);
    const has = (name: string | undefined): boolean =>
      name !== undefined && others.some(({ username, email }) => same(username, name) || same(email, name));
    const taken = new Set(await this.real.taken(names, exceptUserId));
    if (has(names.username)) taken.add('USERNAME');
    if (has(names.email)) taken.add('EMAIL');
    return [...taken];
  }

  #changedIds(): ReadonlySet<string> {
    return new Set(
      this.effects.flatMap((effect) =>
        effect.type === 'createUser' || effect.type === 'updateUser' || effect.type === 'deleteUser'
          ? [effect.id]
          : [],
      ),
    );
  }

  async #changed(): Promise<FlowUser[]> {
    const people = await Promise.all([...this.#changedIds()].map((id) => this.byId(id)));
    return people.flatMap((user) => user ?? []);
  }
}

function valueOf(user: FlowUser, field: UserField): string | null {
  return field === 'USERNAME' ? user.username : user.email;
}

function same(one: string | null, other: string): boolean {
  return one !== null && canonical(one) === canonical(other);
}
