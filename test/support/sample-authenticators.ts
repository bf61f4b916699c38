import { randomBytes, randomInt } from 'node:crypto';

import { z } from 'zod';

import type { JsonObject } from '../../src/kernel/json.js';
import { Secret } from '../../src/kernel/secret.js';
import type { AddAuthenticator } from '../../src/flow/authenticator-effects.js';
import type {
  Authenticator,
  AuthenticatorTools,
  CheckAnswer,
  CheckRequest,
} from '../../src/flow/authenticator-kind.js';
import type { AuthenticatorKindName } from '../../src/flow/authenticator-kind-names.js';
import type { Effect } from '../../src/flow/effect.js';
import type { Ask } from '../../src/flow/outcome.js';
import type { FlowUser } from '../../src/flow/services/users.js';
import type { StageRun } from '../../src/flow/stage-kind.js';
import { authenticatorCodes } from '../../src/identity/authenticator-codes.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import type { AuthenticatorKindDefinition } from '../../src/authenticators/define.js';
import type { StageKindDefinition } from '../../src/stages/define.js';
import { stageKinds } from '../../src/stages/list.js';
import { setUpBy } from '../../src/stages/setup-stage-kinds.js';
import { totpCode } from './authenticators.js';
import { person } from './definitions.js';
import { NOW, noAuthenticators } from './engine.js';
import { requiredSample } from './sample.js';
import { SoftwarePasskey } from './software-passkey.js';
import { agreeableRun } from './stage-run.js';

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** Tools by which everything is different each time, and nobody has done anything too often. */
const tools: AuthenticatorTools = {
  ...noAuthenticators.tools,
  chance: {
    id: () => crypto.randomUUID(),
    token: () => new Secret(randomBytes(32).toString('base64url')),
  },
  rates: { count: async () => ({ allowed: true, left: 1, nextAt: NOW }) },
  relyingParty: { id: 'localhost', origins: ['http://localhost'] },
  ...authenticatorCodes(new KeyRing([{ id: 'test', bytes: new Uint8Array(32) }])),
};

/** What somebody sees while they set something up or use it. */
interface Seen {
  readonly shown: Readonly<Record<string, unknown>>;
  /** The code that they were sent, if they were. */
  readonly sent: string;
  readonly at: Date;
}

/** How a person of this kind's authenticators behaves: what they answer while they set one up, and when they use it. */
interface Handling {
  setUp(seen: Seen): JsonObject;
  use(seen: Seen): CheckAnswer;
}

/** A kind whose handling is not known here cannot be held to its contract. */
const handling: Readonly<Record<AuthenticatorKindName, () => Handling>> = {
  TOTP() {
    let key = '';
    return {
      setUp({ shown, at }) {
        key = String(shown.key);
        return { code: totpCode(key, at) };
      },
      use: ({ at }) => ({ code: totpCode(key, at) }),
    };
  },
  STATIC() {
    let codes: string[] = [];
    return {
      setUp({ shown }) {
        codes = z.array(z.string()).parse(shown.codes);
        return { acknowledge: true };
      },
      use: () => ({ code: codes[0] ?? '' }),
    };
  },
  WEBAUTHN() {
    const passkey = new SoftwarePasskey();
    return {
      setUp: ({ shown }) => ({ passkey: jsonObject.parse(passkey.create(shown.options)) }),
      use: ({ shown }) => ({ passkey: jsonObject.parse(passkey.get(shown)) }),
    };
  },
  EMAIL: () => ({ setUp: ({ sent }) => ({ code: sent }), use: ({ sent }) => ({ code: sent }) }),
  SMS() {
    const number = `+4915${randomInt(100_000_000, 999_999_999)}`;
    return {
      setUp: ({ sent }) => (sent === '' ? { number } : { code: sent }),
      use: ({ sent }) => ({ code: sent }),
    };
  },
};

/** Somebody with one of these, which they have set up at its stage as people do. */
export interface SampleOwner {
  readonly kind: AuthenticatorKindDefinition;
  readonly stage: StageKindDefinition;
  readonly user: FlowUser;
  /** What was first shown to them. */
  readonly asked: Ask;
  /** Everything that they were shown and have answered while they set it up, as text. */
  readonly secrets: readonly string[];
  /** The last answer, by which it was set up. */
  readonly answer: JsonObject;
  /** As the stage was when it was given. */
  readonly run: StageRun;
  readonly added: AddAuthenticator;
  readonly authenticator: Authenticator;
  use(requested: CheckRequest, at: Date): CheckAnswer;
}

export async function sampleOwner(kind: AuthenticatorKindDefinition): Promise<SampleOwner> {
  const stage = stageKinds.find(({ name }) => setUpBy(name) === kind.name);
  if (!stage?.answer) throw new Error(`no stage sets up ${kind.name}`);
  const id = crypto.randomUUID();
  const user = person(id, { username: 'ada', email: `${id}@example.org` });
  const owner = handling[kind.name]();
  let run = setupRun(kind, stage, user);
  const secrets: string[] = [];
  let first: Ask | undefined;
  let sent = '';
  for (;;) {
    const asked = await stage.present(run);
    if (asked.type !== 'ask') throw new Error(`nothing is set up: ${JSON.stringify(asked)}`);
    first ??= asked;
    sent = codeIn(asked.effects) || sent;
    run = { ...run, context: run.context.with(asked.changes) };
    const answer = owner.setUp({ shown: asked.challenge, sent, at: NOW });
    secrets.push(...Object.values(answer).filter((value) => typeof value === 'string'));
    const outcome = await stage.answer(run, answer);
    if (outcome.type === 'stay') {
      sent = codeIn(outcome.effects) || sent;
      run = { ...run, context: run.context.with(outcome.changes) };
      continue;
    }
    const added =
      outcome.type === 'pass'
        ? outcome.effects.find((effect) => effect.type === 'addAuthenticator')
        : undefined;
    if (!added) throw new Error(`nothing was set up: ${JSON.stringify(outcome)}`);
    return {
      ...{ kind, stage, user, asked: first, secrets, answer, run, added },
      authenticator: stored(added),
      use: (requested, at) =>
        requested.type === 'requested'
          ? owner.use({ shown: requested.shown, sent: codeIn(requested.effects), at })
          : { code: '' },
    };
  }
}

/** As it is read from the database. */
function stored({ type: _type, uniqueKey: _uniqueKey, replaces: _replaces, ...added }: AddAuthenticator) {
  const data: JsonObject = JSON.parse(JSON.stringify(added.data));
  return { ...added, data, lastUsedAt: null, disabledAt: null };
}

function setupRun(kind: AuthenticatorKindDefinition, stage: StageKindDefinition, user: FlowUser): StageRun {
  const config = jsonObject.parse(stage.config.parse(requiredSample(stage.config)));
  const { run } = agreeableRun(stage.name, config);
  const services = {
    ...run.services,
    authenticators: {
      ...run.services.authenticators,
      tools,
      kind: () => kind,
      byKey: async () => undefined,
    },
  };
  return { ...run, services, user: async () => user, authenticators: async () => [] };
}

/** The code in a mail or a text message. */
function codeIn(effects: readonly Effect[]): string {
  for (const effect of effects)
    if (effect.type === 'sendMail' || effect.type === 'sendText') {
      const secrets: Readonly<Record<string, Secret>> = effect.secrets;
      const { code } = secrets;
      if (code) return code.reveal();
    }
  return '';
}
