import speakeasy from 'speakeasy';

import type { Secret } from '../../kernel/secret.js';

/** How long one code is good. */
export const STEP_SECONDS = 30;

export type Digits = 6 | 8;

/**
 * The code of one step, by a secret in base32 (RFC 6238). The only file that knows speakeasy, which is maintained no longer:
 * it works out one code, and nothing else of it is relied on.
 */
export function codeAt(secret: Secret, digits: Digits, step: number): string {
  return speakeasy.hotp({ secret: secret.reveal(), encoding: 'base32', counter: step, digits });
}
