import { z } from 'zod';

import type { Authenticator, AuthenticatorKind, SetupOutcome } from '../../src/flow/authenticator-kind.js';
import type { AuthenticatorKindName } from '../../src/flow/authenticator-kind-names.js';
import { stageKinds } from '../../src/stages/list.js';
import { Secret } from '../../src/kernel/secret.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { Context } from '../../src/flow/context.js';
import { invitationTokenKey, pendingUserKey, promptDataKey } from '../../src/flow/context-keys.js';
import { ask, pass, responseError } from '../../src/flow/outcome.js';
import type { PromptFieldDefinition } from '../../src/flow/prompt-field.js';
import type { StageRun, StageServices } from '../../src/flow/stage-kind.js';
import { INSTALLATION, flow, person, stage } from './definitions.js';
import { NOW, noAuthenticators } from './engine.js';
import { SAMPLE_ID, SAMPLE_TEXT, fullSample } from './sample.js';

/** What a run was asked for while a stage worked on it. */
export interface Witness {
  readonly servicesUsed: Set<string>;
  guessesCounted: number;
}

const someone = person(SAMPLE_ID, { username: SAMPLE_TEXT, email: 'sample@example.org' });

/** What a captcha shows on the screen of another stage. */
const SAMPLE_WIDGET = {
  ...{ provider: 'TURNSTILE', siteKey: SAMPLE_TEXT, scriptUrl: null, interactive: false, action: null },
  ...{ puzzle: null, expiresAt: null },
};

const field: PromptFieldDefinition = {
  id: SAMPLE_ID,
  version: 1,
  name: SAMPLE_TEXT,
  key: SAMPLE_TEXT,
  label: SAMPLE_TEXT,
  type: 'TEXT',
  required: true,
  placeholder: '',
  initialValue: '',
  order: 0,
  helpText: '',
  choices: [],
  labelExpression: null,
  placeholderExpression: null,
  initialValueExpression: null,
  choicesExpression: null,
};

/**
 * A run in a world that agrees with everything: whoever is named exists, every password is right, nobody guesses too
 * often, and the person is proven. So whatever a stage of this kind does not let pass, it refused by itself.
 */
export function agreeableRun(kind: string, config: JsonObject): { run: StageRun; witness: Witness } {
  const witness: Witness = { servicesUsed: new Set(), guessesCounted: 0 };
  let ids = 0;
  const run: StageRun = {
    stage: stage(`a stage of the kind ${kind}`, kind, config),
    flow: flow([]),
    bindingId: SAMPLE_ID,
    context: Context.empty.with([
      pendingUserKey.to({ id: SAMPLE_ID, identifier: SAMPLE_TEXT }),
      promptDataKey.to({ name: SAMPLE_TEXT }),
      invitationTokenKey.to(SAMPLE_TEXT),
    ]),
    services: watched(agreeableServices(kind, witness), witness),
    client: {
      kind: 'NATIVE',
      address: '192.0.2.1',
      userAgent: 'test',
      languages: [],
      browser: null,
      location: null,
    },
    viewer: null,
    now: NOW,
    chance: { id: () => `id-${(ids += 1)}`, token: () => new Secret(`token-${(ids += 1)}`) },
    proofs: ['pwd'],
    passwordsRemembered: () => 0,
    judge: async () => ({ passing: true, broken: false, messages: [], judgedPasswords: [] }),
    user: async () => someone,
    embed: () => ({
      kind: 'password',
      present: async () => ask(SAMPLE_WIDGET),
      answer: async () => pass({ proofs: ['pwd'] }),
    }),
    compute: async () => undefined,
    authenticators: async () => [authenticator],
  };
  return { run, witness };
}

const authenticator: Authenticator = {
  ...{
    id: SAMPLE_ID,
    userId: SAMPLE_ID,
    kind: 'TOTP',
    name: SAMPLE_TEXT,
    data: {},
    secret: null,
    counter: 0,
  },
  ...{ codes: [], stageId: null, verifiesUser: true, createdAt: NOW, lastUsedAt: null, disabledAt: null },
};

