import type { JsonObject } from '../../kernel/json.js';
import type { PasskeyHint, RelyingParty } from '../../flow/authenticator-kind.js';
import type { PasskeyData, SetupOptions } from './data.js';

/** How long the browser waits for the person: what WebAuthn recommends (section 15.1). */
const TIMEOUT_MILLISECONDS = 300_000;

/** What signatures are taken, the dearest first: ES256, EdDSA, ES384, ES512, RS256. */
export const algorithms: readonly number[] = [-7, -8, -35, -36, -257];

interface Creation {
  readonly relyingParty: RelyingParty;
  readonly brandName: string;
  readonly person: { readonly id: string; readonly username: string; readonly name: string };
  readonly challenge: string;
  readonly existing: readonly PasskeyData[];
  readonly options: SetupOptions;
}

/** As `PublicKeyCredential.parseCreationOptionsFromJSON` takes them. */
export function creationOptions(creation: Creation): JsonObject {
  const { relyingParty, brandName, person, challenge, existing, options } = creation;
  const { hints, residentKey } = options;
  const attachment = attachmentOf(options);
  return {
    rp: { id: relyingParty.id, name: brandName },
    user: {
      id: userHandleOf(person.id),
      name: person.username,
      displayName: person.name === '' ? person.username : person.name,
    },
    challenge,
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: TIMEOUT_MILLISECONDS,
    excludeCredentials: existing.map(descriptorOf),
    authenticatorSelection: {
      residentKey: small(residentKey),
      // What browsers knew before there was `residentKey`.
      requireResidentKey: residentKey === 'REQUIRED',
      userVerification: small(options.userVerification),
      ...(attachment && { authenticatorAttachment: small(attachment) }),
    },
    attestation: isAttestationAsked(options) ? 'direct' : 'none',
    ...hintsOf(hints),
    extensions: { credProps: true },
  };
}

interface Request {
  readonly relyingParty: RelyingParty;
  readonly challenge: string;
  /** Which passkeys may answer; none for any that says itself whose it is. */
  readonly allowed: readonly PasskeyData[];
  readonly userVerification: SetupOptions['userVerification'];
  readonly hints: readonly PasskeyHint[];
}

/** As `PublicKeyCredential.parseRequestOptionsFromJSON` takes them. */
export function requestOptions(request: Request): JsonObject {
  const { relyingParty, challenge, allowed, userVerification, hints } = request;
  return {
    rpId: relyingParty.id,
    challenge,
    timeout: TIMEOUT_MILLISECONDS,
    allowCredentials: allowed.map(descriptorOf),
    userVerification: small(userVerification),
    ...hintsOf(hints),
  };
}

/** By what a passkey names its person: nothing that tells anybody who they are. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** A model counts only where its maker vouches for it. */
export function isAttestationAsked({ attestation, allowedModels }: SetupOptions): boolean {
  return attestation === 'DIRECT' || allowedModels.length > 0;
}

/** For browsers that know no hints: the form that all of them name. */
function attachmentOf({ authenticatorAttachment, hints }: SetupOptions) {
  if (authenticatorAttachment !== null || hints.length === 0) return authenticatorAttachment;
  if (hints.every((hint) => hint === 'CLIENT_DEVICE')) return 'PLATFORM';
  return hints.includes('CLIENT_DEVICE') ? null : 'CROSS_PLATFORM';
}

function hintsOf(hints: readonly PasskeyHint[]): JsonObject {
  return hints.length === 0 ? {} : { hints: hints.map(small) };
}

function descriptorOf({ credentialId, transports }: PasskeyData): JsonObject {
  return { type: 'public-key', id: credentialId, transports };
}

/** As WebAuthn writes words: `CROSS_PLATFORM` is `cross-platform`. */
function small(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
}
