import { pendingUserKey } from '../../flow/context-keys.js';
import type { PolicyInput, PolicyServices } from '../../flow/policy-kind.js';
import { reputationName } from '../../flow/reputation.js';

/** What services are asked for, when it is wanted, and once in an evaluation. Null is nothing known. */
export interface Lookups {
  passwordChangedAt(): Promise<Date | null>;
  lastLogin(): Promise<Date | null>;
  addressReputation(): Promise<number>;
  nameReputation(): Promise<number | null>;
  reputation(): Promise<number>;
}

export function lookupsFor(
  { user, client: { address }, context }: PolicyInput,
  {
    passwordHistory,
    auditLog,
    reputations,
  }: Pick<PolicyServices, 'passwordHistory' | 'auditLog' | 'reputations'>,
): Lookups {
  const typed = pendingUserKey.read(context[pendingUserKey.name])?.identifier;
  const name = user === null && typed === undefined ? null : reputationName(user, typed ?? '');
  return {
    passwordChangedAt: once(async () => user && (await passwordHistory.changedAt(user.id))),
    lastLogin: once(async () => {
      const [last] = user ? await auditLog.lastLogins(user.id, 1) : [];
      return last?.at ?? null;
    }),
    addressReputation: once(() => reputations.score({ address, name: null })),
    nameReputation: once(async () => name && (await reputations.score({ address: null, name }))),
    reputation: once(() => reputations.score({ address, name })),
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}
