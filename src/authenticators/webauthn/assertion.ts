import { verifyAuthenticationResponse } from '@simplewebauthn/server';

import type { JsonObject } from '../../kernel/json.js';
import type { RelyingParty } from '../../flow/authenticator-kind.js';
import { isOfTopLevel, requestAnswer } from './answer.js';
import type { PasskeyData } from './data.js';
import { userHandleOf } from './options.js';

export interface Asserted {
  readonly userVerified: boolean;
  readonly backedUp: boolean;
  /** How often it has been used; 0 where it does not count. */
  readonly counter: number;
}

interface Asserting {
  readonly passkey: JsonObject;
  readonly challenge: string;
  /** Whether the passkey itself has to say whose it is. */
  readonly namesPerson: boolean;
  readonly userId: string;
  readonly credential: PasskeyData;
  readonly counter: number;
  readonly relyingParty: RelyingParty;
  readonly userVerificationRequired: boolean;
}

/** What the passkey has shown by signing this challenge, here; undefined where it has not. */
export async function asserted(asserting: Asserting): Promise<Asserted | undefined> {
  const answer = requestAnswer.safeParse(asserting.passkey);
  if (!answer.success) return undefined;
  try {
    return await verified(answer.data, asserting);
  } catch {
    return undefined;
  }
}

async function verified(
  { id, rawId, type, response }: ReturnType<typeof requestAnswer.parse>,
  { challenge, namesPerson, userId, credential, counter, relyingParty, userVerificationRequired }: Asserting,
): Promise<Asserted | undefined> {
  const { userHandle, ...signed } = response;
  const isHandleRight = userHandle == null ? !namesPerson : userHandle === userHandleOf(userId);
  if (id !== credential.credentialId || credential.rpId !== relyingParty.id) return undefined;
  if (!isHandleRight || !isOfTopLevel(response.clientDataJSON)) return undefined;
  const { verified: isRight, authenticationInfo: shown } = await verifyAuthenticationResponse({
    response: { id, rawId, type, response: signed, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: [...relyingParty.origins],
    expectedRPID: relyingParty.id,
    credential: { id, publicKey: new Uint8Array(Buffer.from(credential.publicKey, 'base64url')), counter },
    requireUserVerification: userVerificationRequired,
  });
  // Whether a passkey can be copied is decided when it is made.
  const isSameDevice = (shown.credentialDeviceType === 'multiDevice') === credential.backupEligible;
  if (!isRight || !isSameDevice) return undefined;
  return {
    userVerified: shown.userVerified,
    backedUp: shown.credentialBackedUp,
    counter: shown.newCounter,
  };
}
