import { z } from 'zod';

import type { Authenticator, AuthenticatorKind } from '../../src/flow/authenticator-kind.js';
import type { AuthenticatorKindName } from '../../src/flow/authenticator-kind-names.js';
import type { Effect } from '../../src/flow/effect.js';
import type { EngineParts } from '../../src/flow/engine.js';
import { PeopleOfThisSubmit } from '../../src/flow/people.js';
import type { Proof } from '../../src/flow/proof.js';
import { proofsBy } from '../../src/flow/second-factor.js';
import type { FlowUser } from '../../src/flow/services/users.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { stageKinds } from '../../src/stages/list.js';
import { setUpBy } from '../../src/stages/setup-stage-kinds.js';
import { NOW, engineOf } from './engine.js';
import { fullSample } from './sample.js';
import { agreeableRun } from './stage-run.js';

/** What services have found right about somebody: what a session can rest on, whatever stages say. */
export interface Evidence {
  readonly userId: string;
  readonly proof: Proof;
}

/**
 * An engine with every stage kind that there is, in a world in which every answer is right, and in which there is what
 * was committed; it keeps what it was that was found right, of whom.
 */
export function witnessedEngine(
  people: readonly FlowUser[],
  evidence: Evidence[],
  committed: readonly Effect[],
): EngineParts {
  const fakes = engineOf({ stages: stageKinds, people });
  const { services } = agreeableRun('password', {}).run;
  const found = (userId: string, proofs: readonly Proof[]): void => {
    evidence.push(...proofs.map((proof) => ({ userId, proof })));
  };
  const of = async (id: string): Promise<Authenticator[]> =>
    people.find((user) => user.id === id)?.authenticators.map(owned(id)) ?? [];
  // What requests before have committed is there.
  const byNow = () => new PeopleOfThisSubmit(fakes.services.users, { of }, committed, []);
  let ids = 0;
  const id = (): string => `b0000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`;
  return {
    ...fakes,
    chance: { ...fakes.chance, id },
    services: {
      ...services,
      users: { ...fakes.services.users, byId: (userId) => byNow().byId(userId) },
      invitations: {
        find: async () => ({
          id: 'an invitation',
          name: '',
          singleUse: true,
          fixedData: { username: 'made' },
        }),
      },
      passwords: {
        ...services.passwords,
        async verify(userId, password) {
          if (userId !== null) found(userId, ['pwd']);
          return services.passwords.verify(userId, password);
        },
      },
      authenticators: {
        ...services.authenticators,
        kind: (name) => kindOf(name, found),
        of: (userId) => byNow().authenticatorsOf(userId),
        byKey: async () =>
          people.flatMap(({ id, authenticators }) =>
            authenticators.filter(({ kind }) => kind === 'WEBAUTHN').map(owned(id)),
          )[0],
        attempt: async () => ({ type: 'allowed' }),
        async isRemembered(_browser, userId) {
          found(userId, ['remembered']);
          return true;
        },
      },
    },
  };
}

function owned(userId: string) {
  return ({ id, kind, verifiesUser, usable }: FlowUser['authenticators'][number]): Authenticator => ({
    ...{ id, userId, kind, name: kind, data: {}, secret: null, counter: 0, codes: [], stageId: null },
    ...{ verifiesUser, createdAt: NOW, lastUsedAt: null, disabledAt: usable ? null : NOW },
  });
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

function kindOf(
  name: AuthenticatorKindName,
  found: (userId: string, proofs: readonly Proof[]) => void,
): AuthenticatorKind {
  const challenge = stageKinds.find((kind) => setUpBy(kind.name) === name)?.interaction?.challenge;
  const shown = challenge ? jsonObject.parse(fullSample(challenge)) : {};
  const proofs = proofsBy(name);
  return {
    name,
    description: '',
    answeredBy: name === 'WEBAUTHN' ? 'PASSKEY' : 'CODE',
    hint: () => null,
    facts: () => ({ model: null, backedUp: null }),
    begin: async () => ({ type: 'step', step: { shown, kept: {}, effects: [] } }),
    async setUp({ person }) {
      // To be told recovery codes shows nothing.
      const shownBy = name === 'STATIC' ? [] : proofs;
      found(person.id, shownBy);
      const authenticator = {
        ...{ name, data: {}, secret: null, counter: 0, uniqueKey: null, codes: [] },
        ...{ verifiesUser: false, stageId: null, replaces: false },
      };
      return { type: 'done', proofs: shownBy, authenticator };
    },
    meets: () => true,
    request: async () => ({ type: 'requested', shown: {}, kept: {}, effects: [] }),
    keyOf: () => name,
    async check(_run, { userId }) {
      found(userId, proofs);
      return { type: 'right', proofs, counter: 1, code: null, data: null };
    },
  };
}
