import type { Authenticators } from '../../src/flow/services/authenticators.js';
import { secondsAfter } from '../../src/kernel/clock.js';
import { Secret } from '../../src/kernel/secret.js';
import type { Catalogue } from '../../src/flow/catalogue.js';
import { pendingUserKey } from '../../src/flow/context-keys.js';
import type { OpenSession } from '../../src/flow/effect.js';
import type { EngineParts, Stepped, Visit } from '../../src/flow/engine.js';
import { startExecution } from '../../src/flow/executor.js';
import type { StartRequest } from '../../src/flow/executor.js';
import { pass } from '../../src/flow/outcome.js';
import type { Pass } from '../../src/flow/outcome.js';
import { verdict } from '../../src/flow/policy-kind.js';
import type {
  PolicyInput,
  PolicyKind,
  PolicyRun,
  PolicyServices,
  PolicyVerdict,
} from '../../src/flow/policy-kind.js';
import type { FlowUser } from '../../src/flow/services/users.js';
import type { ClientFacts, StageKind, StageRun, Viewer } from '../../src/flow/stage-kind.js';

export const NOW = new Date('2030-01-01T12:00:00Z');

/** A stage kind that does as it is told; one that is told nothing is passed at once. */
export function fakeStage(name: string, told: Partial<Omit<StageKind, 'name'>> = {}): StageKind {
  return { name, opensSession: false, answer: null, refresh: null, present: async () => pass(), ...told };
}

type Decide = (input: PolicyInput, run: PolicyRun) => PolicyVerdict | Promise<PolicyVerdict>;

/** A policy kind that looks up under each policy's name what to do. */
export function fakePolicies(verdicts: Readonly<Record<string, Decide>>): PolicyKind {
  return {
    name: 'fake',
    passwordsRemembered: () => 0,
    async evaluate(run) {
      const decide = verdicts[run.policy.name];
      if (!decide) throw new Error(`nobody said what ${run.policy.name} does`);
      return decide(run.input, run);
    },
  };
}

export const says =
  (passing: boolean, ...messages: string[]) =>
  (): PolicyVerdict =>
    verdict(passing, messages);
export const fails = (reason: string) => (): never => {
  throw new Error(reason);
};

export interface EngineOptions {
  readonly stages?: readonly StageKind[];
  readonly policies?: PolicyKind;
  readonly people?: readonly FlowUser[];
}

const nobodyAsks = () => Promise.reject(new Error('no fake of this service'));

/** Services that nobody may ask anything. */
export const servicesOfNobody: PolicyServices = {
  expressions: {
    check: () => undefined,
    mentions: () => ({ calls: [], paths: [] }),
    evaluate: nobodyAsks,
    close: nobodyAsks,
  },
  passwordStrength: {
    knowsBreaches: true,
    isCommon: async () => false,
    estimate: async () => ({ score: 4, advice: [] }),
    breaches: nobodyAsks,
  },
  passwordHistory: { changedAt: nobodyAsks, isOneOfLast: nobodyAsks },
  reputations: { score: nobodyAsks },
  auditLog: { lastLogins: nobodyAsks, count: nobodyAsks },
};

/** Nobody has set up anything. */
export const noAuthenticators: Authenticators = {
  tools: {
    chance: { id: () => 'an id', token: () => new Secret('a token') },
    rates: { count: nobodyAsks },
    relyingParty: { id: 'localhost', origins: ['http://localhost:4000'] },
    mailsAreSent: true,
    hash: (code, bond) => `${bond} ${code}`,
    isHashOf: (hash, code, bond) => hash === `${bond} ${code}`,
    isCertified: () => false,
  },
  kind: () => undefined,
  of: async () => [],
  byKey: async () => undefined,
  attempt: nobodyAsks,
  isRemembered: nobodyAsks,
};

/** An engine of fakes, in which ids count upwards and nothing ever times out. */
export function engineOf({ stages = [], policies, people = [] }: EngineOptions): EngineParts {
  let ids = 0;
  return {
    stageKinds: new Map(stages.map((kind) => [kind.name, kind])),
    policies: {
      kinds: new Map(policies ? [[policies.name, policies]] : []),
      services: servicesOfNobody,
      within: (_seconds, promise) => promise,
      stopwatch: () => () => 0,
    },
    services: {
      users: {
        byId: async (id) => people.find((user) => user.id === id),
        groupWithParents: nobodyAsks,
        byIdentifier: async (identifier) => people.find((user) => user.username === identifier),
        taken: async () => [],
      },
      passwords: {
        expectCapacity: () => undefined,
        verify: nobodyAsks,
        isCompromised: nobodyAsks,
        hash: nobodyAsks,
        problem: async () => undefined,
      },
      guesses: { count: nobodyAsks },
      invitations: { find: nobodyAsks },
      consents: { granted: nobodyAsks },
      destinations: { acceptable: () => undefined },
      mailing: { available: true },
      captchas: { puzzle: nobodyAsks, solution: nobodyAsks, verify: nobodyAsks },
      stageSecrets: { open: () => undefined },
      mailLinks: {
        addressOf: () => new Secret(''),
        hashOf: () => '',
        isCode: () => false,
        isConfirmed: nobodyAsks,
        isAwaited: nobodyAsks,
      },
      rates: { count: nobodyAsks },
      authenticators: noAuthenticators,
    },
    chance: { id: () => `id-${(ids += 1)}`, token: () => new Secret(`token-${(ids += 1)}`) },
  };
}

const client: ClientFacts = {
  kind: 'NATIVE',
  address: '192.0.2.1',
  userAgent: 'test',
  languages: [],
  browser: null,
  location: null,
};

export function visitOf(catalogue: Catalogue, viewer: Viewer | null = null): Visit {
  return { catalogue, now: NOW, client, viewer };
}

/** Starts the flow under test. */
export async function begin(
  parts: EngineParts,
  visit: Visit,
  also: Partial<StartRequest> = {},
): Promise<Stepped> {
  const flow = visit.catalogue.flow('flow-under-test');
  if (!flow) throw new Error('the catalogue has no flow under test');
  const expiresAt = secondsAfter(NOW, 3600);
  return startExecution(parts, visit, {
    flow,
    next: null,
    loginHint: null,
    flowToken: null,
    invitationToken: null,
    expiresAt,
    responses: [],
    ...also,
  });
}

/** Makes the flow be about this person. */
export function about(userId: string | null): Pass {
  return pass({ changes: [pendingUserKey.to({ id: userId, identifier: userId ?? 'nobody' })] });
}

export function sessionFor(run: StageRun, userId: string): OpenSession {
  return {
    type: 'openSession',
    sessionId: run.chance.id(),
    userId,
    token: run.chance.token(),
    expiresAt: secondsAfter(run.now, 60),
    persistent: false,
    amr: run.proofs,
    aal: 1,
    waivesSecondFactor: false,
  };
}
