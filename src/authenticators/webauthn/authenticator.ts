import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { responseError } from '../../flow/outcome.js';
import { defineAuthenticator } from '../define.js';
import type { Typed, TypedSetupRun } from '../define.js';
import { credentialIdIn } from './answer.js';
import { asserted } from './assertion.js';
import { keyOfCredential, passkeyData, proofsOf, setupOptions } from './data.js';
import type { PasskeyData, SetupOptions } from './data.js';
import { creationOptions, requestOptions } from './options.js';
import { registered } from './registration.js';

const errors = {
  INVALID_PASSKEY: 'This passkey could not be set up here.',
  USER_NOT_VERIFIED: 'The passkey has to be unlocked: with a PIN, a finger or a face.',
  MODEL_NOT_ALLOWED: 'Passkeys of this model cannot be used here. Please ask an administrator which can.',
} as const;

/** What an authenticator says that does not say which model it is. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

const passkey = z.record(z.string(), z.json());

type SetupError = keyof typeof errors;

export const webAuthnAuthenticator = defineAuthenticator({
  name: 'WEBAUTHN',
  description: 'A passkey, or a security key (WebAuthn).',
  answeredBy: 'PASSKEY',
  data: passkeyData,
  options: setupOptions,
  response: z.strictObject({ passkey }),
  setupKept: z.strictObject({ challenge: z.string(), failures: z.int() }),
  checkKept: z.strictObject({
    challenge: z.string(),
    /** Whether anybody's passkey may answer, and has to say whose it is. */
    isAnybodys: z.boolean(),
  }),

  hint: () => null,

  keyOf(answer) {
    const id = 'passkey' in answer ? credentialIdIn(answer.passkey) : undefined;
    return id === undefined ? undefined : keyOfCredential(id);
  },

  facts: ({ data }) => ({ model: data.aaguid === NO_MODEL ? null : data.aaguid, backedUp: data.backedUp }),

  meets: ({ data }, { allowedModels }, { relyingParty }) =>
    data.rpId === relyingParty.id &&
    (allowedModels.length === 0 || (data.attested && allowedModels.includes(data.aaguid))),

  async begin(run, options) {
    return { type: 'step', step: { ...asking(run, options, 0), effects: [] } };
  },

  async setUp(run, options, { challenge, failures }, response) {
    const { tools, now } = run;
    const { attestationRoots } = options;
    const made = await registered({ passkey: response.passkey, challenge, attestationRoots, tools, now });
    const problem = made ? problemWith(made.data, options) : 'INVALID_PASSKEY';
    if (!made || problem) return refused(run, options, failures + 1, problem ?? 'INVALID_PASSKEY');
    const { data, counter } = made;
    return {
      type: 'done',
      proofs: proofsOf(data.backupEligible, data.userVerified),
      authenticator: {
        ...{ name: nameOf(data), data, secret: null, counter, uniqueKey: keyOfCredential(data.credentialId) },
        ...{ codes: [], verifiesUser: data.userVerified, stageId: null, replaces: false },
      },
    };
  },

  async request({ person, tools }, authenticators, { userVerification, hints }) {
    const challenge = tools.chance.token().reveal();
    const allowed = credentialsHere(authenticators, tools.relyingParty.id);
    // Asked without any named, anybody's would answer.
    if (person && allowed.length === 0) return { type: 'unavailable' };
    const { relyingParty } = tools;
    const shown = requestOptions({ relyingParty, challenge, allowed, userVerification, hints });
    return { type: 'requested', shown, kept: { challenge, isAnybodys: person === null }, effects: [] };
  },

  async check({ tools }, authenticator, answer, kept, { userVerification }) {
    const { data, counter, userId } = authenticator;
    const shown =
      'passkey' in answer && kept
        ? await asserted({
            ...{ passkey: answer.passkey, challenge: kept.challenge, namesPerson: kept.isAnybodys },
            ...{ userId, credential: data, counter, relyingParty: tools.relyingParty },
            userVerificationRequired: userVerification === 'REQUIRED',
          })
        : undefined;
    if (!shown) return { type: 'wrong', code: 'INVALID_PASSKEY' };
    return {
      type: 'right',
      // Where it was not unlocked when it was set up, whoever has it now may have given it its PIN.
      proofs: proofsOf(data.backupEligible, data.userVerified && shown.userVerified),
      // Most passkeys do not count.
      counter: shown.counter === 0 ? null : shown.counter,
      code: null,
      data: shown.backedUp === data.backedUp ? null : { ...data, backedUp: shown.backedUp },
    };
  },
});

/** A challenge is good for one answer. */
function asking(
  { person, brandName, existing, tools }: TypedSetupRun<PasskeyData>,
  options: SetupOptions,
  failures: number,
): { readonly shown: JsonObject; readonly kept: { readonly challenge: string; readonly failures: number } } {
  const { relyingParty, chance } = tools;
  const challenge = chance.token().reveal();
  const creation = { relyingParty, brandName, person, challenge, options };
  const made = creationOptions({ ...creation, existing: credentialsHere(existing, relyingParty.id) });
  return { shown: { options: made }, kept: { challenge, failures } };
}

function refused(run: TypedSetupRun<PasskeyData>, options: SetupOptions, failures: number, code: SetupError) {
  if (failures === options.maxAttempts) {
    return {
      type: 'denied',
      message: 'No passkey could be set up in as many attempts as there are.',
    } as const;
  }
  const error = responseError('passkey', code, errors[code]);
  return { type: 'refused', errors: [error], step: asking(run, options, failures) } as const;
}

function problemWith(
  { userVerified, attested, aaguid }: PasskeyData,
  { userVerification, allowedModels }: SetupOptions,
): SetupError | undefined {
  if (userVerification === 'REQUIRED' && !userVerified) return 'USER_NOT_VERIFIED';
  const isAllowed = allowedModels.length === 0 || (attested && allowedModels.includes(aaguid));
  return isAllowed ? undefined : 'MODEL_NOT_ALLOWED';
}

/** Those that were made for us: a browser finds no others here. */
function credentialsHere(owned: readonly Typed<PasskeyData>[], rpId: string): PasskeyData[] {
  return owned.map(({ data }) => data).filter((data) => data.rpId === rpId);
}

function nameOf({ transports, backupEligible }: PasskeyData): string {
  const isKey = !backupEligible && !transports.includes('internal') && !transports.includes('hybrid');
  return isKey ? 'Security key' : 'Passkey';
}
