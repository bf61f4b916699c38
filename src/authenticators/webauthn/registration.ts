import { verifyRegistrationResponse } from '@simplewebauthn/server';

import type { JsonObject } from '../../kernel/json.js';
import type { AuthenticatorTools } from '../../flow/authenticator-kind.js';
import { creationAnswer, isOfTopLevel } from './answer.js';
import { attestationIn, isAttested, isExaminable } from './attestation.js';
import type { PasskeyData } from './data.js';
import { algorithms } from './options.js';

export interface Registered {
  readonly data: PasskeyData;
  /** How often it has been used, where it counts. */
  readonly counter: number;
}

interface Registering {
  readonly passkey: JsonObject;
  readonly challenge: string;
  /** Besides those that are known. */
  readonly attestationRoots: readonly string[];
  readonly tools: AuthenticatorTools;
  readonly now: Date;
}

/**
 * The passkey that was made for this challenge, here; undefined where the answer is anything else. The library refuses by
 * throwing, and so does whatever decodes what a client has made up.
 */
export async function registered(registering: Registering): Promise<Registered | undefined> {
  const answer = creationAnswer.safeParse(registering.passkey);
  if (!answer.success) return undefined;
  try {
    return await verified(answer.data, registering);
  } catch {
    return undefined;
  }
}

async function verified(
  { id, rawId, type, response }: ReturnType<typeof creationAnswer.parse>,
  { challenge, attestationRoots, tools, now }: Registering,
): Promise<Registered | undefined> {
  const { relyingParty } = tools;
  if (!isOfTopLevel(response.clientDataJSON)) return undefined;
  const attestation = attestationIn(response.attestationObject);
  if (!isExaminable(attestation, tools, now)) return undefined;
  const { verified: isRight, registrationInfo: made } = await verifyRegistrationResponse({
    response: { id, rawId, type, response: { ...response, transports: [] }, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: [...relyingParty.origins],
    expectedRPID: relyingParty.id,
    // Whoever asks sees whether it was unlocked, and says what is wrong where it had to be.
    requireUserVerification: false,
    supportedAlgorithmIDs: [...algorithms],
  });
  if (!isRight || made.credential.id !== id) return undefined;
  const data: PasskeyData = {
    credentialId: id,
    publicKey: Buffer.from(made.credential.publicKey).toString('base64url'),
    transports: response.transports,
    aaguid: made.aaguid,
    attestationFormat: attestation.format,
    attested: isAttested(attestation, made.aaguid, attestationRoots, tools, now),
    backupEligible: made.credentialDeviceType === 'multiDevice',
    backedUp: made.credentialBackedUp,
    userVerified: made.userVerified,
    rpId: relyingParty.id,
  };
  return { data, counter: made.credential.counter };
}
