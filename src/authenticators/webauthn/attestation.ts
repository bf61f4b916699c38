import { SettingsService } from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';

import type { AuthenticatorTools } from '../../flow/authenticator-kind.js';

/** What an authenticator says of itself when it makes a passkey. */
export interface Attestation {
  readonly format: string;
  /** The certificate that its statement is signed with, and those that vouch for it, in DER; none where it has none. */
  readonly chain: readonly Uint8Array[];
}

/** Reads an attestation object in base64url. Throws where it is none. */
export function attestationIn(attestationObject: string): Attestation {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const chain = decoded.get('attStmt').get('x5c') ?? [];
  if (!Array.isArray(chain) || !chain.every((certificate) => certificate instanceof Uint8Array)) {
    throw new Error('The certificates are none.');
  }
  return { format: decoded.get('fmt'), chain };
}

/**
 * Those formats in which a platform vouches for the key, and the operating system, not the chip, says which model it is:
 * they vouch for these models, and for no other. Else an Android app could claim to be a security key.
 */
const platformModels: Readonly<Record<string, readonly string[]>> = {
  apple: ['f24a8e70-d0d3-f82c-2937-32523cc4de5a', 'dd4ec289-e01d-41c9-bb89-70fa845d4bf2'],
  'android-key': ['b93fd961-f2e6-462f-b122-82002247de78'],
  tpm: ['08987058-cadc-4b81-b6e1-30de50dcbe96'],
};

/** Formats whose roots are known: Apple's and Google's. An administrator's count for the others. */
const builtInFormats = ['apple', 'android-key'] as const;
const builtInRoots = new Map<string, readonly string[]>(
  builtInFormats.map((format) => [format, SettingsService.getRootCertificates({ identifier: format })]),
);

const knownFormats = ['none', 'packed', 'tpm', 'fido-u2f', ...builtInFormats];

/**
 * Whether the library may look at it. It asks the addresses that certificates name for revoked ones: so it gets only
 * those of these two formats whose root is known, before it follows what somebody has made up.
 */
export function isExaminable({ format, chain }: Attestation, tools: AuthenticatorTools, at: Date): boolean {
  const roots = builtInRoots.get(format);
  if (!roots) return knownFormats.includes(format);
  return tools.isCertified(chain, roots, at);
}

/** Whether somebody who is trusted vouches for this model. */
export function isAttested(
  { format, chain }: Attestation,
  model: string,
  given: readonly string[],
  tools: AuthenticatorTools,
  at: Date,
): boolean {
  const models = platformModels[format];
  if (models && !models.includes(model)) return false;
  return tools.isCertified(chain, builtInRoots.get(format) ?? given, at);
}