const setUp: SetupOutcome = {
  type: 'done',
  proofs: [],
  authenticator: {
    ...{ name: SAMPLE_TEXT, data: {}, secret: null, counter: 0, uniqueKey: null, codes: [] },
    ...{ verifiesUser: false, stageId: null, replaces: false },
  },
};

const nothingAnswered: SetupOutcome = {
  type: 'refused',
  errors: [responseError('code', 'REQUIRED', 'The field must be filled in.')],
  step: 'same',
};

/** A kind that shows whatever a stage of this kind shows, and to which everything is right but nothing at all. */
function agreeableKind(name: AuthenticatorKindName, stageKind: string): AuthenticatorKind {
  const challenge = stageKinds.find((kind) => kind.name === stageKind)?.interaction?.challenge;
  const shown = challenge ? jsonObject.parse(fullSample(challenge)) : {};
  return {
    name,
    description: SAMPLE_TEXT,
    answeredBy: name === 'WEBAUTHN' ? 'PASSKEY' : 'CODE',
    hint: () => null,
    begin: async () => ({ type: 'step', step: { shown, kept: {}, effects: [] } }),
    setUp: async (_run, _options, _kept, response) =>
      Object.keys(response).length === 0 ? nothingAnswered : setUp,
    meets: () => true,
    request: async () => ({ type: 'requested', shown: {}, kept: {}, effects: [] }),
    keyOf: () => SAMPLE_TEXT,
    check: async () => ({ type: 'right', proofs: ['otp'], counter: 1, code: null, data: null }),
  };
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

function agreeableServices(stageKind: string, witness: Witness): StageServices {
  return {
    users: {
      byId: async () => someone,
      groupWithParents: async (id) => {
        const group = { id, name: SAMPLE_TEXT, superuser: false };
        return { group, all: [group] };
      },
      byIdentifier: async () => someone,
      taken: async () => [],
    },
    passwords: {
      expectCapacity: () => undefined,
      verify: async () => ({ valid: true, compromised: false, rehash: null }),
      isCompromised: async () => false,
      hash: async () => new Secret('a hash'),
      problem: async () => undefined,
    },
    guesses: {
      async count() {
        witness.guessesCounted += 1;
        return { allowed: true, receipt: { accountKeys: [], addressKey: '' } };
      },
    },
    invitations: {
      find: async () => ({
        id: SAMPLE_ID,
        name: SAMPLE_TEXT,
        singleUse: true,
        fixedData: { name: SAMPLE_TEXT },
      }),
    },
    consents: { granted: async () => undefined },
    definitions: {
      installation: INSTALLATION,
      flow: () => flow([]),
      flowBySlug: () => flow([]),
      stage: (id) => stage(id, 'totp-setup', {}),
      promptField: () => field,
    },
    destinations: { acceptable: (address) => address },
    mailing: { available: true },
    captchas: {
      puzzle: async () => ({ parameters: SAMPLE_TEXT }),
      solution: async () => ({ type: 'right', useKey: SAMPLE_TEXT, score: null }),
      verify: async () => ({ type: 'right', useKey: SAMPLE_TEXT, score: 1 }),
    },
    stageSecrets: { open: () => new Secret(SAMPLE_TEXT) },
    mailLinks: {
      addressOf: (slug, token) => new Secret(`/flows/${slug}#flowToken=${token.reveal()}`),
      hashOf: () => 'a hash',
      isCode: () => true,
      isConfirmed: async () => false,
      isAwaited: async () => true,
    },
    rates: { count: async () => ({ allowed: true, left: 1, nextAt: NOW }) },
    authenticators: {
      tools: noAuthenticators.tools,
      kind: (name) => agreeableKind(name, stageKind),
      of: async () => [authenticator],
      byKey: async () => ({ ...authenticator, kind: 'WEBAUTHN' }),
      async attempt() {
        witness.guessesCounted += 1;
        return { type: 'allowed' };
      },
      isRemembered: async () => true,
    },
  };
}

/** The same services, but each use of one is noted. */
function watched(services: StageServices, { servicesUsed }: Witness): StageServices {
  return new Proxy(services, {
    get(target, name) {
      servicesUsed.add(String(name));
      const service: unknown = Reflect.get(target, name);
      return service;
    },
  });
}
