import type { FlowUser } from './services/users.js';
import type { Proof } from './proof.js';

/** What somebody has, as far as it counts for that: neither e-mail nor a telephone does (NIST SP 800-63B-4, 3.1.3). */
const possession: readonly Proof[] = ['otp', 'recovery-code', 'hwk', 'swk'];
const passkey: readonly Proof[] = ['hwk', 'swk'];

/**
 * How sure a session can be of its person (NIST SP 800-63B-4), from what was verified and nothing else: 2 takes a
 * password and something that the person has, or a passkey that was unlocked by something they know or are.
 */
export function assuranceLevel(proofs: readonly Proof[]): number {
  const has = (wanted: readonly Proof[]): boolean => wanted.some((proof) => proofs.includes(proof));
  if (has(passkey) && has(['user'])) return 2;
  if (has(possession) && has(['pwd'])) return 2;
  return proofs.some((proof) => proof !== 'remembered') ? 1 : 0;
}

/**
 * How sure a session has to be for what asks for the strongest proof: as sure as its person could make it, by what they have
 * set up. What is disabled counts as well: whoever is wrong often enough would be rid of it otherwise. What cannot be
 * reached without a password is not asked of whoever has none.
 */
export function demandedLevel({ authenticators, hasPassword }: AssuredPerson): number {
  const reaches = authenticators.some(({ kind, verifiesUser }) => {
    const counts = kind === 'TOTP' || kind === 'STATIC' || kind === 'WEBAUTHN';
    return (counts && hasPassword) || (kind === 'WEBAUTHN' && verifiesUser);
  });
  return reaches ? 2 : 1;
}

type AssuredPerson = Pick<FlowUser, 'authenticators' | 'hasPassword'>;
