import { z } from 'zod';

import type { Proof } from '../../flow/proof.js';
import { passkeyHints, userVerifications } from '../../flow/authenticator-kind.js';
import { aaguid } from '../../flow/passkey-words.js';

/** What is noted of a passkey or security key. */
export const passkeyData = z.strictObject({
  /** In base64url, as everything else that is bytes. */
  credentialId: z.string(),
  /** As COSE writes it. */
  publicKey: z.string(),
  /** How the browser reaches it. */
  transports: z.array(z.string()),
  /** Which model it says that it is; all zeros where it does not say. */
  aaguid: z.string(),
  attestationFormat: z.string(),
  /** Whether its maker vouches for the model. */
  attested: z.boolean(),
  /** Whether it can be copied to other devices. That never changes. */
  backupEligible: z.boolean(),
  /** Whether it has been, when it was last used. */
  backedUp: z.boolean(),
  /** Whether its person has unlocked it when it was made. */
  userVerified: z.boolean(),
  /** For whom it was made. */
  rpId: z.string(),
});

export type PasskeyData = z.infer<typeof passkeyData>;

/** What a setup stage can decide. */
export const setupOptions = z.strictObject({
  userVerification: z.enum(userVerifications),
  residentKey: z.enum(userVerifications),
  authenticatorAttachment: z.enum(['PLATFORM', 'CROSS_PLATFORM']).nullable(),
  hints: z.array(z.enum(passkeyHints)),
  attestation: z.enum(['NONE', 'DIRECT']),
  allowedModels: z.array(aaguid),
  /** Certificates in PEM. */
  attestationRoots: z.array(z.string()),
  /** How many failures end it; 0 for any number. */
  maxAttempts: z.int().min(0),
});

export type SetupOptions = z.infer<typeof setupOptions>;

/** By which a passkey is found, whosever it is. */
export function keyOfCredential(credentialId: string): string {
  return `webauthn:${credentialId}`;
}

/** What is shown by a passkey: that its person has it, and, where it was unlocked, that it is them. */
export function proofsOf(backupEligible: boolean, userVerified: boolean): Proof[] {
  return [backupEligible ? 'swk' : 'hwk', ...(userVerified ? (['user'] as const) : [])];
}
